/** Why an HTTP request has no answer. */
export type HttpFaultKind =
  /** Nothing of the request went out: no such host, nobody listens. */
  | 'unreachable'
  /** Nobody vouches for the certificate of the other side; nothing of the request went out. */
  | 'untrusted'
  /** The caller may not ask there; nothing went out. */
  | 'address-refused'
  /** The connection ended early; whether the other side has seen the request is not known. */
  | 'lost'
  | 'too-slow'
  | 'too-long'
  /** The caller's signal. */
  | 'stopped'

/** A request without a usable answer. Each caller makes an error of its own subject of it. */
export class HttpFault extends Error {
  readonly kind: HttpFaultKind

  constructor(kind: HttpFaultKind, options?: ErrorOptions) {
    super(kind, options)
    this.kind = kind
  }
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const UNTRUSTED: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** The fault under what the connection threw. */
export function faultOf(cause: unknown): HttpFault {
  if (cause instanceof HttpFault) return cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (UNTRUSTED.has(code)) return new HttpFault('untrusted', { cause })
  if (UNREACHABLE.has(code)) return new HttpFault('unreachable', { cause })
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return new HttpFault('too-long', { cause })
  return new HttpFault('lost', { cause })
}
