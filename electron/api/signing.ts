import { explain } from '../messages.ts'
import type { BatchOutcome } from '../office/signing/batch.ts'
import type { TokenChoice } from './context.ts'
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
    .query(async ({ ctx: { desk, actor }, input }): Promise<SigningToken> => {
      const { token, certificate } = await desk.findToken(actor, input.kind, choiceOf(input.choice))
      return { token: tokenItem(token), certificate: certificateItem(certificate) }
    }),

  /** One PIN, many copies. The PIN is turned into bytes here, used for one login, and wiped. */
  sign: personProcedure.input(signSchema).subscription(async function* ({
    ctx: { desk, actor, host, session },
    input,
    signal,
  }): AsyncGenerator<SigningNews> {
    const pin = input.pin === null ? null : Buffer.from(input.pin, 'utf8')
    try {
      yield* session.jobs.run(input.jobId, signal, async function* (stop): AsyncGenerator<SigningNews> {
        const chosen = await desk.findToken(actor, input.kind, choiceOf(input.choice))
        yield { kind: 'started', total: input.copies.length }
        const count = { done: 0, failed: 0, 'not-tried': 0 }
        const batch = desk.signBatch(actor, input.copies, input.kind, chosen, pin, {
          lastTryConfirmed: input.lastTryConfirmed,
          keepPin: input.keepPin,
          signal: stop,
        })
        for await (const outcome of batch) {
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
