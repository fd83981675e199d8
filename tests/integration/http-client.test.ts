import { execFile, execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request as forward, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { createHttpClient, type HttpRequest } from '../../native-signing/http/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let servers = new AsyncDisposableStack()
afterEach(async () => {
  await servers.disposeAsync()
  servers = new AsyncDisposableStack()
})

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket.on('error', () => {}))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  servers.defer(async () => {
    for (const socket of sockets) socket.destroy()
    await promisify(server.close.bind(server))()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const serving = async (answer: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listening(createServer(answer))}`

/** Writes for as long as somebody reads. */
function endlessly(socket: NodeJS.WritableStream, piece: string): void {
  const more = () => {
    while (socket.writable && socket.write(piece));
  }
  socket.on('drain', more).on('error', () => {})
  more()
}

const http = createHttpClient({ environment: {} })
const ask = (url: string, others: Partial<HttpRequest> = {}) =>
  http({ url, timeout: 30_000, maximumBytes: 1_048_576, ...others })

describe('an answer is bounded', () => {
  test('in bytes, and the memory with it, however much is sent', async () => {
    const url = await serving((_, response) => endlessly(response.writeHead(200), 'x'.repeat(65_536)))
    const client = join(import.meta.dirname, '../../native-signing/http/index.ts')
    const script = `
      const { createHttpClient } = await import(${JSON.stringify(client)})
      const fault = await createHttpClient({ environment: {} })({ url: ${JSON.stringify(url)}, timeout: 60000, maximumBytes: 1048576 }).catch(e => e)
      console.log(JSON.stringify({ kind: fault.kind, megabytes: process.resourceUsage().maxRSS / 1024 }))
      process.exit()`
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
    const { kind, megabytes } = JSON.parse(stdout)
    expect(kind).toBe('too-long')
    expect(megabytes).toBeLessThan(400)
  })

  test('in the bytes of its headers', async () => {
    const port = await listening(
      createTcpServer(socket => {
        socket.write('HTTP/1.1 200 OK\r\n')
        endlessly(socket, `x-more: ${'y'.repeat(1000)}\r\n`)
      }),
    )
    await expect(ask(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ kind: 'too-long' })
  })

  test('in time as a whole, though a byte comes now and then', async () => {
    const url = await serving((_, response) => {
      const dripping = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(dripping))
    })
    await expect(ask(url, { timeout: 300 })).rejects.toMatchObject({ kind: 'too-slow' })
  })

  test('in time, where no answer comes, and where only interim ones do', async () => {
    const silent = await serving(() => {})
    await expect(ask(silent, { timeout: 300 })).rejects.toMatchObject({ kind: 'too-slow' })
    const port = await listening(
      createTcpServer(socket => {
        const promising = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n'), 20)
        socket.on('close', () => clearInterval(promising))
      }),
    )
    await expect(ask(`http://127.0.0.1:${port}`, { timeout: 300 })).rejects.toMatchObject({ kind: 'too-slow' })
  })

  test('and never blown up: what comes packed stays packed', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1_048_576))
    const url = await serving((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
    expect((await ask(url)).body.length).toBe(bomb.length)
  })

  test('and ends when the caller says so', async () => {
    const stop = new AbortController()
    const url = await serving(() => stop.abort())
    await expect(ask(url, { signal: stop.signal })).rejects.toMatchObject({ kind: 'stopped' })
  })
})

describe('a redirection', () => {
  const looping = async () => {
    const asked: string[] = []
    const url = await serving((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(302, { location: `/${asked.length}` }).end()
    })
    return { url, asked }
  }

  test('is not followed', async () => {
    const { url, asked } = await looping()
    expect((await ask(url)).status).toBe(302)
    expect(asked).toEqual(['/'])
  })

  test('is followed as often as the caller wants', async () => {
    const { url, asked } = await looping()
    expect((await ask(url, { redirections: 3 })).status).toBe(302)
    expect(asked).toEqual(['/', '/1', '/2', '/3'])
  })

  test.each(['file:///etc/passwd', 'gopher://127.0.0.1/', 'http://'])('to %s is refused', async location => {
    const url = await serving((_, response) => response.writeHead(302, { location }).end())
    await expect(ask(url, { redirections: 3 })).rejects.toMatchObject({ kind: 'address-refused' })
  })
})

