import { constructed, type DerElement, DerError, type DerReader, primitive, readDer, TAG } from '../der/reader.ts'
import { directoryKey, type GeneralName, generalNameKey, readGeneralName } from './general-name.ts'
import { extendedNameKey, type Name, readRelativeName } from './name.ts'

/** Extensions that path validation, revocation lists and OCSP know (RFC 5280 §4.2, §5.2, §5.3; RFC 6960 §4.4; RFC 6962 §3.3). */
export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  expiredCertificatesOnCrl: '2.5.29.60',
  ocspNonce: '1.3.6.1.5.5.7.48.1.2',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  ocspArchiveCutoff: '1.3.6.1.5.5.7.48.1.6',
  signedTimestampList: '1.3.6.1.4.1.11129.2.4.5',
} as const

export interface Extension {
  readonly critical: boolean
  /** The extension's own DER. */
  readonly value: Uint8Array
}
export type Extensions = ReadonlyMap<string, Extension>

export const NO_EXTENSIONS: Extensions = new Map()

/** Extensions ::= SEQUENCE OF Extension, none twice (RFC 5280 §4.2). @throws DerError */
export function readExtensions(list: DerElement): Extensions {
  const extensions = new Map<string, Extension>()
  list.list(element => {
    const reader = element.reader()
    const identifier = reader.next(TAG.objectIdentifier).objectIdentifier
    const critical = reader.optional(TAG.boolean)?.boolean ?? false
    const { content } = reader.next(TAG.octetString)
    reader.end()
    if (extensions.has(identifier)) throw new DerError('extension twice')
    extensions.set(identifier, { critical, value: content })
  })
  return extensions
}

/** The parsed value of an extension; null when it is missing. */
export function readExtension<T>(extensions: Extensions, identifier: string, read: (value: DerElement) => T): T | null {
  const extension = extensions.get(identifier)
  return extension ? read(readDer(extension.value)) : null
}

/** A critical extension that is not in `known`; null when there is none. */
export function unknownCritical(extensions: Extensions, known: ReadonlySet<string>): string | null {
  for (const [identifier, { critical }] of extensions) if (critical && !known.has(identifier)) return identifier
  return null
}

/** GeneralNames, at least one. */
export function readGeneralNames(element: DerElement, tag: number = TAG.sequence): readonly GeneralName[] {
  return element.list(readGeneralName, tag)
}

/** RFC 5280 §4.2.1.9. */
export interface BasicConstraints {
  readonly authority: boolean
  readonly pathLength: number | null
}

export function readBasicConstraints(element: DerElement): BasicConstraints {
  const reader = element.reader()
  const authority = reader.optional(TAG.boolean)?.boolean ?? false
  const pathLength = reader.optional(TAG.integer)?.smallInteger ?? null
  reader.end()
  return { authority, pathLength }
}

/** Bits of KeyUsage (RFC 5280 §4.2.1.3). */
export const KEY_USAGE = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, crlSign: 6 } as const

/** keyIdentifier of an AuthorityKeyIdentifier, null when it names the key in another way. */
export function readAuthorityKeyIdentifier(element: DerElement): Uint8Array | null {
  const reader = element.reader()
  const identifier = reader.optional(primitive(0))?.content ?? null
  reader.optional(constructed(1))
  reader.optional(primitive(2))
  reader.end()
  return identifier
}

/** Certificate policies without their qualifiers (RFC 5280 §4.2.1.4). */
export function readPolicies(element: DerElement): ReadonlySet<string> {
  const policies = element.list(information => {
    const reader = information.reader()
    const policy = reader.next(TAG.objectIdentifier).objectIdentifier
    reader.optional(TAG.sequence)?.list(qualifier => {
      qualifier.reader().next(TAG.objectIdentifier)
    })
    reader.end()
    return policy
  })
  const set = new Set(policies)
  if (set.size !== policies.length) throw new DerError('policy twice')
  return set
}

/** Subject domain policies by issuer domain policy (RFC 5280 §4.2.1.5). */
export function readPolicyMappings(element: DerElement): ReadonlyMap<string, ReadonlySet<string>> {
  const mappings = new Map<string, Set<string>>()
  element.list(mapping => {
    const reader = mapping.reader()
    const from = reader.next(TAG.objectIdentifier).objectIdentifier
    const to = reader.next(TAG.objectIdentifier).objectIdentifier
    reader.end()
    const targets = mappings.get(from) ?? new Set()
    mappings.set(from, targets.add(to))
  })
  return mappings
}

