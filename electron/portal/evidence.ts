import type { Exchange } from './adapter.ts'
import { PortalError } from './errors.ts'
import type { PortalAnswer, PortalRequest } from './http.ts'

/** What of a request may stand in the evidence. */
export interface Shown {
  /** Instead of the body: a file named by its hash, or nothing. */
  readonly request: string | null
  /** False where the answer itself is a secret. */
  readonly answer: boolean
}

/** Longer answers (a firewall's page, a list that nobody asked for) are evidence by their beginning. */
const LONGEST = 16_384

/** Sends a request and keeps it with its answer, or with the reason why there is none, before anybody acts on it. */
export async function recorded(
  request: PortalRequest,
  shown: Shown,
  parts: {
    readonly send: (request: PortalRequest) => Promise<PortalAnswer>
    readonly record: (exchange: Exchange) => Promise<void>
    readonly clock: () => Date
    /** Values that never reach the evidence, wherever they stand. */
    readonly secrets: readonly string[]
  },
): Promise<PortalAnswer> {
  const sentAt = parts.clock()
  const begun = performance.now()
  const clean = (text: string) =>
    parts.secrets
      .filter(secret => secret !== '')
      .reduce((cleaned, secret) => cleaned.replaceAll(secret, '…'), text)
      .slice(0, LONGEST)
  const keep = (outcome: Pick<Exchange, 'status' | 'answer' | 'errorCode'>) =>
    parts.record({
      step: request.step,
      method: request.method,
      address: clean(request.url),
      sentAt,
      milliseconds: Math.round(performance.now() - begun),
      request: shown.request === null ? null : clean(shown.request),
      ...outcome,
    })

  let answer: PortalAnswer
  try {
    answer = await parts.send(request)
  } catch (error) {
    await keep({ status: null, answer: null, errorCode: error instanceof PortalError ? error.code : 'unexpected' })
    throw error
  }
  await keep({ status: answer.status, answer: shown.answer ? clean(answer.text) : null, errorCode: null })
  return answer
}
