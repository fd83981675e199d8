import { openAsBlob } from 'node:fs'
import { z } from 'zod'
import type { HttpClient } from '../../native-signing/http/index.ts'
import type { Exchange, Parcel } from './adapter.ts'
import {
  createdSchema,
  envelopeSchema,
  type FoundDossier,
  lookupSchema,
  nextNumberSchema,
  tokenSchema,
  uploadSchema,
  verdict,
} from './dossier-answers.ts'
import type { cancellationBody, DossierKey, dossierBody, ProgressItem, statusBody, Upload } from './dossier-fields.ts'
import type { DossierSettings } from './dossier-settings.ts'
import { PortalError } from './errors.ts'
import { recorded, type Shown } from './evidence.ts'
import { exchange, type PortalAnswer, type PortalRequest, publicReason, readJson, readValue } from './http.ts'

export interface DossierCredentials {
  readonly clientId: string
  readonly clientSecret: string
}

export interface DossierClientParts {
  readonly credentials: DossierCredentials
  readonly http: HttpClient
  readonly clock: () => Date
}

/** One delivery's conversation: when to stop, where its evidence goes, and what no error may repeat. */
export interface Conversation {
  readonly signal: AbortSignal | undefined
  readonly record: (exchange: Exchange) => Promise<void>
  /** The one gate before every request. */
  readonly proceed: () => Promise<void>
  readonly hidden: readonly (string | null)[]
}

/** The calls of the API, one method each; every one throws PortalError as `exchange`, `readJson` and the envelope's verdict say. */
export interface DossierClient {
  nextNumber(talk: Conversation): Promise<string>
  upload(file: Parcel['file'], talk: Conversation): Promise<Upload>
  create(body: ReturnType<typeof dossierBody>, talk: Conversation): Promise<DossierKey>
  lookUp(number: string, talk: Conversation): Promise<FoundDossier | null>
  reportProgress(items: readonly ProgressItem[], talk: Conversation): Promise<void>
  setStatus(body: ReturnType<typeof statusBody>, talk: Conversation): Promise<void>
  cancel(body: ReturnType<typeof cancellationBody>, talk: Conversation): Promise<void>
}

interface Token {
  readonly value: string
  readonly expiresAt: number
}

const anything = z.unknown()

/** Neither what is asked for a token nor the token is evidence. */
const SECRET: Shown = { request: null, answer: false }

type Call = Omit<PortalRequest, 'timeoutMilliseconds' | 'signal' | 'headers'> & {
  readonly timeoutMilliseconds?: number
  /** Where the evidence may not show body and answer as they are. */
  readonly shown?: Shown
}

/** A token is renewed this long before its end, so that it does not run out on the way. */
const TOKEN_MARGIN_MS = 30_000

