import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SandboxPki } from '../../electron/sandbox/pki.ts'

const run = promisify(execFile)

export interface OpensslTimestampAuthority extends AsyncDisposable {
  readonly url: string
}

/** PEM of certificates, one after another. */
export function pem(...certificates: readonly Uint8Array[]): string {
  return certificates
    .map(
      der => `-----BEGIN CERTIFICATE-----\n${wrap(Buffer.from(der).toString('base64'))}\n-----END CERTIFICATE-----\n`,
    )
    .join('')
}

const wrap = (text: string): string => text.replace(/.{64}(?=.)/g, '$&\n')

/** A time-stamp authority of another's making: `openssl ts -reply` behind HTTP, with the practice PKI's TSA key. */
export async function startOpensslTimestampAuthority(pki: SandboxPki): Promise<OpensslTimestampAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'openssl-tsa-'))
  const file = (name: string) => join(folder, name)
  await writeFile(file('tsa.crt'), pem(pki.timestampAuthority.certificate))
  await writeFile(file('chain.crt'), pem(pki.subCa.certificate, pki.root.certificate))
  await writeFile(file('tsa.key'), pki.timestampAuthority.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await writeFile(file('serial'), '01\n')
  await writeFile(file('openssl.cnf'), configuration(file))
  let last: Promise<unknown> = Promise.resolve()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const answer = last.then(async () => {
      await writeFile(file('request.tsq'), Buffer.concat(chunks))
      await run('openssl', [
        ...['ts', '-reply', '-config', file('openssl.cnf')],
        ...['-queryfile', file('request.tsq'), '-out', file('answer.tsr')],
      ])
      return readFile(file('answer.tsr'))
    })
    last = answer.catch(() => undefined)
    try {
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(await answer)
    } catch {
      response.writeHead(500).end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await rm(folder, { recursive: true })
    },
  }
}

function configuration(file: (name: string) => string): string {
  return [
    '[tsa]',
    'default_tsa = practice',
    '[practice]',
    `serial = ${file('serial')}`,
    'crypto_device = builtin',
    `signer_cert = ${file('tsa.crt')}`,
    `certs = ${file('chain.crt')}`,
    `signer_key = ${file('tsa.key')}`,
    'signer_digest = sha256',
    'default_policy = 1.2.3.4.1',
    'digests = sha256, sha384, sha512',
    'accuracy = secs:1',
    'ordering = no',
    'tsa_name = no',
    'ess_cert_id_chain = no',
    'ess_cert_id_alg = sha256',
    '',
  ].join('\n')
}
