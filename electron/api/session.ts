import { OfficeError } from '../office/errors.ts'
import type { Change, SessionState, WorkWaiting } from './contract/session.ts'
import { beginSessionSchema, changeLanguageSchema, foundOfficeSchema } from './contract/session.ts'
import { getUp } from './get-up.ts'
import { personItem } from './items.ts'
import { anyProcedure, deskProcedure, personProcedure, router } from './procedures.ts'

/** Who works at this window, and what the window is told by itself. */
export const sessionRouter = router({
  state: anyProcedure.query(async ({ ctx: { host, session } }): Promise<SessionState> => {
    const { programVersion } = host
    const language = host.language()
    const desk = host.desk()
    if (!desk) return { programVersion, language, office: null, person: null }
    const people = await desk.people()
    const person = people.find(each => each.id === session.actor?.personId && each.active)
    // The office's name is read as whoever is active: the first screen shows it before anybody is chosen.
    const reader = person ?? people.find(each => each.active)
    if (!reader) throw new OfficeError('person-unknown')
    const office = await desk.office.people.office({ officeId: desk.officeId, personId: reader.id })
    return {
      programVersion,
      language,
      office: { id: office.id, name: office.name, practice: host.deskSettings().practice },
      person: person ? personItem(person) : null,
    }
  }),

  /** Everybody who may choose to work here. */
  people: deskProcedure.query(async ({ ctx }) =>
    (await ctx.desk.people()).filter(person => person.active).map(personItem),
  ),

  begin: deskProcedure.input(beginSessionSchema).mutation(async ({ ctx, input }) => {
    const actor = { officeId: ctx.desk.officeId, personId: input.personId }
    const person = await ctx.desk.office.people.admit(actor, input.password)
    await getUp(ctx.session)
    ctx.session.actor = actor
    return personItem(person)
  }),

  end: anyProcedure.mutation(({ ctx }) => getUp(ctx.session)),

  setLanguage: anyProcedure
    .input(changeLanguageSchema)
    .mutation(({ ctx, input }) => ctx.host.setLanguage(input.language)),

  /** First start: makes the office; its administrator works here from then on. */
  found: anyProcedure.input(foundOfficeSchema).mutation(async ({ ctx, input }) => {
    ctx.session.actor = await ctx.host.found(input)
  }),

  changes: anyProcedure.subscription(async function* ({ ctx, signal }): AsyncGenerator<Change> {
    yield* ctx.host.changes.follow(signal)
  }),

  work: personProcedure.subscription(async function* ({ ctx, signal }): AsyncGenerator<WorkWaiting> {
    const { desk, actor } = ctx
    const queue = () => desk.office.copies.queue(actor)
    // Following begins before the first look, so nothing falls between.
    const changes = ctx.host.changes.follow(signal)
    let next = changes.next()
    let known = new Set<string>()
    for (let first = true; ; first = false) {
      const copies = await queue()
      const arrived = first ? [] : copies.filter(copy => !known.has(copy.id))
      known = new Set(copies.map(copy => copy.id))
      yield { waiting: copies.length, arrived: arrived.map(copy => ({ copyId: copy.id, title: copy.title })) }
      if ((await next).done) return
      next = changes.next()
    }
  }),
})
