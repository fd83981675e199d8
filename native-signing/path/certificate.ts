import { createHash } from 'node:crypto'
import { constructed, type DerElement, DerError, primitive, readDer, sameBytes, TAG } from '../der/reader.ts'
import { remembering } from '../der/remembering.ts'
import { bitString, sequence } from '../der/writer.ts'
import {
  type BasicConstraints,
  type DistributionPoint,
  EXTENSION,
  type Extensions,
  type NameConstraints,
  NO_EXTENSIONS,
  type PolicyConstraints,
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readDistributionPoints,
  readExtension,
  readExtensions,
  readGeneralNames,
  readNameConstraints,
  readPolicies,
  readPolicyConstraints,
  readPolicyMappings,
} from './extensions.ts'
import type { GeneralName } from './general-name.ts'
import { type Name, readName } from './name.ts'

/** What a signature is over, and the signature. */
export interface Signed {
  /** The bytes as they came: never encoded anew. */
  readonly toBeSigned: Uint8Array
  readonly signatureAlgorithm: DerElement
  readonly signature: Uint8Array
}

/** An X.509 certificate with everything that path validation reads of it (RFC 5280 §4.1, §4.2). */
export interface PathCertificate extends Signed {
  readonly der: Uint8Array
  /** Hex. */
  readonly sha256: string
  readonly version: 1 | 2 | 3
  readonly serialKey: string
  readonly issuer: Name
  readonly subject: Name
  readonly notBefore: Date
  readonly notAfter: Date
  readonly publicKeyInfo: Uint8Array
  readonly selfIssued: boolean
  readonly extensions: Extensions
  readonly basicConstraints: BasicConstraints | null
  readonly keyUsage: ReadonlySet<number> | null
  readonly extendedKeyUsage: readonly string[] | null
  readonly subjectKeyIdentifier: Uint8Array | null
  readonly authorityKeyIdentifier: Uint8Array | null
  readonly alternativeNames: readonly GeneralName[] | null
  readonly nameConstraints: NameConstraints | null
  readonly policies: ReadonlySet<string> | null
  readonly policyMappings: ReadonlyMap<string, ReadonlySet<string>> | null
  readonly policyConstraints: PolicyConstraints | null
  readonly inhibitAnyPolicy: number | null
  readonly distributionPoints: readonly DistributionPoint[] | null
}

/** Extensions whose meaning is heeded, so that they may be critical. What extended key usages allow is the caller's question. */
export const PROCESSED_CERTIFICATE_EXTENSIONS: ReadonlySet<string> = new Set([
  EXTENSION.subjectKeyIdentifier,
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.keyUsage,
  EXTENSION.extendedKeyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.issuerAltName,
  EXTENSION.basicConstraints,
  EXTENSION.nameConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.policyMappings,
  EXTENSION.policyConstraints,
  EXTENSION.inhibitAnyPolicy,
  EXTENSION.crlDistributionPoints,
  EXTENSION.freshestCrl,
  EXTENSION.ocspNoCheck,
])

/** SIGNED{…}: content, algorithm, signature (RFC 5280 §4.1.1). */
export function readSigned(bytes: Uint8Array): Signed & { readonly content: DerElement } {
  const reader = readDer(bytes).reader()
  const content = reader.next(TAG.sequence)
  const signatureAlgorithm = reader.next(TAG.sequence)
  const signature = readSignature(reader.next(TAG.bitString))
  reader.end()
  return { content, toBeSigned: content.bytes, signatureAlgorithm, signature }
}

/** A signature fills its bytes; one that does not is no signature and verifies with no key, but the rest can still be read. */
export function readSignature(element: DerElement): Uint8Array {
  const [unused] = element.content
  return unused === 0 ? element.content.subarray(1) : new Uint8Array(0)
}

/** The bytes of what was signed with its signature, as DER has them: they tell one such thing from all others. */
export const wholeSigned = ({ toBeSigned, signatureAlgorithm, signature }: Signed): Uint8Array =>
  sequence(toBeSigned, signatureAlgorithm.bytes, bitString(signature))

/** The algorithm inside the signed part must be the one outside (RFC 5280 §4.1.1.2, §5.1.1.2). */
export function expectSameAlgorithm(inner: DerElement, outer: DerElement): void {
  if (!sameBytes(inner.bytes, outer.bytes)) throw new DerError('two signature algorithms')
}

/** @throws DerError */
export const readPathCertificate: (der: Uint8Array) => PathCertificate = remembering(der => {
  const { content, ...signed } = readSigned(der)
  const reader = content.reader()
  const version = readVersion(reader.optional(constructed(0)))
  const serialKey = reader.next(TAG.integer).integerKey
  expectSameAlgorithm(reader.next(TAG.sequence), signed.signatureAlgorithm)
  const issuer = readName(reader.next(TAG.sequence))
  if (issuer.parts.length === 0) throw new DerError('no issuer')
  const validity = reader.next(TAG.sequence).reader()
  const notBefore = validity.next().time
  const notAfter = validity.next().time
  validity.end()
  const subject = readName(reader.next(TAG.sequence))
  const publicKeyInfo = reader.next(TAG.sequence).bytes
  const uniqueIdentifiers = [reader.optional(primitive(1)), reader.optional(primitive(2))]
  if (version === 1 && uniqueIdentifiers.some(each => each !== null)) throw new DerError('unique identifier in v1')
  const wrapper = reader.optional(constructed(3))
  reader.end()
  if (wrapper && version !== 3) throw new DerError('extensions before v3')
  const extensions = wrapper ? readExtensions(wrapper.inner(constructed(3))) : NO_EXTENSIONS
  return {
    ...signed,
    der,
    sha256: createHash('sha256').update(der).digest('hex'),
    version,
    serialKey,
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKeyInfo,
    selfIssued: issuer.key === subject.key,
    extensions,
    ...readKnownExtensions(extensions),
  }
})

function readVersion(wrapper: DerElement | null): 1 | 2 | 3 {
  const number = wrapper ? wrapper.inner(constructed(0)).expect(TAG.integer).smallInteger : 0
  if (number === 0) return 1
  if (number === 1) return 2
  if (number === 2) return 3
  throw new DerError('certificate version')
}

function readKnownExtensions(extensions: Extensions) {
  const read = <T>(identifier: string, parse: (value: DerElement) => T) => readExtension(extensions, identifier, parse)
  return {
    basicConstraints: read(EXTENSION.basicConstraints, readBasicConstraints),
    keyUsage: read(EXTENSION.keyUsage, value => value.expect(TAG.bitString).namedBits),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, value =>
      value.list(purpose => purpose.expect(TAG.objectIdentifier).objectIdentifier),
    ),
    subjectKeyIdentifier: read(EXTENSION.subjectKeyIdentifier, value => value.expect(TAG.octetString).content),
    authorityKeyIdentifier: read(EXTENSION.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    alternativeNames: read(EXTENSION.subjectAltName, value => readGeneralNames(value)),
    nameConstraints: read(EXTENSION.nameConstraints, readNameConstraints),
    policies: read(EXTENSION.certificatePolicies, readPolicies),
    policyMappings: read(EXTENSION.policyMappings, readPolicyMappings),
    policyConstraints: read(EXTENSION.policyConstraints, readPolicyConstraints),
    inhibitAnyPolicy: read(EXTENSION.inhibitAnyPolicy, value => value.expect(TAG.integer).smallInteger),
    distributionPoints: read(EXTENSION.crlDistributionPoints, readDistributionPoints),
  }
}
