import { SigningError, type SigningErrorCode } from '../errors.ts'

/** Return codes of PKCS#11 v3.0 §6.2 that mean something of their own to us. */
export const returnCode = {
  slotIdInvalid: 0x03,
  deviceRemoved: 0x32,
  functionCanceled: 0x50,
  functionNotSupported: 0x54,
  keyTypeInconsistent: 0x63,
  keyFunctionNotPermitted: 0x68,
  mechanismInvalid: 0x70,
  mechanismParameterInvalid: 0x71,
  pinIncorrect: 0xa0,
  pinInvalid: 0xa1,
  pinLengthRange: 0xa2,
  pinExpired: 0xa3,
  pinLocked: 0xa4,
  sessionClosed: 0xb0,
  sessionHandleInvalid: 0xb3,
  sessionReadOnly: 0xb5,
  tokenNotPresent: 0xe0,
  tokenNotRecognized: 0xe1,
  tokenWriteProtected: 0xe2,
  userAlreadyLoggedIn: 0x100,
  userNotLoggedIn: 0x101,
  userPinNotInitialized: 0x102,
  alreadyInitialized: 0x191,
} as const

const meanings: Readonly<Record<number, SigningErrorCode>> = {
  [returnCode.slotIdInvalid]: 'token-removed',
  [returnCode.deviceRemoved]: 'token-removed',
  [returnCode.tokenNotPresent]: 'token-removed',
  [returnCode.tokenNotRecognized]: 'token-removed',
  // A token pulled out and put back has forgotten its sessions and its login.
  [returnCode.sessionClosed]: 'token-removed',
  [returnCode.sessionHandleInvalid]: 'token-removed',
  [returnCode.userNotLoggedIn]: 'token-removed',
  [returnCode.functionCanceled]: 'signing-cancelled',
  [returnCode.mechanismInvalid]: 'mechanism-not-supported',
  [returnCode.mechanismParameterInvalid]: 'mechanism-not-supported',
  [returnCode.keyTypeInconsistent]: 'mechanism-not-supported',
  [returnCode.keyFunctionNotPermitted]: 'mechanism-not-supported',
  [returnCode.pinLocked]: 'pin-locked',
  // Said outside C_Login by keys that ask the PIN for every signature.
  [returnCode.pinIncorrect]: 'pin-incorrect',
}

/** What they mean when the new PIN is set; the old one has been accepted by then. */
const meaningsOfChange: Readonly<Record<number, SigningErrorCode>> = {
  ...meanings,
  [returnCode.pinInvalid]: 'pin-new-refused',
  [returnCode.pinLengthRange]: 'pin-new-refused',
  [returnCode.functionNotSupported]: 'pin-change-not-supported',
  [returnCode.tokenWriteProtected]: 'pin-change-not-supported',
  [returnCode.sessionReadOnly]: 'pin-change-not-supported',
}

/** A return code for support mail: its number in hex, which is how vendors' manuals list it. */
export const formatReturnCode = (code: number): string => `0x${code.toString(16).padStart(8, '0')}`

/** The return code inside an error of the PKCS#11 binding; null where the error is another one. */
export function returnCodeOf(error: unknown): number | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' && error.code !== 0
    ? error.code
    : null
}

/** The error for any failed call but a login. The binding's own message is left out: it is not ours to know what stands in it. */
export function errorOfCall(call: string, error: unknown): SigningError {
  if (error instanceof SigningError) return error
  const code = returnCodeOf(error)
  if (code === null) return new SigningError('token-failed', { call })
  const meaning = (call === 'change-pin' ? meaningsOfChange : meanings)[code]
  return new SigningError(meaning ?? 'token-failed', { call, returnCode: formatReturnCode(code) })
}
