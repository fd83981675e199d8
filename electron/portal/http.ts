import type { z } from 'zod'
import { type HttpClient, HttpFault, type HttpFaultKind, type PostedFile } from '../../native-signing/http/index.ts'
import { PortalError, type PortalErrorCode } from './errors.ts'

export interface PortalRequest {
  /** Name of the step, for errors. */
  readonly step: string
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | PostedFile
  readonly timeoutMilliseconds: number
  /** Longest answer that is read; 1 MiB when left out. */
  readonly maximumBytes?: number
  readonly signal?: AbortSignal | undefined
}

export interface PortalAnswer {
  readonly status: number
  readonly text: string
}

/** A portal says little; more is a firewall's page, or worse. */
const MAXIMUM_ANSWER_BYTES = 1_048_576
/** Lists within objects within lists: no answer of a portal goes so deep. */
const MAXIMUM_DEPTH = 64

const FAULTS: Readonly<Record<HttpFaultKind, PortalErrorCode>> = {
  unreachable: 'portal-unreachable',
  'address-refused': 'portal-unreachable',
  untrusted: 'portal-certificate-untrusted',
  lost: 'portal-connection-lost',
  'too-slow': 'portal-timeout',
  'too-long': 'portal-answer-unreadable',
  stopped: 'delivery-cancelled',
}

/**
 * One request and its whole answer. Redirects are not followed: a token must not travel to another host.
 * @throws PortalError portal-unreachable, portal-connection-lost, portal-certificate-untrusted, portal-timeout,
 * portal-answer-unreadable, delivery-cancelled
 */
export async function exchange(http: HttpClient, request: PortalRequest): Promise<PortalAnswer> {
  const { step, timeoutMilliseconds: timeout, maximumBytes = MAXIMUM_ANSWER_BYTES, ...same } = request
  try {
    const { status, body } = await http({ ...same, timeout, maximumBytes })
    return { status, text: new TextDecoder().decode(body) }
  } catch (cause) {
    if (!(cause instanceof HttpFault)) throw cause
    throw new PortalError(FAULTS[cause.kind], { step }, { cause })
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
export function readJson<T>(step: string, { status, text }: PortalAnswer, schema: z.ZodType<T>): T {
  if (depthOf(text) > MAXIMUM_DEPTH) throw unreadable(step, status, 'the answer is nested too deep')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw unreadable(step, status, 'the answer is not JSON')
  }
  return readValue(step, status, json, schema)
}

/** Brackets open at once, those in strings too: what reads the answer goes down them one by one. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0]
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    deepest = Math.max(deepest, depth)
  }
  return deepest
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
