import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { VerificationReport } from '../../../native-signing/types.ts'
import { dossierEndpoints, SANDBOX_UNIT } from './dossier-endpoints.ts'
import { type Endpoint, type Fault, type FaultPlan, faultListSchema, listedFaults, noFaults } from './faults.ts'
import { personalStoreEndpoints } from './personal-store-endpoints.ts'
import {
  badGateway,
  duplicate,
  type Handler,
  json,
  notFound,
  ok,
  parsed,
  Refusal,
  type Reply,
  wafPage,
} from './reply.ts'
import { PortalStore, type StoredCancellation, type StoredDossier, type StoredPaper } from './store.ts'
import { Tokens } from './tokens.ts'

export interface SandboxPortalOptions {
  /** Folder of its own; what it holds is kept from start to start. */
  readonly directory: string
  /** 0 takes any free port. */
  readonly port: number
  readonly clock: () => Date
  /** Judges the signatures of a file; it brings its own trust anchors. */
  readonly verify: (path: string) => Promise<VerificationReport>
  /** SHA-256 of the certificates of the offices that may seal. */
  readonly organisationCertificates: readonly string[]
  readonly faults?: FaultPlan
  readonly tokenLifetimeSeconds?: number
}

export interface SandboxCredentials {
  readonly clientId: string
  readonly clientSecret: string
  readonly storeUsername: string
  readonly storePassword: string
}

export interface SandboxPortal extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string
  readonly credentials: SandboxCredentials
  /** The office's settings for this portal, to be laid over the defaults (`dossierSettings`). */
  readonly dossierSettings: {
    readonly baseUrl: string
    readonly unit: typeof SANDBOX_UNIT
    readonly timeouts: { readonly settle: number }
  }
  /** Replaces the fault plan and counts calls from 1 again. */
  setFaults(faults: FaultPlan): void
  inspect(): {
    readonly dossiers: readonly (StoredDossier & { readonly progress: readonly unknown[] })[]
    readonly papers: readonly StoredPaper[]
    readonly cancellations: readonly StoredCancellation[]
    readonly files: number
  }
  close(): Promise<void>
}

/** An answer, or none: the connection is cut, or left hanging. */
type Outcome = Reply | 'drop' | 'hang'

const STORE_PATH = '/VXPAdapter/RestService/forward/bndp/public/v1'

const ROUTES: ReadonlyMap<string, Endpoint> = new Map([
  ['POST /DvcSync/GetToken', 'token'],
  ['GET /DvcSync/GetNextValue', 'next-number'],
  ['POST /DvcSync/UploadFile', 'upload'],
  ['POST /DvcSync/NoiHoSo', 'create'],
  ['POST /DvcSync/CapNhatTienTrinh', 'progress'],
  ['POST /DvcSync/CapNhatTrangThai', 'status'],
  ['GET /DvcSync/TraCuuHoSo', 'lookup'],
  // Sandbox choice, as no operation of this kind is known.
  ['POST /DvcSync/HuyKetQua', 'cancel'],
  [`POST ${STORE_PATH}/login`, 'store-login'],
  // The paths of these two are not known: sandbox choice.
  [`POST ${STORE_PATH}/danh-sach-giay-to`, 'store-list'],
  [`POST ${STORE_PATH}/tep-tin`, 'store-file'],
])

const FAULTS_PATH = '/sandbox/faults'
/** The sandbox answers at once, so who lost an answer need not wait long to ask again. */
const SETTLE_MS = 2_000
const MAXIMUM_BODY_BYTES = 40 * 1_048_576

/**
 * A portal to practise and test with: a real HTTP server on 127.0.0.1 with a durable store, playing the new-generation dossier API and the
 * citizens' personal store. It accepts nothing without checking it, and misbehaves only as its fault plan says (or by
 * `POST /sandbox/faults` with a list, for trying by hand).
 */
