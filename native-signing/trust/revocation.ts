import { isStrongEnough, readSignatureAlgorithm, verifySignature } from '../cms/algorithms.ts'
import { Asn1Element, constructed, MalformedAsn1, TAG } from '../cms/der.ts'
import { type ParsedCertificate, publicKeyOf } from './certificate.ts'

export type RevocationStatus =
  | { readonly kind: 'good' }
  | { readonly kind: 'revoked'; readonly at: Date }
  /** No list that is valid at the time and signed by the issuer. */
  | { readonly kind: 'unknown' }

interface RevocationList {
  readonly issuer: Uint8Array
  readonly toBeSigned: Uint8Array
  readonly signatureAlgorithm: Asn1Element
  readonly signature: Uint8Array
  readonly thisUpdate: Date
  readonly nextUpdate: Date | null
  readonly revoked: readonly Asn1Element[]
  /** A critical extension of the list or its kind (delta, indirect, partial) is beyond what is understood here. */
  readonly special: boolean
}

function parseRevocationList(der: Uint8Array): RevocationList {
  const outer = Asn1Element.read(der).parts()
  const toBeSigned = outer.take(TAG.sequence)
  const signatureAlgorithm = outer.take(TAG.sequence)
  const signature = outer.take(TAG.bitString).bits
  const parts = toBeSigned.parts()
  parts.optional(TAG.integer)
  parts.take(TAG.sequence)
  const issuer = parts.take(TAG.sequence).bytes
  const thisUpdate = parts.any().time
  const nextUpdate = parts.optional(TAG.utcTime, TAG.generalizedTime)?.time ?? null
  const revoked = parts.optional(TAG.sequence)?.children ?? []
  const extensions = parts.optional(constructed(0))?.parts(constructed(0)).take(TAG.sequence).children ?? []
  const special = extensions.some(extension =>
    extension.children.some(part => part.tag === TAG.boolean && part.boolean),
  )
  return {
    issuer,
    toBeSigned: toBeSigned.bytes,
    signatureAlgorithm,
    signature,
    thisUpdate,
    nextUpdate,
    revoked,
    special,
  }
}

function isSignedBy(list: RevocationList, issuer: ParsedCertificate): boolean {
  const key = publicKeyOf(issuer)
  const algorithm = readSignatureAlgorithm(list.signatureAlgorithm, null)
  const allowed = issuer.keyUsage === null || issuer.keyUsage.has('cRLSign')
  return (
    allowed &&
    key !== null &&
    algorithm !== null &&
    isStrongEnough(algorithm, key) &&
    verifySignature(algorithm, key, list.toBeSigned, list.signature)
  )
}

/**
 * Looks `certificate` up in complete CRLs of its issuer (RFC 5280 §5, §6.3; delta and indirect lists are passed over).
 * A list that is unreadable or not signed by the issuer counts as absent.
 */
export function revocationStatus(
  certificate: ParsedCertificate,
  issuer: ParsedCertificate,
  lists: readonly Uint8Array[],
  at: Date,
): RevocationStatus {
  let status: RevocationStatus = { kind: 'unknown' }
  for (const der of lists) {
    try {
      const list = parseRevocationList(der)
      const fitting = Buffer.compare(list.issuer, certificate.issuer) === 0 && !list.special
      if (!fitting || !isSignedBy(list, issuer)) continue
      const entry = list.revoked.find(
        item => Buffer.compare(item.parts().any().content, certificate.serialNumber) === 0,
      )
      // a revocation, once published, counts whatever the age of the list
      if (entry) {
        const parts = entry.parts()
        parts.any()
        const time = parts.any().time
        if (time <= at) return { kind: 'revoked', at: time }
      }
      if (list.nextUpdate === null || list.nextUpdate >= at) status = { kind: 'good' }
    } catch (error) {
      if (!(error instanceof MalformedAsn1)) throw error
    }
  }
  return status
}