/** A proxy to which every address is a server of this test, and which remembers what it was asked. */
async function startProxy(onwardPort: number, answer?: RequestListener) {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    if (answer) return answer(request, response)
    const { pathname: path } = new URL(request.url ?? '')
    const { method, headers } = request
    const onward = forward({ port: onwardPort, path, headers, ...(method ? { method } : {}) }, reply => {
      reply.pipe(response.writeHead(reply.statusCode ?? 502))
    })
    request.pipe(onward)
  })
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`)
    const onward = connect(onwardPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    for (const end of [socket, onward]) end.on('error', () => {})
  })
  return { seen, address: `127.0.0.1:${await listening(server)}` }
}

const portOf = (url: string) => Number(new URL(url).port)

describe('the machine’s proxy', () => {
  test('carries each request, and what is sent with it', async () => {
    const url = await serving(async (request, response) => {
      const body: Buffer[] = []
      for await (const chunk of request) body.push(chunk)
      response.end(`got ${Buffer.concat(body)}`)
    })
    const proxy = await startProxy(portOf(url))
    const portal = 'http://portal.example.test:8080/x'
    for (const HTTP_PROXY of [`http://${proxy.address}`, proxy.address]) {
      const proxied = createHttpClient({ environment: { HTTP_PROXY } })
      const request = { url: portal, method: 'POST', body: 'hello', timeout: 30_000, maximumBytes: 100 } as const
      expect(Buffer.from((await proxied(request)).body).toString()).toBe('got hello')
    }
    expect(proxy.seen).toEqual([`POST ${portal}`, `POST ${portal}`])
  })

  test('is a tunnel for https, in which nobody else is believed', async () => {
    using folder = temporaryFolder()
    const [key, cert] = [folder.file('key.pem'), folder.file('cert.pem')]
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    execFileSync(
      'openssl',
      ['req', '-x509', ...curve, '-keyout', key, '-out', cert, '-subj', '/CN=portal.example.test'],
      { stdio: 'ignore' },
    )
    let asked = 0
    const tls = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => {
      asked += 1
      response.end()
    })
    const proxy = await startProxy(await listening(tls))
    const proxied = createHttpClient({ environment: { HTTPS_PROXY: `http://${proxy.address}` } })
    const asking = proxied({ url: 'https://portal.example.test/secret', timeout: 30_000, maximumBytes: 100 })
    await expect(asking).rejects.toMatchObject({ kind: 'untrusted' })
    expect([proxy.seen, asked]).toEqual([['CONNECT portal.example.test:443'], 0])
  })

  test('is passed by for this PC itself, and where NO_PROXY says so', async () => {
    const url = await serving((_, response) => response.end('direct'))
    const proxy = await startProxy(portOf(url))
    const environment = { HTTP_PROXY: `http://${proxy.address}`, NO_PROXY: 'x.example.test, 127.0.0.2' }
    const direct = createHttpClient({ environment })
    const limits = { timeout: 30_000, maximumBytes: 100 }
    for (const host of ['127.0.0.1', 'localhost'])
      expect((await direct({ url: `http://${host}:${portOf(url)}`, ...limits })).status).toBe(200)
    // nobody listens there
    await expect(direct({ url: 'http://127.0.0.2:9/', ...limits })).rejects.toMatchObject({ kind: 'unreachable' })
    expect(proxy.seen).toEqual([])
  })

  test('that is not there is said, and one that is no address', async () => {
    const port = await listening(createTcpServer())
    await servers.disposeAsync()
    servers = new AsyncDisposableStack()
    const request = { url: 'http://portal.example.test/', timeout: 30_000, maximumBytes: 100 }
    const gone = createHttpClient({ environment: { http_proxy: `http://127.0.0.1:${port}` } })
    await expect(gone(request)).rejects.toMatchObject({ kind: 'unreachable' })
    await expect(createHttpClient({ environment: { http_proxy: '::' } })(request)).rejects.toMatchObject({
      kind: 'lost',
    })
  })

  test('opens no way inside for an address of a stranger, first or redirected', async () => {
    const proxy = await startProxy(0, (_, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
    )
    const careful = createHttpClient({ onlyPublic: true, environment: { http_proxy: proxy.address } })
    const others = { timeout: 30_000, maximumBytes: 100, redirections: 3 }
    for (const url of ['http://127.0.0.1/', 'http://localhost/', 'http://8.8.8.8/'])
      await expect(careful({ url, ...others })).rejects.toMatchObject({ kind: 'address-refused' })
    expect(proxy.seen).toEqual(['GET http://8.8.8.8/'])
  })
})
