import { createHash } from 'node:crypto'
import { AsnParser } from '@peculiar/asn1-schema'
import {
  BasicConstraints,
  ExtendedKeyUsage,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_kp_OCSPSigning,
  id_kp_serverAuth,
  id_kp_timeStamping,
  KeyUsage,
  KeyUsageFlags,
  type Name,
  Certificate as X509,
} from '@peculiar/asn1-x509'
import { SigningError } from '../errors.ts'
import type { Certificate } from '../types.ts'

const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.42': 'GN',
  '0.9.2342.19200300.100.1.1': 'UID',
  '1.2.840.113549.1.9.1': 'E',
}

/** Reads a certificate. @throws SigningError certificate-unreadable */
export function certificateFromDer(der: Uint8Array): Certificate {
  const { tbsCertificate } = parse(der)
  return {
    der: new Uint8Array(der),
    sha256: createHash('sha256').update(der).digest('hex'),
    subject: formatName(tbsCertificate.subject),
    commonName: commonName(tbsCertificate.subject),
    issuer: formatName(tbsCertificate.issuer),
    serialNumber: Buffer.from(tbsCertificate.serialNumber).toString('hex'),
    notBefore: tbsCertificate.validity.notBefore.getTime(),
    notAfter: tbsCertificate.validity.notAfter.getTime(),
  }
}

/** Those that can be read: a damaged thing on a token must not hide the certificates beside it. */
export function readableCertificates(ders: readonly Uint8Array[]): readonly Certificate[] {
  return ders.flatMap(der => {
    try {
      return [certificateFromDer(der)]
    } catch (error) {
      if (error instanceof SigningError) return []
      throw error
    }
  })
}

/**
 * Whether a certificate may sign at this time, by what stands in itself (Thông tư 15/2025/TT-BKHCN: checked before signing is allowed).
 * Revocation and trust are others' subject.
 * @throws SigningError certificate-expired, certificate-not-yet-valid, certificate-not-for-signing, certificate-unreadable
 */
export function checkSigningCertificate(certificate: Certificate, at: Date): void {
  const { sha256, notBefore, notAfter } = certificate
  if (at < notBefore)
    throw new SigningError('certificate-not-yet-valid', { sha256, notBefore: notBefore.toISOString() })
  if (at > notAfter) throw new SigningError('certificate-expired', { sha256, notAfter: notAfter.toISOString() })
  if (!mayBeUsedForSigning(certificate.der)) throw new SigningError('certificate-not-for-signing', { sha256 })
}

/** Purposes that have nothing to do with signing papers; a certificate for these alone must not sign one. */
const foreignPurposes: readonly string[] = [id_kp_serverAuth, id_kp_timeStamping, id_kp_OCSPSigning]

/** Key usage of RFC 5280 §4.2.1.3: digitalSignature or nonRepudiation, or no restriction at all; and no authority's certificate. */
function mayBeUsedForSigning(der: Uint8Array): boolean {
  const extensions = parse(der).tbsCertificate.extensions ?? []
  const value = (type: string) => extensions.find(each => each.extnID === type)?.extnValue.buffer
  try {
    const constraints = value(id_ce_basicConstraints)
    if (constraints && AsnParser.parse(constraints, BasicConstraints).cA) return false
    const usage = value(id_ce_keyUsage)
    const signing = KeyUsageFlags.digitalSignature | KeyUsageFlags.nonRepudiation
    if (usage && !(AsnParser.parse(usage, KeyUsage).toNumber() & signing)) return false
    const purposes = value(id_ce_extKeyUsage)
    return !purposes || !AsnParser.parse(purposes, ExtendedKeyUsage).every(each => foreignPurposes.includes(each))
  } catch (cause) {
    throw new SigningError('certificate-unreadable', {}, { cause })
  }
}

function parse(der: Uint8Array): X509 {
  try {
    return AsnParser.parse(der, X509)
  } catch (cause) {
    throw new SigningError('certificate-unreadable', {}, { cause })
  }
}

/** In the order of the certificate, for people to read: `C=VN, O=…, CN=…`. */
function formatName(name: Name): string {
  return [...name]
    .flatMap(part => [...part].map(each => `${attributeNames[each.type] ?? each.type}=${each.value.toString()}`))
    .join(', ')
}

/** The last common name; where there is none, the whole subject. */
function commonName(name: Name): string {
  const names = [...name].flatMap(part => [...part].filter(each => each.type === '2.5.4.3'))
  return names.at(-1)?.value.toString() ?? formatName(name)
}
