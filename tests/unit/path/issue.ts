import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import {
  bitString,
  certificateTime,
  element,
  explicit,
  generalizedTime,
  implicit,
  integer,
  namedBits,
  nothing,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  utf8String,
  yes,
} from '../../../native-signing/der/writer.ts'

/** A certification authority or person of these tests: a name with a key. */
export interface Party {
  /** DER of the name. */
  readonly name: Buffer
  readonly privateKey: KeyObject
  readonly publicKeyInfo: Buffer
}

export const days = (count: number): Date => new Date(Date.UTC(2026, 0, 1) + count * 24 * 60 * 60 * 1000)
export const NOW = days(100)

/** Relative names as type and text, most general first. */
export function nameOf(...parts: readonly (readonly [string, string])[]): Buffer {
  return sequence(...parts.map(([type, text]) => setOf(sequence(objectIdentifier(type), utf8String(text)))))
}

export const commonName = (text: string): Buffer => nameOf(['2.5.4.6', 'VN'], ['2.5.4.3', text])

export function party(name: string, kind: 'ec' | 'ed25519' | 'rsa' | 'rsa-pss' = 'ec'): Party {
  const { privateKey, publicKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : kind === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : kind === 'rsa-pss'
          ? generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
          : generateKeyPairSync('ed25519')
  return {
    name: commonName(`${name} (mẫu)`),
    privateKey,
    publicKeyInfo: publicKey.export({ format: 'der', type: 'spki' }),
  }
}

const sha256 = sequence(objectIdentifier('2.16.840.1.101.3.4.2.1'), nothing)
const pssParameters = sequence(
  explicit(0, sha256),
  explicit(1, sequence(objectIdentifier('1.2.840.113549.1.1.8'), sha256)),
  explicit(2, integer(32)),
)

const ALGORITHMS: Readonly<Record<string, readonly [Buffer, string | null]>> = {
  ec: [sequence(objectIdentifier('1.2.840.10045.4.3.2')), 'sha256'],
  rsa: [sequence(objectIdentifier('1.2.840.113549.1.1.11'), nothing), 'sha256'],
  'rsa-pss': [sequence(objectIdentifier('1.2.840.113549.1.1.10'), pssParameters), 'sha256'],
  ed25519: [sequence(objectIdentifier('1.3.101.112')), null],
}

function algorithmOf({ privateKey }: Party): readonly [Buffer, string | null] {
  const algorithm = ALGORITHMS[privateKey.asymmetricKeyType ?? '']
  if (!algorithm) throw new Error('kind of key')
  return algorithm
}

/** SIGNED{…}; the content is told its algorithm where it has to repeat it. */
export function signed(by: Party, content: (algorithm: Buffer) => Buffer): Buffer {
  const [algorithm, hash] = algorithmOf(by)
  const toBeSigned = content(algorithm)
  return sequence(toBeSigned, algorithm, bitString(sign(hash, toBeSigned, { key: by.privateKey, saltLength: 32 })))
}

export const extension = (type: string, value: Buffer, critical = false): Buffer =>
  sequence(objectIdentifier(type), ...(critical ? [yes] : []), octetString(value))

/** Extensions by name. */
export const extensions = {
  authority: (pathLength?: number) =>
    extension('2.5.29.19', sequence(yes, ...(pathLength === undefined ? [] : [integer(pathLength)])), true),
  keyUsage: (...bits: readonly number[]) => extension('2.5.29.15', namedBits(...bits), true),
  purpose: (oid: string) => extension('2.5.29.37', sequence(objectIdentifier(oid))),
  noCheck: extension('1.3.6.1.5.5.7.48.1.5', nothing),
  policies: (...oids: readonly string[]) =>
    extension('2.5.29.32', sequence(...oids.map(oid => sequence(objectIdentifier(oid))))),
  mappings: (...pairs: readonly (readonly [string, string])[]) =>
    extension(
      '2.5.29.33',
      sequence(...pairs.map(([from, to]) => sequence(objectIdentifier(from), objectIdentifier(to)))),
    ),
  alternativeNames: (...names: readonly Buffer[]) => extension('2.5.29.17', sequence(...names)),
  nameConstraints: (permitted: readonly Buffer[], excluded: readonly Buffer[]) =>
    extension(
      '2.5.29.30',
      sequence(
        ...(permitted.length > 0 ? [explicit(0, ...permitted.map(each => sequence(each)))] : []),
        ...(excluded.length > 0 ? [explicit(1, ...excluded.map(each => sequence(each)))] : []),
      ),
      true,
    ),
}

/** GeneralNames. */
export const generalName = {
  other: (oid: string, text: string) => explicit(0, objectIdentifier(oid), explicit(0, utf8String(text))),
  mail: (text: string) => implicit(1, Buffer.from(text)),
  dns: (text: string) => implicit(2, Buffer.from(text)),
  directory: (name: Buffer) => explicit(4, name),
  uri: (text: string) => implicit(6, Buffer.from(text)),
  address: (...bytes: readonly number[]) => implicit(7, Buffer.from(bytes)),
}

let serial = 0x1000

export interface Issued {
  readonly extensions?: readonly Buffer[]
  readonly serial?: number
  readonly notBefore?: Date
  readonly notAfter?: Date
}

/** A v3 certificate for `subject` by `issuer`. */
export function issue(issuer: Party, subject: Party, options: Issued = {}): Buffer {
  const { extensions: list = [], notBefore = days(0), notAfter = days(365) } = options
  return signed(issuer, algorithm =>
    sequence(
      explicit(0, integer(2)),
      integer(options.serial ?? serial++),
      algorithm,
      issuer.name,
      sequence(certificateTime(notBefore), certificateTime(notAfter)),
      subject.name,
      subject.publicKeyInfo,
      ...(list.length > 0 ? [explicit(3, sequence(...list))] : []),
    ),
  )
}

/** An authority's certificate. */
export function issueAuthority(issuer: Party, subject: Party, ...more: readonly Buffer[]): Buffer {
  return issue(issuer, subject, { extensions: [extensions.authority(), extensions.keyUsage(5, 6), ...more] })
}

export interface Revoked {
  readonly serial: number
  readonly at: Date
  readonly reason?: number
}

export interface Listed {
  readonly revoked?: readonly Revoked[]
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | null
  readonly extensions?: readonly Buffer[]
}

/** A revocation list. */
export function list(issuer: Party, options: Listed = {}): Buffer {
  const { revoked = [], thisUpdate = days(99), nextUpdate = days(106), extensions: more = [] } = options
  const entries = revoked.map(({ serial: number, at, reason }) =>
    sequence(
      integer(number),
      certificateTime(at),
      ...(reason === undefined ? [] : [sequence(extension('2.5.29.21', element(0x0a, Buffer.from([reason]))))]),
    ),
  )
  return signed(issuer, algorithm =>
    sequence(
      integer(1),
      algorithm,
      issuer.name,
      certificateTime(thisUpdate),
      ...(nextUpdate ? [certificateTime(nextUpdate)] : []),
      ...(entries.length > 0 ? [sequence(Buffer.concat(entries))] : []),
      ...(more.length > 0 ? [explicit(0, sequence(...more))] : []),
    ),
  )
}

export interface Answered {
  readonly serial: number
  readonly status?: Buffer
  readonly thisUpdate?: Date
  readonly nextUpdate?: Date | null
  readonly producedAt?: Date
  readonly hash?: 'sha1' | 'sha256'
  readonly nonce?: Buffer
  readonly certificates?: readonly Buffer[]
}

export const ocspStatus = {
  good: implicit(0, Buffer.alloc(0)),
  unknown: implicit(2, Buffer.alloc(0)),
  revoked: (at: Date) => explicit(1, generalizedTime(at)),
}

const HASHES = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1' } as const

/** An OCSP response about a certificate of `issuer`. */
export function answer(issuer: Party, responder: Party, options: Answered): Buffer {
  const { hash = 'sha1', thisUpdate = days(99), nextUpdate = days(106), certificates = [] } = options
  const digest = (bytes: Uint8Array) => octetString(createHash(hash).update(bytes).digest())
  const identifier = sequence(
    sequence(objectIdentifier(HASHES[hash]), nothing),
    digest(issuer.name),
    digest(keyBytes(issuer)),
    integer(options.serial),
  )
  const single = sequence(
    identifier,
    options.status ?? ocspStatus.good,
    generalizedTime(thisUpdate),
    ...(nextUpdate ? [explicit(0, generalizedTime(nextUpdate))] : []),
  )
  const content = sequence(
    explicit(2, octetString(createHash('sha1').update(keyBytes(responder)).digest())),
    generalizedTime(options.producedAt ?? thisUpdate),
    sequence(single),
    ...(options.nonce ? [explicit(1, sequence(extension('1.3.6.1.5.5.7.48.1.2', octetString(options.nonce))))] : []),
  )
  const [algorithm, hashName] = algorithmOf(responder)
  const basic = sequence(
    content,
    algorithm,
    bitString(sign(hashName, content, responder.privateKey)),
    ...(certificates.length > 0 ? [explicit(0, sequence(...certificates))] : []),
  )
  const bytes = sequence(objectIdentifier('1.3.6.1.5.5.7.48.1.1'), octetString(basic))
  return sequence(element(0x0a, Buffer.from([0])), explicit(0, bytes))
}

/** Content of the BIT STRING in a SubjectPublicKeyInfo; the keys here are shorter than 64 KiB. */
function keyBytes({ publicKeyInfo }: Party): Buffer {
  const inner = publicKeyInfo.subarray(publicKeyInfo.readUInt8(1) < 0x80 ? 2 : 2 + (publicKeyInfo.readUInt8(1) & 0x7f))
  const bits = inner.subarray(2 + inner.readUInt8(1))
  return bits.subarray(bits.readUInt8(1) < 0x80 ? 3 : 3 + (bits.readUInt8(1) & 0x7f))
}
