import { SigningError } from '../errors.ts'
import type { PinState, TokenInfo } from '../types.ts'
import type { RefusedLogin } from './messages.ts'
import { formatReturnCode, returnCode } from './return-codes.ts'

/** CK_TOKEN_INFO flags, PKCS#11 v3.0 §3.2. */
export const tokenFlag = {
  loginRequired: 0x0000_0004,
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

function checkLength(token: PinLimits, length: number): void {
  const { minimum, maximum } = pinLimits(token)
  if (length < minimum || length > maximum) throw new SigningError('pin-length', { minimum, maximum })
}

type PinLimits = Pick<TokenInfo, 'minimumPinLength' | 'maximumPinLength'>

/** Some modules leave the limits empty or contradict themselves; then only an empty PIN is surely wrong. */
function pinLimits({ minimumPinLength, maximumPinLength }: PinLimits): { minimum: number; maximum: number } {
  const sensible = minimumPinLength <= maximumPinLength && maximumPinLength > 0
  return sensible
    ? { minimum: Math.max(minimumPinLength, 1), maximum: Math.min(maximumPinLength, longestPin) }
    : { minimum: 1, maximum: longestPin }
}

/** No token takes more; a length field beyond it is nonsense. */
const longestPin = 255

/** VGCA's tokens take 6 to 16 characters; a new PIN is never shorter, unless the token takes no longer one. */
const shortestNewPin = 6

/** How long a new PIN of this token may be, in characters. */
export function newPinLimits(token: PinLimits): { readonly minimum: number; readonly maximum: number } {
  const { minimum, maximum } = pinLimits(token)
  return { minimum: Math.min(Math.max(minimum, shortestNewPin), maximum), maximum }
}

/**
 * Whether a new PIN will do; asked before the old one is tried. Letters outside ASCII have other bytes in other programs and none on the
 * keys of a reader.
 * @throws SigningError pin-new-characters, pin-new-length, pin-new-same
 */
export function checkNewPin(token: PinLimits, oldPin: Uint8Array, newPin: Uint8Array): void {
  if (newPin.some(byte => byte <= 0x20 || byte >= 0x7f)) throw new SigningError('pin-new-characters')
  const { minimum, maximum } = newPinLimits(token)
  if (newPin.length < minimum || newPin.length > maximum) throw new SigningError('pin-new-length', { minimum, maximum })
  if (Buffer.from(oldPin).equals(newPin)) throw new SigningError('pin-new-same')
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
