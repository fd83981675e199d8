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
  const content = Buffer.concat([derInteger(raw.subarray(0, half)), derInteger(raw.subarray(half))])
  // P-521 needs a two-byte length.
  const head = content.length < 0x80 ? [0x30, content.length] : [0x30, 0x81, content.length]
  return new Uint8Array(Buffer.concat([Buffer.from(head), content]))
}

function derInteger(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex(byte => byte !== 0)
  const shortest = first < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(first))
  const positive = (shortest[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), shortest]) : shortest
  return Buffer.concat([Buffer.from([0x02, positive.length]), positive])
}
