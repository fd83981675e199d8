import { integer, sequence } from '../der/writer.ts'
import type { HashAlgorithm } from '../types.ts'

/** DigestInfo heads of RFC 8017 §9.2, note 1. */
const digestInfoHeads: Readonly<Record<HashAlgorithm, string>> = {
  'SHA-256': '3031300d060960864801650304020105000420',
  'SHA-384': '3041300d060960864801650304020205000430',
  'SHA-512': '3051300d060960864801650304020305000440',
}

/** What a token with bare RSA (CKM_RSA_PKCS) is to pad and sign. */
export function digestInfo(hash: HashAlgorithm, digest: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(digestInfoHeads[hash], 'hex'), digest])
}

/** r || s of a token → the SEQUENCE of two INTEGERs of RFC 3279 §2.2.3. @throws Error when `raw` is empty or of odd length */
export function ecdsaSignatureToDer(raw: Uint8Array): Uint8Array {
  if (raw.length === 0 || raw.length % 2 !== 0) throw new Error('an ECDSA signature has two halves of equal length')
  const half = raw.length / 2
  return new Uint8Array(sequence(integer(raw.subarray(0, half)), integer(raw.subarray(half))))
}
