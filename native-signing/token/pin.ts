import { SigningError } from '../errors.ts'
import type { PinState, TokenInfo } from '../types.ts'
import type { RefusedLogin } from './messages.ts'
import { formatReturnCode, returnCode } from './return-codes.ts'

/** CK_TOKEN_INFO flags, PKCS#11 v3.0 §3.2. */
export const tokenFlag = {
  userPinInitialized: 0x0000_0008,
  protectedAuthenticationPath: 0x0000_0100,
  tokenInitialized: 0x0000_0400,
  userPinCountLow: 0x0001_0000,
  userPinFinalTry: 0x0002_0000,
  userPinLocked: 0x0004_0000,
} as const

/** From harmless to hopeless. */
const severity: readonly PinState[] = ['ok', 'count-low', 'final-try', 'locked', 'not-set']

/**
 * What the next wrong PIN would cost, by the token's flags and by our own count of logins in a row that failed. Many tokens never raise
 * the flags (SoftHSM raises COUNT_LOW alone, ePass2003 through OpenSC none), and some here lock at the third wrong PIN: so after two
 * failures every further try counts as the last one.
 */
export function pinState(flags: number, ownFailures = 0): PinState {
  if (flags & tokenFlag.userPinLocked) return 'locked'
  if (!(flags & tokenFlag.userPinInitialized)) return 'not-set'
  if (flags & tokenFlag.userPinFinalTry || ownFailures >= 2) return 'final-try'
  if (flags & tokenFlag.userPinCountLow || ownFailures === 1) return 'count-low'
  return 'ok'
}

/**
 * Whether one login may be tried; asked before any try is spent. `pin` null: it is typed on the reader.
 * @throws SigningError pin-locked, pin-not-set, pin-last-try (only without `lastTryConfirmed`), pin-length
 */
export function checkBeforeLogin(
  token: Pick<TokenInfo, 'pinState' | 'minimumPinLength' | 'maximumPinLength' | 'pinPad' | 'label'>,
  pin: Uint8Array | null,
  lastTryConfirmed: boolean,
): void {
  const { label } = token
  if (token.pinState === 'locked') throw new SigningError('pin-locked', { label })
  if (token.pinState === 'not-set') throw new SigningError('pin-not-set', { label })
  if (pin !== null || !token.pinPad) checkLength(token, pin?.length ?? 0)
  if (token.pinState === 'final-try' && !lastTryConfirmed) throw new SigningError('pin-last-try', { label })
}

function checkLength(token: Pick<TokenInfo, 'minimumPinLength' | 'maximumPinLength'>, length: number): void {
  const { minimumPinLength: minimum, maximumPinLength: maximum } = token
  // Some modules leave the limits empty or contradict themselves; then only an empty PIN is surely wrong.
  const sensible = minimum <= maximum && maximum > 0
  if (length === 0 || (sensible && (length < minimum || length > maximum))) {
    throw new SigningError('pin-length', { minimum: Math.max(minimum, 1), maximum })
  }
}

/** What came of a login that the module refused, and whether it may have cost a try. */
export interface FailedLogin {
  readonly error: SigningError
  readonly mayHaveCostTry: boolean
}

/**
 * Tells "wrong" from "now locked" and from "another fault". The token's flags read again after the failure decide, since modules answer a
 * wrong PIN with CKR_GENERAL_ERROR (ePass2003, OpenSC #871), and others' faults must not be shown as a wrong PIN.
 * @param ownFailures logins in a row that failed by our own count, this one included; 0 where nobody counts
 */
export function judgeFailedLogin(login: Omit<RefusedLogin, 'outcome'>, ownFailures: number): FailedLogin {
  const { returnCode: code, flagsBefore, flagsAfter } = login
  const failure = (error: SigningError, mayHaveCostTry: boolean): FailedLogin => ({ error, mayHaveCostTry })
  const before = flagsBefore === null ? null : pinState(flagsBefore)
  const after = flagsAfter === null ? null : pinState(flagsAfter)
  if (code === returnCode.pinLocked || after === 'locked') return failure(new SigningError('pin-locked'), true)
  if (code === returnCode.userPinNotInitialized || code === returnCode.pinExpired) {
    return failure(new SigningError('pin-not-set'), false)
  }
  if (code === returnCode.functionCanceled) return failure(new SigningError('signing-cancelled'), false)
  if (code === returnCode.deviceRemoved || code === returnCode.tokenNotPresent) {
    return failure(new SigningError('token-removed'), false)
  }
  const wrong = code === returnCode.pinIncorrect || code === returnCode.pinInvalid || code === returnCode.pinLengthRange
  const worsened = before !== null && after !== null && severity.indexOf(after) > severity.indexOf(before)
  if (wrong || worsened) {
    const state = flagsAfter === null ? 'count-low' : pinState(flagsAfter, ownFailures)
    return failure(new SigningError('pin-incorrect', { state }), true)
  }
  const parameters = { call: 'C_Login', ...(code === null ? {} : { returnCode: formatReturnCode(code) }) }
  return failure(new SigningError('token-failed', parameters), true)
}