/** A client with its own token, which is kept until it runs out and renewed once when the portal says 401 (§4.1 of the API). */
export function createDossierClient(settings: DossierSettings, parts: DossierClientParts): DossierClient {
  const { credentials, http, clock } = parts
  let token: Token | null = null

  async function send(
    call: Call,
    talk: Conversation,
    headers: Readonly<Record<string, string>>,
  ): Promise<PortalAnswer> {
    await talk.proceed()
    const request: PortalRequest = {
      timeoutMilliseconds: settings.timeouts.request,
      ...call,
      url: settings.baseUrl + call.url,
      headers: {
        accept: 'application/json',
        ...(typeof call.body === 'string' && { 'content-type': 'application/json; charset=utf-8' }),
        ...headers,
      },
      signal: talk.signal,
    }
    const shown = call.shown ?? { request: typeof call.body === 'string' ? call.body : null, answer: true }
    const secrets = [credentials.clientSecret, ...(token ? [token.value] : [])]
    return recorded(request, shown, { send: sent => exchange(http, sent), record: talk.record, clock, secrets })
  }

  function read<T>(step: string, answer: PortalAnswer, schema: z.ZodType<T>, hidden: Conversation['hidden']): T {
    if (answer.status === 429 || answer.status >= 500) {
      throw new PortalError('portal-unavailable', { step, status: answer.status })
    }
    const envelope = readJson(step, answer, envelopeSchema)
    const outcome = verdict(envelope, answer.status, settings)
    if (outcome === 'done') return readValue(step, answer.status, envelope.data, schema)
    throw new PortalError(outcome === 'duplicate' ? 'portal-duplicate' : 'portal-refused', {
      step,
      status: answer.status,
      reason: publicReason(envelope.message, [...hidden, credentials.clientSecret]),
    })
  }

  async function currentToken(talk: Conversation): Promise<Token> {
    if (token && clock().getTime() < token.expiresAt) return token
    const body = JSON.stringify({ client_id: credentials.clientId, client_secret: credentials.clientSecret })
    const asked = clock().getTime()
    const answer = await send(
      { step: 'token', method: 'POST', url: settings.paths.token, body, shown: SECRET },
      talk,
      {},
    )
    try {
      const data = read('token', answer, tokenSchema, talk.hidden)
      token = { value: data.access_token, expiresAt: asked + data.expires_in * 1000 - TOKEN_MARGIN_MS }
      return token
    } catch (error) {
      const refused = error instanceof PortalError && error.code === 'portal-refused'
      throw refused ? new PortalError('portal-login-failed', { step: 'token' }, { cause: error }) : error
    }
  }

  async function call<T>(request: Call, schema: z.ZodType<T>, talk: Conversation): Promise<T> {
    for (const last of [false, true]) {
      const used = await currentToken(talk)
      const answer = await send(request, talk, { authorization: `Bearer ${used.value}` })
      if (answer.status !== 401) return read(request.step, answer, schema, [...talk.hidden, used.value])
      if (token === used) token = null
      // A token just given and refused at once is the portal's disorder, not a wrong secret: it may pass.
      if (last) break
    }
    throw new PortalError('portal-login-failed', { step: request.step }, { retriable: true })
  }

  const post = (step: string, url: string, body: unknown): Call => ({
    step,
    method: 'POST',
    url,
    body: JSON.stringify(body),
  })

  return {
    async nextNumber(talk) {
      const url = `${settings.paths.nextNumber}?code=${encodeURIComponent(settings.unit.numberCode)}`
      return (await call({ step: 'next-number', method: 'GET', url }, nextNumberSchema, talk)).value
    },

    async upload(file, talk) {
      // The blob reads from disk while it is sent, and fails if the file changes meanwhile.
      const content = await openAsBlob(file.path, { type: 'application/pdf' })
      const body = { field: 'files', name: file.name, content }
      const timeoutMilliseconds = settings.timeouts.upload
      const { name, bytes, sha256 } = file
      const shown: Shown = { request: JSON.stringify({ files: [{ name, bytes, sha256 }] }), answer: true }
      const request: Call = {
        step: 'upload',
        method: 'POST',
        url: settings.paths.upload,
        body,
        timeoutMilliseconds,
        shown,
      }
      const [uploaded] = await call(request, uploadSchema, talk)
      if (!uploaded) throw new PortalError('portal-answer-unreadable', { step: 'upload' })
      if (settings.fileHash === 'SHA-256' && uploaded.HashTepTin.toLowerCase() !== file.sha256) {
        throw new PortalError('portal-hash-mismatch')
      }
      return { id: uploaded.IdTepTin, hash: uploaded.HashTepTin }
    },

    create: (body, talk) => call(post('create', settings.paths.create, body), createdSchema, talk),

    async lookUp(number, talk) {
      const url = `${settings.paths.lookup}?MaHoSo=${encodeURIComponent(number)}`
      const found = await call({ step: 'lookup', method: 'GET', url }, lookupSchema, talk)
      return found.find(dossier => dossier.number === number) ?? null
    },

    async reportProgress(items, talk) {
      await call(post('progress', settings.paths.progress, items), anything, talk)
    },

    async setStatus(body, talk) {
      await call(post('status', settings.paths.status, body), anything, talk)
    },

    async cancel(body, talk) {
      await call(post('cancel', settings.paths.cancel, body), anything, talk)
    },
  }
}
