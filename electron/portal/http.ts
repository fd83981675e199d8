import type { z } from 'zod'
import { PortalError } from './errors.ts'

export type Fetch = typeof globalThis.fetch

export interface HttpRequest {
  /** Name of the step, for errors. */
  readonly step: string
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | FormData
  readonly timeoutMilliseconds: number
  readonly signal?: AbortSignal | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly text: string
}

const NEVER_CONNECTED: ReadonlySet<string> = new Set([
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

/** Code of the system error under fetch's "fetch failed". */
function systemCode(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined
  return typeof inner === 'object' && inner !== null && 'code' in inner ? String(inner.code) : ''
}

function transportError(step: string, cause: unknown): PortalError {
  const code = systemCode(cause)
  if (UNTRUSTED.has(code)) return new PortalError('portal-certificate-untrusted', { step }, { cause })
  // Only here is it certain that the portal has seen nothing of the request.
  if (NEVER_CONNECTED.has(code)) return new PortalError('portal-unreachable', { step }, { cause })
  return new PortalError('portal-connection-lost', { step }, { cause })
}

/**
 * One request and its whole answer. Redirects are not followed: a token must not travel to another host.
 * @throws PortalError portal-unreachable, portal-connection-lost, portal-certificate-untrusted, portal-timeout, delivery-cancelled
 */
export async function exchange(fetch: Fetch, request: HttpRequest): Promise<HttpAnswer> {
  const { step, method, url, headers, body, signal } = request
  const deadline = AbortSignal.timeout(request.timeoutMilliseconds)
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      ...(headers && { headers }),
      ...(body !== undefined && { body }),
    })
    return { status: response.status, text: await response.text() }
  } catch (cause) {
    if (signal?.aborted) throw new PortalError('delivery-cancelled', { step }, { cause })
    if (deadline.aborted) throw new PortalError('portal-timeout', { step }, { cause })
    throw transportError(step, cause)
  }
}

/** The cause names places and kinds, never values: an answer may hold a token or a citizen's data. */
function unreadable(step: string, status: number, why: string): PortalError {
  return new PortalError('portal-answer-unreadable', { step, status }, { cause: new Error(why) })
}

/** Parses part of an answer by `schema`. @throws PortalError portal-answer-unreadable */
export function readValue<T>(step: string, status: number, value: unknown, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw unreadable(step, status, parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.code}`).join('; '))
}

/** Parses a JSON answer by `schema`. @throws PortalError portal-answer-unreadable */
export function readJson<T>(step: string, { status, text }: HttpAnswer, schema: z.ZodType<T>): T {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw unreadable(step, status, 'the answer is not JSON')
  }
  return readValue(step, status, json, schema)
}

/**
 * What the portal says, fit for an error: one line, without what must stay hidden and without anything that looks like an identity,
 * account or telephone number, at most 200 characters.
 */
export function publicReason(text: string, hidden: readonly (string | null)[]): string {
  let reason = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  for (const secret of hidden) {
    if (!secret) continue
    const literal = secret.normalize('NFC').replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    reason = reason.replace(new RegExp(literal, 'giu'), '…')
  }
  return [...reason.replace(/\d{9,}/g, '…')].slice(0, 200).join('')
}
