import { constructed, type DerElement, DerError, DerReader, sameBytes, TAG } from '../der/reader.ts'
import { remembering } from '../der/remembering.ts'
import { expectSameAlgorithm, readSigned, type Signed } from './certificate.ts'
import {
  EXTENSION,
  type Extensions,
  type IssuingDistributionPoint,
  NO_EXTENSIONS,
  readAuthorityKeyIdentifier,
  readExtension,
  readExtensions,
  readGeneralNames,
  readIssuingDistributionPoint,
  unknownCritical,
} from './extensions.ts'
import { directoryKey, generalNameKey } from './general-name.ts'
import { type Name, readName } from './name.ts'

/** CRLReason (RFC 5280 §5.3.1). */
export const REASON = { unspecified: 0, certificateHold: 6, removeFromCrl: 8 } as const

export interface RevokedEntry {
  readonly revokedAt: Date
  readonly reason: number
}

/** A certificate revocation list, complete or delta (RFC 5280 §5). The entries stay in their bytes: lists may have hundreds of thousands. */
export interface RevocationList extends Signed {
  readonly issuer: Name
  readonly thisUpdate: Date
  readonly nextUpdate: Date | null
  readonly number: bigint | null
  /** Number of the list that this delta continues; null for a complete list. */
  readonly baseNumber: bigint | null
  readonly authorityKeyIdentifier: Uint8Array | null
  readonly scope: IssuingDistributionPoint | null
  /** DER of the issuing distribution point, for comparing the scopes of a list and its delta. */
  readonly scopeDer: Uint8Array | null
  readonly expiredCertificatesSince: Date | null
  /** A critical extension, of the list or of any entry, is not understood: the list says nothing then (RFC 5280 §5.2, §5.3). */
  readonly beyondUnderstanding: boolean
  readonly entries: Uint8Array
}

const KNOWN_LIST_EXTENSIONS: ReadonlySet<string> = new Set([
  EXTENSION.authorityKeyIdentifier,
  EXTENSION.issuerAltName,
  EXTENSION.crlNumber,
  EXTENSION.deltaCrlIndicator,
  EXTENSION.issuingDistributionPoint,
  EXTENSION.freshestCrl,
  EXTENSION.expiredCertificatesOnCrl,
])
const KNOWN_ENTRY_EXTENSIONS: ReadonlySet<string> = new Set([
  EXTENSION.reasonCode,
  EXTENSION.invalidityDate,
  EXTENSION.certificateIssuer,
])

