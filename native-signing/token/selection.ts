import { SigningError } from '../errors.ts'
import type { TokenInfo } from '../types.ts'

/** Which token is meant. All that is given must fit. */
export interface TokenSelection {
  readonly tokenLabel?: string | undefined
  readonly slotId?: number | undefined
  readonly serialNumber?: string | undefined
  /** The slot is found by the certificate before any PIN is asked: with two tokens in one PC, the PIN goes to the right one. */
  readonly certificateSha256?: string | undefined
}

/**
 * The one token that is meant.
 * @throws SigningError no-token, several-tokens (with their labels), certificate-not-found
 */
export function selectToken(tokens: readonly TokenInfo[], selection: TokenSelection): TokenInfo {
  const { tokenLabel, slotId, serialNumber, certificateSha256 } = selection
  const named = tokens.filter(
    token =>
      (tokenLabel === undefined || token.label === tokenLabel) &&
      (slotId === undefined || token.slotId === slotId) &&
      (serialNumber === undefined || token.serialNumber === serialNumber),
  )
  if (named.length === 0) throw new SigningError('no-token', tokenLabel === undefined ? {} : { label: tokenLabel })
  const [first] = named
  if (certificateSha256 === undefined) return single(named)
  const holders = named.filter(token => token.certificates.some(each => each.sha256 === certificateSha256))
  if (holders.length > 0) return single(holders)
  // A token that shows no certificate at all may keep them behind the PIN, or its driver keeps them elsewhere.
  if (named.length === 1 && first && first.certificates.length === 0) return first
  throw new SigningError('certificate-not-found', { certificateSha256 })
}

/** The one token. @throws SigningError no-token, several-tokens */
export function single(tokens: readonly TokenInfo[]): TokenInfo {
  const [token, ...others] = tokens
  if (!token) throw new SigningError('no-token')
  if (others.length > 0) throw severalTokens(tokens)
  return token
}

/** With their labels, so that one can be named. */
export const severalTokens = (tokens: readonly TokenInfo[]): SigningError =>
  new SigningError('several-tokens', { count: tokens.length, labels: tokens.map(each => each.label).join('; ') })
