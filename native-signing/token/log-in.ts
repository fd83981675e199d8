import type { SigningError } from '../errors.ts'
import type { TokenInfo } from '../types.ts'
import { type ModuleHost, usualDeadlines } from './host.ts'
import { attemptsKey, type ModuleOptions } from './list-tokens.ts'
import { answerSchemas, type LoginOutcome, type Question, type RefusedLogin } from './messages.ts'
import { checkBeforeLogin, judgeFailedLogin } from './pin.ts'
import type { PinAttempts } from './pin-attempts.ts'

export interface LoginOptions extends Pick<ModuleOptions, 'attempts' | 'deadlines'> {
  /** UTF-8. Null: it is typed on the reader. */
  readonly pin: Uint8Array | null
  /** A person has said yes to spending the last try; without it no login is tried in that state. */
  readonly lastTryConfirmed?: boolean | undefined
}

/**
 * One login on this token, never more, after a look at its PIN's state.
 * @throws SigningError pin-length, pin-last-try, pin-locked, pin-not-set, pin-incorrect (`state`: what the next wrong one costs),
 *   signing-cancelled (on the reader), token-removed, token-failed
 */
export async function logIn(
  host: ModuleHost,
  token: TokenInfo,
  options: LoginOptions & { readonly writable: boolean; readonly keepPin: boolean },
): Promise<void> {
  const { pin, writable, keepPin } = options
  checkBeforeLogin(token, pin, options.lastTryConfirmed ?? false)
  await spendTry(host, token, { call: 'login', slotId: token.slotId, pin, writable, keepPin }, options)
}

/** Another login with the PIN that the module's process has kept; it is wiped by that. @throws SigningError as `logIn` */
export async function logInAgain(host: ModuleHost, token: TokenInfo, options: LoginOptions): Promise<void> {
  await spendTry(host, token, { call: 'resume', slotId: token.slotId }, options)
}

/** Counts a PIN that was refused, or may have been. */
export function countRefusal(token: TokenInfo, attempts: PinAttempts | undefined): void {
  attempts?.failed(attemptsKey(token))
}

/** What is told of a login that the module refused; counts it where it may have cost a try. */
export function judgeRefusal(token: TokenInfo, refused: RefusedLogin, attempts: PinAttempts | undefined): SigningError {
  const failures = attempts ? attempts.failures(attemptsKey(token)) + 1 : 0
  const { error, mayHaveCostTry } = judgeFailedLogin(refused, failures)
  if (mayHaveCostTry) countRefusal(token, attempts)
  return error
}

/** Sets the count back: the token has accepted the PIN. */
export function forgetRefusals(token: TokenInfo, attempts: PinAttempts | undefined): void {
  attempts?.accepted(attemptsKey(token))
}

async function spendTry(
  host: ModuleHost,
  token: TokenInfo,
  question: Extract<Question, { call: 'login' | 'resume' }>,
  { attempts, ...options }: LoginOptions,
): Promise<void> {
  const deadlines = { ...usualDeadlines, ...options.deadlines }
  let outcome: LoginOutcome
  try {
    outcome = await host.ask(question, answerSchemas.login, token.pinPad ? deadlines.pinPad : deadlines.login)
  } catch (error) {
    // A login that never came back may have been a wrong PIN; where the process lives, it came to no login.
    if (!host.alive()) countRefusal(token, attempts)
    throw error
  }
  if (outcome.outcome === 'refused') throw judgeRefusal(token, outcome, attempts)
  if (outcome.tried) forgetRefusals(token, attempts)
}