/** Numbers of certificates after which a rule begins to hold (RFC 5280 §4.2.1.11). */
export interface PolicyConstraints {
  readonly requireExplicitPolicy: number | null
  readonly inhibitPolicyMapping: number | null
}

export function readPolicyConstraints(element: DerElement): PolicyConstraints {
  const reader = element.reader()
  const requireExplicitPolicy = reader.optional(primitive(0))?.smallInteger ?? null
  const inhibitPolicyMapping = reader.optional(primitive(1))?.smallInteger ?? null
  reader.end()
  if (requireExplicitPolicy === null && inhibitPolicyMapping === null) throw new DerError('empty policy constraints')
  return { requireExplicitPolicy, inhibitPolicyMapping }
}

/** RFC 5280 §4.2.1.10. */
export interface NameConstraints {
  readonly permitted: readonly GeneralName[]
  readonly excluded: readonly GeneralName[]
}

export function readNameConstraints(element: DerElement): NameConstraints {
  const reader = element.reader()
  const permitted = reader.optional(constructed(0))?.list(readSubtree, constructed(0))
  const excluded = reader.optional(constructed(1))?.list(readSubtree, constructed(1))
  reader.end()
  if (!permitted && !excluded) throw new DerError('empty name constraints')
  return { permitted: permitted ?? [], excluded: excluded ?? [] }
}

function readSubtree(element: DerElement): GeneralName {
  const reader = element.reader()
  const base = readGeneralName(reader.next())
  const minimum = reader.optional(primitive(0))?.smallInteger ?? 0
  // minimum is always 0 and maximum absent; whoever writes others cannot be obeyed, so the certificate is refused
  if (minimum !== 0) throw new DerError('minimum of a subtree')
  reader.end()
  return base
}

/** Where revocation lists for a certificate are (RFC 5280 §4.2.1.13). Names as keys of general names. */
export interface DistributionPoint {
  readonly names: DistributionPointName | null
  readonly reasons: ReadonlySet<number> | null
  readonly crlIssuers: readonly GeneralName[] | null
}

/** Full names, or one relative to the issuer of the list: relative ones become whole only there. */
export type DistributionPointName =
  | { readonly kind: 'full'; readonly keys: readonly string[] }
  | { readonly kind: 'relative'; readonly key: string }

export function readDistributionPoints(element: DerElement): readonly DistributionPoint[] {
  return element.list(point => {
    const reader = point.reader()
    const names = readDistributionPointName(reader)
    const reasons = reader.optional(primitive(1))?.namedBits ?? null
    const crlIssuers = reader.optional(constructed(2))?.list(readGeneralName, constructed(2)) ?? null
    reader.end()
    if (!names && !crlIssuers) throw new DerError('empty distribution point')
    return { names, reasons, crlIssuers }
  })
}

function readDistributionPointName(reader: DerReader): DistributionPointName | null {
  const choice = reader.optional(constructed(0))?.inner(constructed(0))
  if (!choice) return null
  if (choice.tag === constructed(0))
    return { kind: 'full', keys: choice.list(readGeneralName, constructed(0)).map(generalNameKey) }
  return { kind: 'relative', key: readRelativeName(choice.expect(constructed(1))) }
}

/** Keys of a distribution point's names; a relative name is taken below `issuer`. */
export function distributionPointKeys(names: DistributionPointName, issuer: Name): readonly string[] {
  return names.kind === 'full' ? names.keys : [directoryKey(extendedNameKey(issuer, names.key))]
}

/** Scope of a revocation list (RFC 5280 §5.2.5). */
export interface IssuingDistributionPoint {
  readonly names: DistributionPointName | null
  readonly only: 'user' | 'authority' | 'attribute' | null
  readonly reasons: ReadonlySet<number> | null
  readonly indirect: boolean
}

export function readIssuingDistributionPoint(element: DerElement): IssuingDistributionPoint {
  const reader = element.reader()
  if (!reader.more) throw new DerError('empty issuing distribution point')
  const names = readDistributionPointName(reader)
  const user = reader.optional(primitive(1))?.boolean ?? false
  const authority = reader.optional(primitive(2))?.boolean ?? false
  const reasons = reader.optional(primitive(3))?.namedBits ?? null
  const indirect = reader.optional(primitive(4))?.boolean ?? false
  const attribute = reader.optional(primitive(5))?.boolean ?? false
  reader.end()
  if (Number(user) + Number(authority) + Number(attribute) > 1) throw new DerError('two scopes in one list')
  const only = user ? 'user' : authority ? 'authority' : attribute ? 'attribute' : null
  return { names, only, reasons, indirect }
}
