import { X509Certificate } from 'node:crypto'
import { sameBytes } from '../bytes.ts'
import { DerError, readBer } from '../der/reader.ts'
import { SigningError } from '../errors.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { decodeText, is, type PdfDictionary, type PdfString } from '../pdf/objects.ts'
import {
  ATTRIBUTE_NAMES,
  KEY_USAGES,
  nameAttributes,
  type ParsedCertificate,
  parseCertificate,
} from '../trust/certificate.ts'
import type { Certificate, SignatureRequest } from '../types.ts'

type Entry = 'Subject' | 'Issuer' | 'OID' | 'SubjectDN' | 'KeyUsage'

const CERTIFICATE_POLICIES = '2.5.29.32'
const ATTRIBUTES_BY_NAME = new Map(Object.entries(ATTRIBUTE_NAMES).map(([type, name]) => [name.toLowerCase(), type]))

/**
 * Which certificates may sign a waiting field (certificate seed value dictionary, ISO 32000-2 §12.7.5.5). Wishes are nothing to choose by: the
 * signer has chosen the certificate.
 * @param seed the field's seed value dictionary
 * @throws SigningError seed-certificate-not-accepted
 */
export function checkSeedCertificate(
  document: PdfDocument,
  seed: PdfDictionary,
  field: string,
  { certificate, chain }: Pick<SignatureRequest, 'certificate' | 'chain'>,
): void {
  const rules = document.dictionary(seed.entries.get('Cert'))
  if (!rules) return
  const flags = document.get(rules, 'Ff')
  const parsed = parseCertificate(certificate.der)
  const strings = (entry: Entry) => stringsOf(document, rules, entry)
  // with the bit of /Ff that makes each a must, counted from 0 (table 238); /URL only helps to find a certificate
  const conditions: readonly (readonly [Entry, number, () => boolean])[] = [
    ['Subject', 0, () => strings('Subject').some(({ bytes }) => sameBytes(bytes, certificate.der))],
    [
      'Issuer',
      1,
      () => strings('Issuer').some(({ bytes }) => [certificate, ...chain].some(each => leadsTo(each, bytes))),
    ],
    ['OID', 2, () => isSubset(strings('OID').map(decodeText), policiesOf(parsed))],
    ['SubjectDN', 3, () => hasAttributes(document, rules, parsed)],
    ['KeyUsage', 5, () => strings('KeyUsage').some(pattern => fitsUsage(decodeText(pattern), parsed))],
  ]
  for (const [entry, bit, isMet] of conditions) {
    const isMust = typeof flags === 'number' && ((flags >> bit) & 1) === 1
    if (isMust && rules.entries.has(entry) && !isMet())
      throw new SigningError('seed-certificate-not-accepted', { field, entry })
  }
}

function stringsOf(document: PdfDocument, rules: PdfDictionary, entry: Entry): readonly PdfString[] {
  const value = document.get(rules, entry)
  return (is(value, 'array') ? value.items : []).map(item => document.resolve(item)).filter(item => is(item, 'string'))
}

/** Whether a certificate is the named one or was issued by it. */
function leadsTo(certificate: Certificate, issuer: Uint8Array): boolean {
  if (sameBytes(certificate.der, issuer)) return true
  try {
    const [below, above] = [new X509Certificate(certificate.der), new X509Certificate(issuer)]
    return below.checkIssued(above) && below.verify(above.publicKey)
  } catch {
    // what the field names is no certificate, or one whose key nobody here knows
    return false
  }
}

const isSubset = (wanted: readonly string[], present: ReadonlySet<string>): boolean =>
  wanted.every(each => present.has(each))

function policiesOf({ extensions }: ParsedCertificate): ReadonlySet<string> {
  const extension = extensions.get(CERTIFICATE_POLICIES)
  try {
    const policies = extension ? readBer(extension.value).children : []
    return new Set(policies.map(policy => policy.reader().next().objectIdentifier))
  } catch (error) {
    if (error instanceof DerError) return new Set()
    throw error
  }
}

/** All attributes of all dictionaries, by their short names (RFC 4514) or object identifiers. */
function hasAttributes(document: PdfDocument, rules: PdfDictionary, { subject }: ParsedCertificate): boolean {
  const present = new Set(nameAttributes(subject).map(({ type, text }) => `${type} ${text.normalize()}`))
  const names = document.get(rules, 'SubjectDN')
  return (is(names, 'array') ? names.items : []).every(item => {
    const name = document.dictionary(item)
    return [...(name?.entries ?? [])].every(([key, value]) => {
      const text = document.resolve(value)
      const type = ATTRIBUTES_BY_NAME.get(key.toLowerCase()) ?? key
      return is(text, 'string') && present.has(`${type} ${decodeText(text).normalize()}`)
    })
  })
}

/** A character for each bit of RFC 5280 §4.2.1.3: 1 must be set, 0 must not, X as it likes. */
function fitsUsage(pattern: string, { keyUsage }: ParsedCertificate): boolean {
  return KEY_USAGES.every((usage, bit) => {
    const wanted = pattern[bit]
    const isSet = keyUsage?.has(usage) ?? false
    return wanted === '1' ? isSet : wanted !== '0' || !isSet
  })
}
