import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { answerOcspRequest, type OcspFault, type OcspResponder } from './ocsp-responder.ts'
import { revocationList } from './pki.ts'

/** The practice PKI's public side: OCSP, revocation lists, issuers' certificates, at the addresses that stand in its certificates. */
export interface RevocationServer {
  /** Base of all addresses: what `createPki` wants as `baseUrl`. */
  readonly url: string
  /** From now on it answers for this PKI; before the first call for nothing. */
  setResponder(responder: OcspResponder): void
  /** From now on every OCSP answer has this fault; null: none. */
  setFault(fault: OcspFault | null): void
  /** From now on lists are not to be had. */
  setListsAvailable(available: boolean): void
  /** Paths asked for so far, in order. */
  requests(): readonly string[]
  close(): Promise<void>
}

export interface RevocationServerOptions {
  readonly clock?: () => Date
  /** 0 takes any free port. */
  readonly port?: number
}

const LARGEST_REQUEST = 64 * 1024

/** Starts the server on this machine only. It is there before the PKI, whose certificates carry its address. */
export async function startRevocationServer(options: RevocationServerOptions = {}): Promise<RevocationServer> {
  const { clock = () => new Date(), port = 0 } = options
  const asked: string[] = []
  let responder: OcspResponder | null = null
  let fault: OcspFault | null = null
  let listsAvailable = true

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    asked.push(path)
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk)
      size += bytes.length
      if (size > LARGEST_REQUEST) {
        response.writeHead(413).end()
        return
      }
      chunks.push(bytes)
    }
    const answer = responder && answerTo(path, Buffer.concat(chunks), responder)
    if (answer) response.writeHead(200, { 'content-type': answer.type }).end(answer.bytes)
    else response.writeHead(404).end()
  }

  function answerTo(
    path: string,
    body: Uint8Array,
    known: OcspResponder,
  ): { readonly type: string; readonly bytes: Uint8Array } | null {
    const { pki } = known
    if (path === '/root.crt') return { type: 'application/pkix-cert', bytes: pki.root.certificate }
    if (path === '/sub-ca.crt') return { type: 'application/pkix-cert', bytes: pki.subCa.certificate }
    if (path === '/root.crl' && listsAvailable)
      return { type: 'application/pkix-crl', bytes: revocationList(pki, 'root', clock()) }
    if (path === '/sub-ca.crl' && listsAvailable)
      return { type: 'application/pkix-crl', bytes: revocationList(pki, 'subCa', clock()) }
    if (!path.startsWith('/ocsp')) return null
    // RFC 6960 Appendix A.1: POST, or GET with the request in the address
    const encoded = decodeURIComponent(path.slice('/ocsp/'.length))
    const question = body.length > 0 ? body : Buffer.from(encoded, 'base64')
    return { type: 'application/ocsp-response', bytes: answerOcspRequest(question, known, clock(), fault) }
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: Error) => response.destroy(error))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    setResponder: next => {
      responder = next
    },
    setFault: next => {
      fault = next
    },
    setListsAvailable: available => {
      listsAvailable = available
    },
    requests: () => [...asked],
    close: () =>
      new Promise((resolve, reject) => {
        server.close(error => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}