/** Reads the whole list, every entry included. @throws DerError */
export const readRevocationList: (der: Uint8Array) => RevocationList = remembering(der => {
  const { content, ...signed } = readSigned(der)
  const reader = content.reader()
  const version = reader.optional(TAG.integer)
  if (version && version.smallInteger !== 1) throw new DerError('version of a list')
  expectSameAlgorithm(reader.next(TAG.sequence), signed.signatureAlgorithm)
  const issuer = readName(reader.next(TAG.sequence))
  if (issuer.parts.length === 0) throw new DerError('no issuer')
  const thisUpdate = reader.next().time
  const nextUpdate = reader.optional(TAG.utcTime, TAG.generalizedTime)?.time ?? null
  const entries = reader.optional(TAG.sequence)
  const wrapper = reader.optional(constructed(0))
  reader.end()
  if (entries?.content.length === 0) throw new DerError('empty list of entries')
  if (wrapper && !version) throw new DerError('extensions before v2')
  const extensions = wrapper ? readExtensions(wrapper.inner(constructed(0))) : NO_EXTENSIONS
  const scope = readExtension(extensions, EXTENSION.issuingDistributionPoint, readIssuingDistributionPoint)
  const entryBytes = entries?.content ?? new Uint8Array(0)
  const entriesUnderstood = checkEntries(entryBytes, version !== null, scope?.indirect ?? false)
  return {
    ...signed,
    issuer,
    thisUpdate,
    nextUpdate,
    number: readExtension(extensions, EXTENSION.crlNumber, readNumber),
    baseNumber: readExtension(extensions, EXTENSION.deltaCrlIndicator, readNumber),
    authorityKeyIdentifier: readExtension(extensions, EXTENSION.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    scope,
    scopeDer: extensions.get(EXTENSION.issuingDistributionPoint)?.value ?? null,
    expiredCertificatesSince: readExtension(extensions, EXTENSION.expiredCertificatesOnCrl, value => value.time),
    beyondUnderstanding: !entriesUnderstood || unknownCritical(extensions, KNOWN_LIST_EXTENSIONS) !== null,
    entries: entryBytes,
  }
})

function readNumber(value: DerElement): bigint {
  return value.expect(TAG.integer).bigInteger
}

interface RawEntry {
  readonly serial: DerElement
  readonly revokedAt: DerElement
  readonly extensions: DerElement | null
}

function* rawEntries(entries: Uint8Array): Generator<RawEntry> {
  const reader = new DerReader(entries)
  while (reader.more) {
    const entry = reader.next(TAG.sequence).reader()
    const serial = entry.next(TAG.integer)
    const revokedAt = entry.next()
    const extensions = entry.optional(TAG.sequence)
    entry.end()
    yield { serial, revokedAt, extensions }
  }
}

const extensionsOf = ({ extensions }: RawEntry): Extensions => (extensions ? readExtensions(extensions) : NO_EXTENSIONS)

function readReason(extensions: Extensions): number {
  return (
    readExtension(extensions, EXTENSION.reasonCode, value => value.expect(TAG.enumerated).smallInteger) ??
    REASON.unspecified
  )
}

function readCertificateIssuers(extensions: Extensions): readonly string[] | null {
  return readExtension(extensions, EXTENSION.certificateIssuer, value => readGeneralNames(value).map(generalNameKey))
}

/** Whether every entry can be understood. */
function checkEntries(entries: Uint8Array, mayHaveExtensions: boolean, indirect: boolean): boolean {
  let understood = true
  for (const entry of rawEntries(entries)) {
    if (entry.serial.content.length === 0 || !entry.revokedAt.time) throw new DerError('empty number')
    if (!entry.extensions) continue
    const extensions = extensionsOf(entry)
    if (!mayHaveExtensions) throw new DerError('extensions of an entry before v2')
    readReason(extensions)
    const foreign = readCertificateIssuers(extensions) !== null
    if ((foreign && !indirect) || unknownCritical(extensions, KNOWN_ENTRY_EXTENSIONS) !== null) understood = false
  }
  return understood
}

/** The list's entry for a certificate; in an indirect list the issuer of entries changes on the way (RFC 5280 §5.3.3). */
export function findEntry(list: RevocationList, serialKey: string, certificateIssuer: Name): RevokedEntry | null {
  const wanted = directoryKey(certificateIssuer.key)
  const lastByte = Number.parseInt(serialKey.slice(-2), 16)
  let issuers: readonly string[] = [directoryKey(list.issuer.key)]
  for (const entry of rawEntries(list.entries)) {
    if (list.scope?.indirect) issuers = readCertificateIssuers(extensionsOf(entry)) ?? issuers
    // most entries differ in the last byte already, which is cheaper to see
    if (entry.serial.content.at(-1) !== lastByte || entry.serial.integerKey !== serialKey) continue
    if (issuers.includes(wanted)) return { revokedAt: entry.revokedAt.time, reason: readReason(extensionsOf(entry)) }
  }
  return null
}

/** Whether `delta` continues `base`: same issuer, scope and key, and numbers that meet (RFC 5280 §5.2.4). */
export function isDeltaFor(delta: RevocationList, base: RevocationList): boolean {
  const same = (one: Uint8Array | null, other: Uint8Array | null) =>
    one === null || other === null ? one === other : sameBytes(one, other)
  return (
    delta.baseNumber !== null &&
    delta.number !== null &&
    base.number !== null &&
    delta.issuer.key === base.issuer.key &&
    same(delta.scopeDer, base.scopeDer) &&
    same(delta.authorityKeyIdentifier, base.authorityKeyIdentifier) &&
    base.number >= delta.baseNumber &&
    base.number < delta.number
  )
}
