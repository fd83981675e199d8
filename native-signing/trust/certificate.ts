import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { constructed, type DerElement, DerError, primitive, readBer, TAG } from '../der/reader.ts'
import { remembering } from '../der/remembering.ts'
import { SigningError } from '../errors.ts'
import type { Certificate } from '../types.ts'

export interface CertificateExtension {
  readonly critical: boolean
  /** DER of the extension's own value. */
  readonly value: Uint8Array
}

/** An X.509 certificate read as far as path validation needs it (RFC 5280 §4.1). Names are DER. */
export interface ParsedCertificate {
  readonly certificate: Certificate
  readonly toBeSigned: Uint8Array
  readonly signatureAlgorithm: DerElement
  readonly signature: Uint8Array
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  /** Content of the INTEGER. */
  readonly serialNumber: Uint8Array
  readonly publicKeyInfo: Uint8Array
  readonly extensions: ReadonlyMap<string, CertificateExtension>
  readonly basicConstraints: { readonly authority: boolean; readonly pathLength: number | null } | null
  /** Bits that are set; null when the extension is missing. */
  readonly keyUsage: ReadonlySet<KeyUsage> | null
  readonly extendedKeyUsage: readonly string[] | null
  readonly subjectKeyIdentifier: Uint8Array | null
  readonly authorityKeyIdentifier: Uint8Array | null
}