export async function startSandboxPortal(options: SandboxPortalOptions): Promise<SandboxPortal> {
  const store = new PortalStore(options.directory)
  const credentials: SandboxCredentials = {
    clientId: 'sandbox-office',
    clientSecret: store.secret('client-secret'),
    storeUsername: '000.00.01.H99',
    storePassword: store.secret('store-password'),
  }
  const lifetime = options.tokenLifetimeSeconds ?? 3600
  const apiTokens = new Tokens(options.clock, lifetime)
  const storeTokens = new Tokens(options.clock, lifetime)
  const handlers: Readonly<Record<Endpoint, Handler>> = {
    ...dossierEndpoints({ ...options, store, credentials, tokens: apiTokens }),
    ...personalStoreEndpoints({
      store,
      tokens: storeTokens,
      credentials: { username: credentials.storeUsername, password: credentials.storePassword },
    }),
  }
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  let plan = options.faults ?? noFaults
  let calls = new Map<Endpoint, number>()

  function setFaults(faults: FaultPlan): void {
    plan = faults
    calls = new Map()
  }

  function faultFor(endpoint: Endpoint): Fault | null {
    const call = (calls.get(endpoint) ?? 0) + 1
    calls.set(endpoint, call)
    return plan(endpoint, call)
  }

  /** What the client gets to see of an accident. */
  function accident(kind: Exclude<Fault['answer'], 'normal'>): Outcome {
    switch (kind) {
      case 'drop':
      case 'hang':
        return kind
      case 'unauthorized':
        apiTokens.forgetAll()
        storeTokens.forgetAll()
        return new Refusal(401, 'Token đã hết hạn').reply()
      case 'bad-gateway':
        return badGateway
      case 'not-found':
        return notFound
      case 'html':
        return wafPage
      case 'duplicate':
        return duplicate().reply()
    }
  }

  async function answer(request: IncomingMessage): Promise<Outcome> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const body = await bodyOf(request)
    if (request.method === 'POST' && url.pathname === FAULTS_PATH) {
      setFaults(listedFaults(parsed(faultListSchema, body)))
      return ok(null)
    }
    const endpoint = ROUTES.get(`${request.method} ${url.pathname}`)
    if (!endpoint) throw new Refusal(404, 'Không có dịch vụ này')
    const handle = async () => handlers[endpoint]({ query: url.searchParams, headers: request.headers, body })
    const fault = faultFor(endpoint)
    if (!fault) return handle()
    await wait(fault.delayMilliseconds, undefined, { signal: stopping.signal })
    if (fault.answer === 'normal') return handle()
    if (fault.accepted) await handle()
    return accident(fault.answer)
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let reply: Outcome
    try {
      reply = await answer(request)
    } catch (error) {
      reply =
        error instanceof Refusal
          ? error.reply()
          : json(500, { code: '500', message: error instanceof Error ? error.message : String(error), data: null })
    }
    if (reply === 'hang') return
    if (reply === 'drop' || stopping.signal.aborted) {
      response.destroy()
      return
    }
    response.writeHead(reply.status, { 'content-type': reply.contentType }).end(reply.body)
  }

  const server = createServer((request, response) => {
    const job = serve(request, response)
    running.add(job)
    void job.finally(() => running.delete(job))
  })
  try {
    await once(server.listen(options.port, '127.0.0.1'), 'listening')
  } catch (error) {
    store.close()
    throw error
  }
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the sandbox portal has no port')
  const url = `http://127.0.0.1:${address.port}`

  let closed: Promise<void> | null = null
  async function close(): Promise<void> {
    stopping.abort()
    const stopped = new Promise<void>(resolve => server.close(() => resolve()))
    server.closeAllConnections()
    await stopped
    await Promise.allSettled(running)
    store.close()
  }
  const closeOnce = () => {
    closed ??= close()
    return closed
  }

  return {
    url,
    credentials,
    dossierSettings: { baseUrl: url, unit: SANDBOX_UNIT, timeouts: { settle: SETTLE_MS } },
    setFaults,
    inspect: () => ({
      dossiers: store.dossiers().map(dossier => ({ ...dossier, progress: store.progress(dossier.id) })),
      papers: store.papers(),
      cancellations: store.cancellations(),
      files: store.fileCount(),
    }),
    close: closeOnce,
    [Symbol.asyncDispose]: closeOnce,
  }
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    bytes += part.length
    if (bytes > MAXIMUM_BODY_BYTES) throw new Refusal(413, 'Dữ liệu gửi lên quá lớn')
    chunks.push(part)
  }
  return Buffer.concat(chunks)
}
