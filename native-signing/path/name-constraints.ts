import type { PathCertificate } from './certificate.ts'
import type { NameConstraints } from './extensions.ts'
import type { GeneralName } from './general-name.ts'
import { isWithin } from './name.ts'

/** Comparisons of one certificate's names with all constraints above it; more can only be meant to keep us busy. */
const MAXIMUM_COMPARISONS = 1 << 18

/**
 * Whether every name of a certificate is allowed by the constraints of the certificates above it (RFC 5280 §4.2.1.10, §6.1.3 (b), (c)).
 * Where a form of name is constrained that we cannot compare, a certificate that has such a name is refused. Mail addresses in the
 * subject's name count like those among the alternative names, whether these are there or not.
 */
export function namesAllowed(certificate: PathCertificate, constraints: readonly NameConstraints[]): boolean {
  if (constraints.length === 0) return true
  const names: GeneralName[] = [
    ...(certificate.subject.parts.length > 0 ? [{ form: 'directory', name: certificate.subject } as const] : []),
    ...certificate.subject.mailAddresses.map(text => ({ form: 'mail', text }) as const),
    ...(certificate.alternativeNames ?? []),
  ]
  const bases = constraints.reduce((sum, { permitted, excluded }) => sum + permitted.length + excluded.length, 0)
  if (names.length * bases > MAXIMUM_COMPARISONS) return false
  return constraints.every(each => names.every(name => isAllowed(name, each)))
}

function isAllowed(name: GeneralName, { permitted, excluded }: NameConstraints): boolean {
  const permittedHere = permitted.filter(base => sameForm(base, name))
  const excludedHere = excluded.filter(base => sameForm(base, name))
  if (permittedHere.length === 0 && excludedHere.length === 0) return true
  if (!isComparable(name)) return false
  const inPermitted = permittedHere.length === 0 || permittedHere.some(base => matches(name, base, 'permitted'))
  return inPermitted && !excludedHere.some(base => matches(name, base, 'excluded'))
}

function sameForm(base: GeneralName, name: GeneralName): boolean {
  if (base.form === 'unsupported' && name.form === 'unsupported') return base.kind === name.kind
  return base.form === name.form
}

/** Whether the name is whole enough to say of it what it lies in. */
function isComparable(name: GeneralName): boolean {
  switch (name.form) {
    case 'directory':
      return true
    case 'dns':
      return isHostName(name.text.replace(/^\*\./, ''))
    case 'mail':
      return mailParts(name.text) !== null
    case 'uri':
      return uriHost(name.text) !== null
    case 'address':
      return name.bytes.length === 4 || name.bytes.length === 16
    case 'unsupported':
      return false
  }
}

function matches(name: GeneralName, base: GeneralName, kind: 'permitted' | 'excluded'): boolean {
  if (name.form === 'directory' && base.form === 'directory') return isWithin(name.name, base.name)
  if (name.form === 'dns' && base.form === 'dns') return dnsMatches(name.text, base.text, kind)
  if (name.form === 'mail' && base.form === 'mail') return mailMatches(name.text, base.text)
  if (name.form === 'uri' && base.form === 'uri') return hostMatches(uriHost(name.text) ?? '', base.text)
  if (name.form === 'address' && base.form === 'address') return addressMatches(name.bytes, base.bytes, kind)
  return kind === 'excluded'
}

function isHostName(text: string): boolean {
  return /^(?!-)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?$/.test(text) && text.length <= 254
}

const lower = (host: string): string => host.toLowerCase().replace(/\.$/, '')

/** The constraint's host itself or one with labels added on the left; a leading dot asks for at least one more label. */
function dnsMatches(name: string, base: string, kind: 'permitted' | 'excluded'): boolean {
  const host = lower(name)
  const domain = lower(base)
  if (domain === '' || host === domain) return true
  if (host.endsWith(domain.startsWith('.') ? domain : `.${domain}`)) return true
  // *.example.com covers the excluded host.example.com
  return kind === 'excluded' && host.startsWith('*.') && domain.endsWith(host.slice(1))
}

/** A host exactly, or with a leading dot every host below it: URIs and mail addresses. */
function hostMatches(host: string, base: string): boolean {
  const domain = lower(base)
  if (domain === '') return true
  return domain.startsWith('.') ? lower(host).endsWith(domain) : lower(host) === domain
}

function mailParts(address: string): { readonly local: string; readonly host: string } | null {
  const at = address.lastIndexOf('@')
  const host = address.slice(at + 1)
  return at > 0 && isHostName(host) ? { local: address.slice(0, at), host } : null
}

/** One mailbox, all of a host, or with a leading dot all of the hosts below. The local part is case-sensitive (RFC 5321 §2.4). */
function mailMatches(address: string, base: string): boolean {
  const parts = mailParts(address)
  if (!parts) return false
  const mailbox = base.lastIndexOf('@')
  if (mailbox < 0) return hostMatches(parts.host, base)
  return base.slice(0, mailbox) === parts.local && lower(base.slice(mailbox + 1)) === lower(parts.host)
}

/** Host of a URI with an authority; null without one or when it is an IP address (RFC 5280 §4.2.1.10). */
function uriHost(uri: string): string | null {
  const host = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]\\]+)(?::\d*)?(?:[/?#]|$)/.exec(uri)?.[1]
  return host !== undefined && isHostName(host) && !/(^|\.)\d+\.?$/.test(host) ? host : null
}

/** Address and mask, 8 bytes for IPv4 and 32 for IPv6; one of the other family lies outside. */
function addressMatches(address: Uint8Array, base: Uint8Array, kind: 'permitted' | 'excluded'): boolean {
  if (base.length !== 8 && base.length !== 32) return kind === 'excluded'
  const size = base.length / 2
  if (address.length !== size) return false
  return address.every((byte, index) => {
    const mask = base[size + index] ?? 0
    return (byte & mask) === ((base[index] ?? 0) & mask)
  })
}
