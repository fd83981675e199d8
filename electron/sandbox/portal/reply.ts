import type { z } from 'zod'

export interface Reply {
  readonly status: number
  readonly contentType: string
  readonly body: string
}

/** One request as the endpoints see it. */
export interface Call {
  readonly query: URLSearchParams
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Uint8Array
}

export type Handler = (call: Call) => Reply | Promise<Reply>

export function json(status: number, body: unknown): Reply {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) }
}

/** The dossier API's envelope around a success. */
export function ok(data: unknown): Reply {
  return json(200, { code: 0, message: 'Thành công', data })
}

/** A refusal with the reason in the API's envelope. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, message: string, code = String(status)) {
    super(message)
    this.status = status
    this.code = code
  }

  reply(): Reply {
    return json(this.status, { code: this.code, message: this.message, data: null })
  }
}

export function duplicate(): Refusal {
  return new Refusal(200, 'Hồ sơ đã tồn tại trên hệ thống', '3')
}

export const wafPage: Reply = {
  status: 200,
  contentType: 'text/html; charset=utf-8',
  body: '<!doctype html><title>Request rejected</title><p>The requested URL was rejected. Support ID: 000000000000</p>',
}

export const badGateway: Reply = { status: 502, contentType: 'text/html', body: '<h1>502 Bad Gateway</h1>' }

export const notFound: Reply = { status: 404, contentType: 'text/html', body: '<h1>404 Not Found</h1>' }

/** Parses a JSON body by `schema`. @throws Refusal 400 with the first wrong field */
export function parsed<T>(schema: z.ZodType<T>, body: Uint8Array): T {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'))
  } catch {
    throw new Refusal(400, 'Dữ liệu gửi lên không phải JSON')
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new Refusal(400, `Trường ${issue?.path.join('.') ?? ''} không hợp lệ: ${issue?.message ?? ''}`)
}