/** RFC 5280 §4.2.1.3, in the order of the bits. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const
export type KeyUsage = (typeof KEY_USAGES)[number]

export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  crlDistributionPoints: '2.5.29.31',
  authorityInformationAccess: '1.3.6.1.5.5.7.1.1',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
} as const

export const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
/** Extended key usages of machines: servers, OCSP responders, time-stamp authorities. */
const MACHINE_USAGES: ReadonlySet<string> = new Set(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.9', TIME_STAMPING])

const COMMON_NAME = '2.5.4.3'
/** Short names of a name's attributes by their object identifiers (RFC 4514 §3 and common use). */
export const ATTRIBUTE_NAMES: Readonly<Record<string, string>> = {
  [COMMON_NAME]: 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
}

/** Text of a DirectoryString: UTF-8, BMPString or one of the one-byte kinds. */
function directoryText(value: DerElement): string {
  if (value.tag === TAG.utf8String) return new TextDecoder().decode(value.content)
  if (value.tag === 0x1e) return new TextDecoder('utf-16be').decode(value.content)
  return Buffer.from(value.content).toString('latin1')
}

/** @param name DER @throws DerError */
export function nameAttributes(name: Uint8Array): readonly { readonly type: string; readonly text: string }[] {
  return readBer(name).children.flatMap(set =>
    set.children.map(attribute => {
      const parts = attribute.reader()
      return { type: parts.next().objectIdentifier, text: directoryText(parts.next()) }
    }),
  )
}

/** A name for people, most specific part first (RFC 4514). */
function nameText(name: Uint8Array): string {
  return nameAttributes(name)
    .map(({ type, text }) => `${ATTRIBUTE_NAMES[type] ?? type}=${text.replace(/[,+"\\<>;]/g, '\\$&')}`)
    .reverse()
    .join(', ')
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** @throws SigningError certificate-unreadable */
export const parseCertificate: (der: Uint8Array) => ParsedCertificate = remembering(der => {
  try {
    return parse(der)
  } catch (cause) {
    if (cause instanceof DerError) throw new SigningError('certificate-unreadable', {}, { cause })
    throw cause
  }
})

/** The certificate as the other parts of the program see it. @throws SigningError certificate-unreadable */
export function readCertificate(der: Uint8Array): Certificate {
  return parseCertificate(der).certificate
}

function parse(der: Uint8Array): ParsedCertificate {
  const outer = readBer(der).reader()
  const toBeSigned = outer.next(TAG.sequence)
  const signatureAlgorithm = outer.next(TAG.sequence)
  const signature = outer.next(TAG.bitString).bitStringBytes
  const parts = toBeSigned.reader()
  parts.optional(constructed(0))
  const serialNumber = parts.next(TAG.integer).content
  const innerAlgorithm = parts.next(TAG.sequence)
  if (Buffer.compare(innerAlgorithm.bytes, signatureAlgorithm.bytes) !== 0)
    throw new DerError('two signature algorithms')
  const issuer = parts.next(TAG.sequence).bytes
  const validity = parts.next(TAG.sequence).reader()
  const notBefore = validity.next().time
  const notAfter = validity.next().time
  const subject = parts.next(TAG.sequence).bytes
  const publicKeyInfo = parts.next(TAG.sequence).bytes
  parts.optional(primitive(1), constructed(1))
  parts.optional(primitive(2), constructed(2))
  const extensions = parseExtensions(parts.optional(constructed(3)))
  const commonName = nameAttributes(subject).findLast(({ type }) => type === COMMON_NAME)?.text ?? ''
  return {
    certificate: {
      der,
      sha256: sha256(der),
      subject: nameText(subject),
      commonName,
      issuer: nameText(issuer),
      serialNumber: Buffer.from(serialNumber).toString('hex'),
      notBefore,
      notAfter,
    },
    toBeSigned: toBeSigned.bytes,
    signatureAlgorithm,
    signature,
    issuer,
    subject,
    serialNumber,
    publicKeyInfo,
    extensions,
    ...readExtensions(extensions),
  }
}

function parseExtensions(wrapper: DerElement | null): ReadonlyMap<string, CertificateExtension> {
  const extensions = new Map<string, CertificateExtension>()
  for (const extension of wrapper?.reader(constructed(3)).next(TAG.sequence).children ?? []) {
    const parts = extension.reader()
    const identifier = parts.next().objectIdentifier
    const critical = parts.optional(TAG.boolean)?.boolean ?? false
    if (extensions.has(identifier)) throw new DerError('extension twice')
    extensions.set(identifier, { critical, value: parts.next(TAG.octetString).content })
  }
  return extensions
}

function readExtensions(extensions: ReadonlyMap<string, CertificateExtension>) {
  const value = (identifier: string): DerElement | null => {
    const extension = extensions.get(identifier)
    return extension ? readBer(extension.value) : null
  }
  const constraints = value(EXTENSION.basicConstraints)?.reader()
  const usage = value(EXTENSION.keyUsage)?.namedBits
  return {
    basicConstraints: constraints
      ? {
          authority: constraints.optional(TAG.boolean)?.boolean ?? false,
          pathLength: constraints.optional(TAG.integer)?.smallInteger ?? null,
        }
      : null,
    keyUsage: usage ? new Set(KEY_USAGES.filter((_, bit) => usage.has(bit))) : null,
    extendedKeyUsage: value(EXTENSION.extendedKeyUsage)?.children.map(item => item.objectIdentifier) ?? null,
    subjectKeyIdentifier: value(EXTENSION.subjectKeyIdentifier)?.octets ?? null,
    authorityKeyIdentifier: value(EXTENSION.authorityKeyIdentifier)?.reader().optional(primitive(0))?.content ?? null,
  }
}

const readPublicKey = remembering((publicKeyInfo): KeyObject | null => {
  try {
    return createPublicKey({ key: Buffer.from(publicKeyInfo), format: 'der', type: 'spki' })
  } catch {
    // an unknown algorithm or a damaged key: nothing can have been signed by it
    return null
  }
})

/** The public key; null when it is of a kind that node:crypto does not know. */
export const publicKeyOf = ({ publicKeyInfo }: ParsedCertificate): KeyObject | null => readPublicKey(publicKeyInfo)

/** Whether the key may sign documents: digitalSignature or nonRepudiation, and not limited to a machine's work. */
export function mayDocumentsBeSigned({ keyUsage, extendedKeyUsage }: ParsedCertificate): boolean {
  const usage = keyUsage === null || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation')
  return usage && !(extendedKeyUsage?.every(each => MACHINE_USAGES.has(each)) ?? false)
}
