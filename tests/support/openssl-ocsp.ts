import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createOcspResponder } from '../../electron/sandbox/ocsp-responder.ts'
import type { SandboxPki } from '../../electron/sandbox/pki.ts'
import { pem } from './openssl-tsa.ts'

const run = promisify(execFile)

export interface OpensslRevocationServer extends AsyncDisposable {
  readonly url: string
  /** Answers for this PKI from now on: these certificates of the sub-CA, as `openssl ca` would have them in its index. */
  setPki(
    pki: SandboxPki,
    issued: readonly { readonly serialNumber: string; readonly revoked: Date | null }[],
  ): Promise<void>
}

const authorities = ['root', 'subCa'] as const

/** An OCSP responder of another's making: `openssl ocsp` with an index file, behind HTTP; no lists, no issuers' certificates. */
export async function startOpensslRevocationServer(): Promise<OpensslRevocationServer> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-ocsp-'))
  const file = (name: string) => join(folder, name)
  let last: Promise<unknown> = Promise.resolve()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const answer = last.then(() => answerTo(Buffer.concat(chunks)))
    last = answer.catch(() => undefined)
    try {
      const bytes = await answer
      response.writeHead(200, { 'content-type': 'application/ocsp-response' }).end(bytes)
    } catch {
      response.writeHead(500).end()
    }
  })

  /** The responder of the authority that the question is about; openssl says "unknown" for others'. */
  async function answerTo(question: Buffer): Promise<Buffer> {
    await writeFile(file('question.der'), question)
    let answer = Buffer.alloc(0)
    for (const authority of authorities) {
      const signer = authority === 'root' ? 'root' : 'responder'
      await run('openssl', [
        ...['ocsp', '-index', file(`${authority}.txt`), '-CA', file(`${authority}.pem`), '-ndays', '1'],
        ...['-rsigner', file(`${signer}.pem`), '-rkey', file(`${signer}.key`)],
        ...['-reqin', file('question.der'), '-respout', file('answer.der')],
      ])
      answer = await readFile(file('answer.der'))
      const { stdout } = await run('openssl', ['ocsp', '-respin', file('answer.der'), '-resp_text', '-noverify'])
      if (!/Cert Status: unknown/.test(stdout)) return answer
    }
    return answer
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async setPki(pki, issued) {
      const { identity } = createOcspResponder(pki, new Date())
      const keys = { root: pki.root, subCa: pki.subCa, responder: identity }
      for (const [name, { certificate, privateKey }] of Object.entries(keys)) {
        await writeFile(file(`${name}.pem`), pem(certificate))
        await writeFile(file(`${name}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }))
      }
      await writeFile(file('root.txt'), indexOf([{ serialNumber: await serialOf(file('subCa.pem')), revoked: null }]))
      await writeFile(file('subCa.txt'), indexOf(issued))
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await rm(folder, { recursive: true })
    },
  }
}

async function serialOf(path: string): Promise<string> {
  const { stdout } = await run('openssl', ['x509', '-in', path, '-noout', '-serial'])
  return stdout.trim().replace('serial=', '')
}

/** The text database of `openssl ca`. */
function indexOf(issued: readonly { readonly serialNumber: string; readonly revoked: Date | null }[]): string {
  const time = (date: Date) =>
    `${date
      .toISOString()
      .replace(/[-:T]|\.\d+Z$/g, '')
      .slice(2)}Z`
  return issued
    .map(({ serialNumber, revoked }) => {
      const state = revoked ? `R\t350101000000Z\t${time(revoked)}` : 'V\t350101000000Z\t'
      return `${state}\t${serialNumber.toUpperCase()}\tunknown\t/CN=mau ${serialNumber}\n`
    })
    .join('')
}
