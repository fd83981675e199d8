import { explain } from '../messages.ts'
import type { BatchOutcome } from '../office/signing/batch.ts'
import type { Actor } from '../office/types.ts'
import type { ApiSession, ChosenToken, TokenChoice } from './context.ts'
import { findTokenSchema, type SigningNews, type SigningToken, signSchema, type TokenList } from './contract/signing.ts'
import { given } from './given.ts'
import { certificateItem, ItemMaker, tokenItem } from './items.ts'
import { personProcedure, router } from './procedures.ts'

const choiceOf = (choice: { module?: string | undefined; token?: string | undefined }): TokenChoice => given(choice)

/** Tokens and the two signatures. */
export const signingRouter = router({
  tokens: personProcedure.query(async ({ ctx: { desk, host } }): Promise<TokenList> => {
    const seen = await desk.tokens.list()
    return {
      tokens: seen.flatMap(each => ('slotId' in each ? [tokenItem(each)] : [])),
      faults: seen.flatMap(each =>
        'error' in each ? [{ module: each.module, error: explain(each.error, host.language()) }] : [],
      ),
    }
  }),

  /** The token that this person's signature (or the seal) needs, judged before any PIN. */
  findToken: personProcedure
    .input(findTokenSchema)
    .query(async ({ ctx: { desk, actor, session }, input }): Promise<SigningToken> => {
      const chosen = await found(session, desk.findToken(actor, input.kind, choiceOf(input.choice)))
      const { token, certificate } = chosen
      const held = session.token.holds(heldAs(actor, chosen))
      return { token: tokenItem(token), certificate: certificateItem(certificate), held }
    }),

  /** Lets go of a token that is held. A query by name only: nothing in the office changes, so no window is told. */
  forgetPin: personProcedure.query(async ({ ctx: { session } }): Promise<null> => {
    await session.token.release()
    return null
  }),

  /** One PIN, many copies, or the token that is held. The PIN is turned into bytes here, used for one login, and wiped. */
  sign: personProcedure.input(signSchema).subscription(async function* ({
    ctx: { desk, actor, host, session },
    input,
    signal,
  }): AsyncGenerator<SigningNews> {
    const pin = input.pin === null ? null : Buffer.from(input.pin, 'utf8')
    try {
      yield* session.jobs.run(input.jobId, signal, async function* (stop): AsyncGenerator<SigningNews> {
        const chosen = await found(session, desk.findToken(actor, input.kind, choiceOf(input.choice)))
        const key = heldAs(actor, chosen)
        const { lastTryConfirmed } = input
        const login = { pin, lastTryConfirmed, keepPin: input.keepPin === 'batch' }
        // Without a PIN the held token is meant; a reader with keys of its own asks for it.
        const isHeld = pin === null && (session.token.holds(key) || !chosen.token.pinPad)
        const open = isHeld ? null : () => desk.tokens.open(chosen, login)
        const signing = session.token.use(key, { open, hold: input.keepPin === 'session' }, token =>
          desk.signWith(token, actor, input.copies, input.kind, chosen, stop),
        )
        yield { kind: 'started', total: input.copies.length }
        const count = { done: 0, failed: 0, 'not-tried': 0 }
        for await (const outcome of signing) {
          // Pulled out or asleep it has forgotten its login.
          if (outcome.result === 'failed' && desk.tokens.isFault(outcome.error)) await session.token.release()
          count[outcome.result]++
          if (outcome.result === 'done') host.changes.tell({ subject: 'copies' })
          yield await news(outcome, new ItemMaker(desk, actor), host.language())
        }
        yield { kind: 'finished', done: count.done, failed: count.failed, notTried: count['not-tried'] }
      })
    } finally {
      pin?.fill(0)
    }
  }),
})

/** A token is held for one person and one certificate; another token in its place is another one. */
const heldAs = (actor: Actor, { token, certificate }: ChosenToken): string =>
  JSON.stringify([
    ...[actor.officeId, actor.personId, certificate.sha256],
    ...[token.module, token.slotId, token.serialNumber],
  ])

/** What is no longer found is no longer held. */
function found(session: ApiSession, finding: Promise<ChosenToken>): Promise<ChosenToken> {
  return finding.catch(async (error: unknown) => {
    await session.token.release()
    throw error
  })
}

async function news(
  outcome: BatchOutcome,
  items: ItemMaker,
  language: Parameters<typeof explain>[1],
): Promise<SigningNews> {
  const { copyId } = outcome
  switch (outcome.result) {
    case 'done':
      return { kind: 'copy', copyId, result: 'done', copy: await items.copy(outcome.copy) }
    case 'failed':
      return { kind: 'copy', copyId, result: 'failed', error: explain(outcome.error, language) }
    case 'not-tried':
      return { kind: 'copy', copyId, result: 'not-tried' }
  }
}
