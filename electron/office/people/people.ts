import type { Updateable } from 'kysely'
import { z } from 'zod'
import type { PersonTable } from '../../store/schema.ts'
import type { Reader, Writer } from '../../store/store.ts'
import { appendEvent, type Doer, doerOf, type NewAuditEvent, startChain } from '../audit/chain.ts'
import { isClockRight } from '../audit/clock.ts'
import { officeFacts, personFacts, settingFacts } from '../audit/facts.ts'
import { OfficeError } from '../errors.ts'
import { fromJson, type OfficeParts, parseInput } from '../parts.ts'
import type { PeopleService } from '../service.ts'
import { type OfficeSettings, officeSettingsSchema } from '../settings.ts'
import { pngSize } from '../signing/picture.ts'
import { typedText } from '../typed-text.ts'
import type { Actor, OfficeView, PersonView, Role } from '../types.ts'
import { personOf, personView, readPerson, requireRole, rolesSchema } from './access.ts'
import { hashPassword, isPassword } from './password.ts'
import { createPasswordTries, isWorthAnEvent, type KeptTries } from './password-tries.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const newPersonSchema = z.strictObject({
  name: typedText,
  roles: rolesSchema.min(1),
  signerTitle: z.array(typedText).max(4).default([]),
  certificateSha256: sha256.nullable().default(null),
})

const foundingSchema = z.strictObject({ officeName: typedText, name: typedText })
const officeNameSchema = z.strictObject({ name: typedText })

const personChangeSchema = z.strictObject({
  name: typedText.optional(),
  roles: rolesSchema.min(1).optional(),
  signerTitle: z.array(typedText).max(4).optional(),
  certificateSha256: sha256.nullable().optional(),
  active: z.boolean().optional(),
})

/** The office's settings, defaults filled in. */
export async function settingsOf(reader: Reader, officeId: string): Promise<OfficeSettings> {
  const rows = await reader.selectFrom('setting').select(['name', 'value']).where('office_id', '=', officeId).execute()
  return officeSettingsSchema.parse(
    Object.fromEntries(rows.map(({ name, value }) => [name, fromJson(z.json(), value)])),
  )
}

/** @throws OfficeError office-unknown */
export async function officeOf(reader: Reader, officeId: string) {
  const row = await reader.selectFrom('office').selectAll().where('office_id', '=', officeId).executeTakeFirst()
  if (!row) throw new OfficeError('office-unknown')
  return row
}

