import { findingExplainer } from '../finding-words.ts'
import { knownAction } from '../office/audit/actions.ts'
import type { Actor } from '../office/types.ts'
import type { ApiDesk, ApiHost } from './context.ts'
import {
  type CheckNews,
  checkJournalSchema,
  type JournalCheck,
  type JournalEvents,
  type JournalStateItem,
  journalQuerySchema,
} from './contract/journal.ts'
import { given } from './given.ts'
import type { JournalCheckKept } from './journal-checks.ts'
import { personProcedure, router } from './procedures.ts'
import { withProgress } from './progress.ts'

/** What the office has written down, and whether the register is still what that adds up to. For the administrator and the signer. */
export const journalRouter = router({
  events: personProcedure
    .input(journalQuerySchema)
    .query(async ({ ctx: { desk, actor }, input }): Promise<JournalEvents> => {
      const { entries, more } = await desk.office.audit.journal(actor, given(input))
      return {
        events: entries.map(({ at, action, ...entry }) => ({
          ...entry,
          at: at.toISOString(),
          action: knownAction(action),
          code: action,
        })),
        more,
      }
    }),

  state: personProcedure.query(async ({ ctx: { desk, actor, host } }): Promise<JournalStateItem> => {
    const state = await desk.office.audit.journalState(actor)
    const last = host.journalChecks.last(desk.officeId)
    return {
      ...state,
      lastAnchor: state.lastAnchor?.toISOString() ?? null,
      check: last && (await checkItem(host, desk, last)),
    }
  }),

  /** Reads the whole register again; changes nothing. `jobs.cancel` stops it. */
  check: personProcedure.input(checkJournalSchema).subscription(async function* ({
    ctx: { desk, actor, host, session },
    input,
    signal,
  }): AsyncGenerator<CheckNews> {
    yield* session.jobs.run(input.jobId, signal, stop => check(host, desk, actor, input.known, stop))
  }),

  /** Lets the time-stamp authority witness the journal's end now. @throws OfficeError timestamp-not-set; SigningError */
  anchor: personProcedure.mutation(async ({ ctx: { desk, actor } }): Promise<null> => {
    await desk.office.audit.anchorAsked(actor)
    return null
  }),
})

async function* check(
  host: ApiHost,
  desk: ApiDesk,
  actor: Actor,
  known: JournalCheckKept['known'],
  signal: AbortSignal,
): AsyncGenerator<CheckNews> {
  try {
    const verdict = yield* withProgress<CheckNews, Awaited<ReturnType<typeof desk.office.audit.verify>>>(tell =>
      desk.office.audit.verify(actor, {
        known: known ? [known] : [],
        signal,
        onFile: (done, all) => tell({ kind: 'files', done, all }),
      }),
    )
    const kept = { verdict, known, checkedAt: host.clock(), personId: actor.personId }
    host.journalChecks.keep(desk.officeId, kept)
    yield { kind: 'finished', check: await checkItem(host, desk, kept) }
  } catch (error) {
    if (!signal.aborted) throw error
    yield { kind: 'stopped' }
  }
}

async function checkItem(
  host: ApiHost,
  desk: ApiDesk,
  { verdict, known, checkedAt, personId }: JournalCheckKept,
): Promise<JournalCheck> {
  const explain = findingExplainer(host.language())
  const { intact, events, head, numbers, checked, findings } = verdict
  return {
    ...{ intact, events, head, numbers, checked },
    checkedAt: checkedAt.toISOString(),
    checkedBy: (await desk.people()).find(({ id }) => id === personId)?.name ?? '',
    comparedWith: known?.sequence ?? null,
    findings: findings.map(found => ({ ...explain(found), copyId: found.copyId })),
  }
}
