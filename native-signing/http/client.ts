import { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import type { EnvHttpProxyAgent } from 'undici'
import { faultOf, HttpFault } from './fault.ts'
import { isPublicAddress } from './public-address.ts'

/** A file as a form posts it (multipart/form-data); read while it is sent. */
export interface PostedFile {
  readonly field: string
  readonly name: string
  readonly content: Blob
}

export interface HttpRequest {
  /** http or https. */
  readonly url: string
  readonly method?: 'GET' | 'POST' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | PostedFile
  /** Milliseconds from the first attempt to connect to the answer's last byte. */
  readonly timeout: number
  /** Longest answer that is read. */
  readonly maximumBytes: number
  /** How many redirections are followed, none when left out; never from https to http. Beyond, the answer is the redirection itself. */
  readonly redirections?: number
  readonly signal?: AbortSignal | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly body: Uint8Array
}

/** Sends a request and reads its whole answer. @throws HttpFault */
export type HttpClient = (request: HttpRequest) => Promise<HttpAnswer>

export interface HttpClientSettings {
  /**
   * Asks only hosts of the public internet, at the usual ports, whatever names and redirections lead there: for addresses that a stranger
   * may have written. Behind a proxy, which looks names up itself, a name is refused where this PC knows it as private.
   */
  readonly onlyPublic?: boolean
  /** Where HTTP_PROXY, HTTPS_PROXY and NO_PROXY are read. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

/** What runs here, as a practice office's services do, no proxy can reach. */
const THIS_PC = ['localhost', '127.0.0.1', '::1']

const PUBLIC_PORTS: ReadonlySet<string> = new Set(['', '80', '443'])

/** The one way in which the program asks anybody over HTTP: bounded in time and bytes, by way of the machine's proxy. */
export function createHttpClient({
  onlyPublic = false,
  environment = process.env,
}: HttpClientSettings = {}): HttpClient {
  const setting = (name: string) => (environment[name] ?? environment[name.toUpperCase()] ?? '').trim()
  const noProxy = [setting('no_proxy'), ...THIS_PC].join(',')
  const [httpProxy, httpsProxy] = [proxyAddress(setting('http_proxy')), proxyAddress(setting('https_proxy'))]
  let made: EnvHttpProxyAgent | null = null
  // at the first request: programs that ask nobody start without it, and a proxy that is no address is the request's fault
  const open = async () => {
    const { EnvHttpProxyAgent, FormData } = await import('undici')
    made ??= new EnvHttpProxyAgent({
      ...{ httpProxy, httpsProxy, noProxy },
      // a request's own time is the one limit
      ...{ headersTimeout: 0, bodyTimeout: 0, allowH2: false },
      ...(onlyPublic ? { connect: { lookup: publicLookup } } : {}),
    })
    return { connections: made, form: new FormData() }
  }

  async function send(
    url: URL,
    { method = 'GET', headers = {}, body, maximumBytes }: HttpRequest,
    signal: AbortSignal,
  ) {
    if (onlyPublic) await requirePublic(url, httpProxy !== '' || httpsProxy !== '')
    const { connections, form } = await open()
    const isFile = typeof body === 'object' && 'content' in body
    if (isFile) form.append(body.field, body.content, body.name)
    const answer = await connections.request({
      ...{ origin: url.origin, path: `${url.pathname}${url.search}`, method, headers: { ...headers }, signal },
      body: isFile ? form : (body ?? null),
    })
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of answer.body) {
      length += chunk.length
      if (length > maximumBytes) throw new HttpFault('too-long')
      chunks.push(chunk)
    }
    return { status: answer.statusCode, location: answer.headers['location'], body: Buffer.concat(chunks) }
  }

  return async request => {
    const deadline = AbortSignal.timeout(request.timeout)
    const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline
    try {
      let url = httpUrl(request.url)
      for (let left = request.redirections ?? 0; ; left--) {
        const { status, location, body } = await send(url, request, signal)
        const redirected = left > 0 && status >= 300 && status <= 399 && typeof location === 'string'
        if (!redirected) return { status, body }
        const target = httpUrl(location, url)
        if (url.protocol === 'https:' && target.protocol !== 'https:') throw new HttpFault('address-refused')
        url = target
      }
    } catch (cause) {
      if (request.signal?.aborted) throw new HttpFault('stopped', { cause })
      if (deadline.aborted) throw new HttpFault('too-slow', { cause })
      throw faultOf(cause)
    }
  }
}

/** Often written without its scheme. */
const proxyAddress = (text: string): string => (text === '' || text.includes('://') ? text : `http://${text}`)

function httpUrl(address: string, base?: URL): URL {
  const url = URL.parse(address, base)
  if (!url || !/^https?:$/.test(url.protocol)) throw new HttpFault('address-refused')
  return url
}

/** A literal address meets no look-up, so it is judged here; URL has made one spelling of all. */
async function requirePublic(url: URL, byProxy: boolean): Promise<void> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (!PUBLIC_PORTS.has(url.port)) throw new HttpFault('address-refused')
  if (isIP(host) !== 0) {
    if (!isPublicAddress(host)) throw new HttpFault('address-refused')
  } else if (byProxy) {
    const known = await promisify(systemLookup)(host, { all: true }).catch(() => [])
    if (!known.every(({ address }) => isPublicAddress(address))) throw new HttpFault('address-refused')
  }
}

/** Looks a name up for the connection that is made with the answer: no second answer can differ. One private address spoils all. */
const publicLookup: LookupFunction = (host, options, done) => {
  systemLookup(host, { ...options, all: true }, (error, found) => {
    if (error) return done(error, [])
    if (!found.every(({ address }) => isPublicAddress(address))) return done(new HttpFault('address-refused'), [])
    const [first] = found
    if (options.all || !first) return done(null, found)
    done(null, first.address, first.family)
  })
}