export function createPeopleService({ store, blobs, clock, newId, pause }: OfficeParts): PeopleService {
  const tryPassword = createPasswordTries(pause)

  async function readOffice(reader: Reader, officeId: string): Promise<OfficeView> {
    const row = await officeOf(reader, officeId)
    return {
      id: row.office_id,
      name: row.name,
      sealCertificateSha256: row.seal_certificate_sha256,
      hasSealImage: row.seal_image_sha256 !== null,
    }
  }

  const keptTries = ({ officeId, personId }: Actor): KeptTries => ({
    addWrong: () =>
      store.write(async writer => {
        const { wrong_passwords: wrong } = await writer
          .updateTable('person')
          .set(column => ({ wrong_passwords: column('wrong_passwords', '+', 1) }))
          .where('office_id', '=', officeId)
          .where('person_id', '=', personId)
          .returning('wrong_passwords')
          .executeTakeFirstOrThrow()
        const at = clock()
        // A clock in doubt keeps events out of the chain; the count it must not hold up.
        if (isWorthAnEvent(wrong) && (await isClockRight(writer, officeId, at))) {
          const event = { action: 'password-wrong', subject: personId, data: { count: wrong } }
          await appendEvent(writer, { officeId, actorId: null, at }, event)
        }
        return wrong
      }),
    forgive: async () => {
      const row = await store.reader
        .selectFrom('person')
        .select('wrong_passwords')
        .where('office_id', '=', officeId)
        .where('person_id', '=', personId)
        .executeTakeFirstOrThrow()
      if (row.wrong_passwords === 0) return
      await store.write(writer =>
        writer
          .updateTable('person')
          .set({ wrong_passwords: 0 })
          .where('office_id', '=', officeId)
          .where('person_id', '=', personId)
          .execute(),
      )
    },
  })

  /** @throws OfficeError password-wrong, person-unknown, person-inactive */
  async function checkPassword(actor: Actor, password: string | null): Promise<PersonView> {
    const person = await personOf(store.reader, actor)
    if (!person.hasPassword) return person
    // Whoever gives none has not guessed.
    if (password === null) throw new OfficeError('password-wrong')
    await tryPassword(person.id, keptTries(actor), async () => {
      const { password_hash: kept } = await store.reader
        .selectFrom('person')
        .select('password_hash')
        .where('office_id', '=', actor.officeId)
        .where('person_id', '=', actor.personId)
        .executeTakeFirstOrThrow()
      return kept === null || (await isPassword(password, kept))
    })
    return personOf(store.reader, actor)
  }

  const doer = (actor: Actor): Doer => doerOf(actor, clock())

  async function insert(
    writer: Writer,
    by: Doer,
    personId: string,
    person: z.infer<typeof newPersonSchema>,
  ): Promise<PersonView> {
    const row = await writer
      .insertInto('person')
      .values({
        office_id: by.officeId,
        person_id: personId,
        name: person.name,
        roles: JSON.stringify(person.roles),
        signer_title: JSON.stringify(person.signerTitle),
        certificate_sha256: person.certificateSha256,
        signature_image_sha256: null,
        active: 1,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await appendEvent(writer, by, { action: 'person-added', subject: personId, data: personFacts(row) })
    return personView(row)
  }

  /** Changes a person's row, with its event. @throws OfficeError person-unknown */
  async function write(
    writer: Writer,
    by: Doer,
    personId: string,
    values: Updateable<PersonTable>,
    event: Omit<NewAuditEvent, 'subject'>,
  ): Promise<PersonView> {
    const row = await writer
      .updateTable('person')
      .set(values)
      .where('office_id', '=', by.officeId)
      .where('person_id', '=', personId)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw new OfficeError('person-unknown')
    const data = { ...event.data, ...personFacts(row) }
    await appendEvent(writer, by, { action: event.action, subject: personId, data })
    return personView(row)
  }

  return {
    found: async (office, administrator) => {
      const { officeName, name } = parseInput(foundingSchema, { officeName: office.name, name: administrator.name })
      const actor: Actor = { officeId: newId(), personId: newId() }
      const at = clock()
      await store.write(async writer => {
        const founded = await writer
          .insertInto('office')
          .values({
            office_id: actor.officeId,
            name: officeName,
            seal_certificate_sha256: null,
            seal_image_sha256: null,
            created_at: at.toISOString(),
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        await startChain(writer, actor.officeId, at)
        const by = doerOf(actor, at)
        const data = officeFacts(founded)
        await appendEvent(writer, by, { action: 'office-founded', subject: actor.officeId, data })
        await insert(writer, by, actor.personId, {
          name,
          roles: ['admin'],
          signerTitle: [],
          certificateSha256: null,
        })
      })
      return actor
    },

    add: async (actor, input) => {
      const person = parseInput(newPersonSchema, input)
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        return insert(writer, doer(actor), newId(), person)
      })
    },

    change: async (actor, personId, input) => {
      const change = parseInput(personChangeSchema, input)
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const before = await readPerson(writer, actor.officeId, personId)
        const after = {
          name: change.name ?? before.name,
          roles: change.roles ?? before.roles,
          signerTitle: change.signerTitle ?? before.signerTitle,
          certificateSha256:
            change.certificateSha256 === undefined ? before.certificateSha256 : change.certificateSha256,
          active: change.active ?? before.active,
        }
        const values = {
          name: after.name,
          roles: JSON.stringify(after.roles),
          signer_title: JSON.stringify(after.signerTitle),
          certificate_sha256: after.certificateSha256,
          active: after.active ? 1 : 0,
        } as const
        const changed = await write(writer, doer(actor), personId, values, { action: 'person-changed' })
        await requireAdministrator(writer, actor.officeId)
        return changed
      })
    },

    setSignatureImage: async (actor, personId, png) => {
      pngSize(png)
      await requireRole(store.reader, actor, 'admin')
      const imageSha256 = await blobs.put(png)
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const values = { signature_image_sha256: imageSha256 }
        return write(writer, doer(actor), personId, values, { action: 'signature-image-set' })
      })
    },

    list: async actor => {
      await personOf(store.reader, actor)
      const rows = await store.reader
        .selectFrom('person')
        .selectAll()
        .where('office_id', '=', actor.officeId)
        .orderBy('name')
        .execute()
      return rows.map(personView)
    },

    setPassword: async (actor, personId, { current, next }) => {
      const own = personId === actor.personId
      if (own) await checkPassword(actor, current)
      else await requireRole(store.reader, actor, 'admin')
      const kept = next === null ? null : await hashPassword(next)
      return store.write(async writer => {
        if (!own) await requireRole(writer, actor, 'admin')
        return write(writer, doer(actor), personId, { password_hash: kept }, passwordEvent(kept))
      })
    },

    removePassword: (officeId, personId) =>
      store.write(writer =>
        write(
          writer,
          { officeId, actorId: null, at: clock() },
          personId,
          { password_hash: null },
          { ...passwordEvent(null), data: BY_OWNER },
        ),
      ),

    restoreAdministrator: (officeId, personId) =>
      store.write(async writer => {
        const { roles } = await readPerson(writer, officeId, personId)
        const values = { active: 1, roles: JSON.stringify([...new Set<Role>([...roles, 'admin'])]) } as const
        const by = { officeId, actorId: null, at: clock() }
        return write(writer, by, personId, values, { action: 'person-changed', data: BY_OWNER })
      }),

    admit: checkPassword,

    office: async actor => {
      await personOf(store.reader, actor)
      return readOffice(store.reader, actor.officeId)
    },

    rename: async (actor, typed) => {
      const { name } = parseInput(officeNameSchema, { name: typed })
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const before = await officeOf(writer, actor.officeId)
        const renamed = await writer
          .updateTable('office')
          .set({ name })
          .where('office_id', '=', actor.officeId)
          .returningAll()
          .executeTakeFirstOrThrow()
        await appendEvent(writer, doer(actor), {
          action: 'office-renamed',
          subject: actor.officeId,
          data: { before: before.name, ...officeFacts(renamed) },
        })
        return readOffice(writer, actor.officeId)
      })
    },

    setSeal: async (actor, seal) => {
      const certificateSha256 = parseInput(sha256, seal.certificateSha256)
      if (seal.png) pngSize(seal.png)
      await requireRole(store.reader, actor, 'admin')
      const newImage = seal.png ? await blobs.put(seal.png) : null
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const before = await officeOf(writer, actor.officeId)
        const imageSha256 = seal.png === undefined ? before.seal_image_sha256 : newImage
        const sealed = await writer
          .updateTable('office')
          .set({ seal_certificate_sha256: certificateSha256, seal_image_sha256: imageSha256 })
          .where('office_id', '=', actor.officeId)
          .returningAll()
          .executeTakeFirstOrThrow()
        await appendEvent(writer, doer(actor), {
          action: 'seal-set',
          subject: actor.officeId,
          data: officeFacts(sealed),
        })
        return readOffice(writer, actor.officeId)
      })
    },

    settings: async actor => {
      await personOf(store.reader, actor)
      return settingsOf(store.reader, actor.officeId)
    },

    changeSettings: async (actor, change) => {
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const before = await settingsOf(writer, actor.officeId)
        const after = parseInput(officeSettingsSchema, { ...before, ...change })
        for (const [name, setting] of Object.entries(after).filter(([each]) => each in change)) {
          const value = JSON.stringify(setting)
          const row = await writer
            .insertInto('setting')
            .values({ office_id: actor.officeId, name, value })
            .onConflict(conflict => conflict.columns(['office_id', 'name']).doUpdateSet({ value }))
            .returningAll()
            .executeTakeFirstOrThrow()
          await appendEvent(writer, doer(actor), { action: 'setting-changed', subject: name, data: settingFacts(row) })
        }
        return settingsOf(writer, actor.officeId)
      })
    },
  }
}

/** Not a person of the office: whoever has its files in hand, at the command line. */
const BY_OWNER = { by: 'owner-of-the-files' } as const

/** Asked in the transaction that changed somebody: two who take the right from each other leave one. @throws OfficeError last-administrator */
async function requireAdministrator(reader: Reader, officeId: string): Promise<void> {
  const active = await reader
    .selectFrom('person')
    .selectAll()
    .where('office_id', '=', officeId)
    .where('active', '=', 1)
    .execute()
  if (!active.map(personView).some(person => person.roles.includes('admin')))
    throw new OfficeError('last-administrator')
}

const passwordEvent = (kept: string | null) => ({ action: kept === null ? 'password-removed' : 'password-set' })
