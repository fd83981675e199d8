import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createOcspResponder } from '../../electron/sandbox/ocsp-responder.ts'
import { revokeCertificate } from '../../electron/sandbox/pki.ts'
import { type RevocationServer, startRevocationServer } from '../../electron/sandbox/revocation-server.ts'
import { startTimestampAuthority, type TimestampAuthority } from '../../electron/sandbox/timestamp-authority.ts'
import {
  createStatusFetcher,
  createTimestamper,
  extendPdf,
  type Timestamper,
  verifyPdf,
} from '../../native-signing/index.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { startOpensslRevocationServer } from '../support/openssl-ocsp.ts'
import { pem } from '../support/openssl-tsa.ts'
import {
  samplePdf,
  signFile,
  type TestOffice,
  type TestSigner,
  temporaryFolder,
  testOffice,
  testSigner,
} from '../unit/signing/support.ts'

const folder = temporaryFolder('verify-online-')
const closing = new AsyncDisposableStack()
const clock = () => new Date()
let server: RevocationServer
let office: TestOffice
let authority: TimestampAuthority
let timestamper: Timestamper
let counter = 0
const fetcher = createStatusFetcher({ timeout: 5000, allowPrivate: true })
const newFile = () => folder.file(`${++counter}.pdf`)

beforeAll(async () => {
  server = await startRevocationServer()
  closing.defer(() => server.close())
  office = testOffice(server.url)
  // a token that brings its authority's own certificate alone
  authority = await startTimestampAuthority({ identity: office.pki.timestampAuthority, chain: [] })
  closing.defer(() => authority.close())
  timestamper = createTimestamper({ url: authority.url, tries: 1 })
})
beforeEach(() => {
  server.setListsAvailable(true)
  server.setFault(null)
  server.setResponder(createOcspResponder(office.pki, clock()))
})
afterAll(async () => {
  await closing.disposeAsync()
  folder[Symbol.dispose]()
})

/** Signed without the issuers' certificates. */
async function signed(own: TestOffice, signer: TestSigner, stamper: Timestamper | null): Promise<string> {
  const [plain, output] = [newFile(), newFile()]
  writeFileSync(plain, await samplePdf())
  await signFile(own, signer, plain, output, { timestamper: stamper, changes: { chain: [] } })
  return output
}

async function verdict(path: string, online: boolean, own: TestOffice = office) {
  const { trustAnchors } = own.trust
  const { signatures } = await verifyPdf(path, { trustAnchors, ...(online ? { fetcher } : {}) })
  const { indication, subIndication, level, provenTime, messages } = signatures[0] ?? { messages: [] }
  return { indication, subIndication, level, proven: !!provenTime, said: messages.map(({ code }) => code) }
}

describe('verifying asks', () => {
  test('nobody by default', async () => {
    const asked = server.requests().length
    expect(await verdict(await signed(office, office.chairman, timestamper), false)).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
      proven: false,
    })
    expect(server.requests().length).toBe(asked)
  })

  test('for issuers and for the status of each certificate, each address once', async () => {
    const asked = server.requests().length
    expect(await verdict(await signed(office, office.chairman, timestamper), true)).toEqual({
      indication: 'TOTAL-PASSED',
      subIndication: null,
      level: 'B-T',
      proven: true,
      said: [],
    })
    const paths = server.requests().slice(asked)
    expect(paths.filter(path => path.endsWith('.crt'))).toEqual(['/sub-ca.crt'])
    // signer, sub-CA, time-stamp authority
    expect(paths.filter(path => path.startsWith('/ocsp'))).toHaveLength(3)
    expect(paths.filter(path => path.endsWith('.crl'))).toEqual([])
  })

  test('for lists where the responder does not answer', async () => {
    server.setFault('try-later')
    const asked = server.requests().length
    expect(await verdict(await signed(office, office.chairman, null), true)).toMatchObject({
      indication: 'TOTAL-PASSED',
      said: ['verify-no-timestamp'],
    })
    expect(
      server
        .requests()
        .slice(asked)
        .filter(path => path.endsWith('.crl')),
    ).toEqual(['/sub-ca.crl', '/root.crl'])
  })

  test('openssl as responder', async () => {
    await using responder = await startOpensslRevocationServer()
    const own = testOffice(responder.url)
    const { serialNumber } = own.chairman.certificate
    const plain = newFile()
    const path = newFile()
    writeFileSync(plain, await samplePdf())
    await signFile(own, own.chairman, plain, path)
    await responder.setPki(own.pki, [{ serialNumber, revoked: null }])
    expect(await verdict(path, true, own)).toMatchObject({ indication: 'TOTAL-PASSED', said: ['verify-no-timestamp'] })
    await responder.setPki(own.pki, [{ serialNumber, revoked: new Date(Date.now() - 60_000) }])
    expect(await verdict(path, true, own)).toMatchObject({ subIndication: 'REVOKED_NO_POE' })
  })

  test('nothing about a certificate that no trusted authority has issued', async () => {
    const path = await signed(office, office.chairman, null)
    const asked = server.requests().length
    expect(await verdict(path, true, testOffice())).toMatchObject({ subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' })
    expect(
      server
        .requests()
        .slice(asked)
        .filter(each => each.startsWith('/ocsp')),
    ).toEqual([])
  })
})

describe('what is had', () => {
  test('tells what was revoked, which the file alone does not', async () => {
    const signer = testSigner(office.pki)
    const path = await signed(office, signer, null)
    const revoked = revokeCertificate(office.pki, signer.certificate.der, new Date(Date.now() - 60_000))
    server.setResponder(createOcspResponder(revoked, clock()))
    expect(await verdict(path, true)).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' })
  })

  test('takes nothing from what the file proves: level, time, a status that was good then', async () => {
    const signer = testSigner(office.pki)
    const output = newFile()
    const { trust } = office
    await extendPdf(await signed(office, signer, timestamper), { level: 'B-LTA', timestamper, trust, fetcher, output })
    const offline = await verdict(output, false)
    expect(offline).toMatchObject({ indication: 'TOTAL-PASSED', level: 'B-LTA', proven: true })
    const revoked = revokeCertificate(office.pki, signer.certificate.der, new Date(Date.now() + 60_000))
    server.setResponder(createOcspResponder(revoked, clock()))
    expect(await verdict(output, true)).toMatchObject({ indication: 'TOTAL-PASSED', level: 'B-LTA', proven: true })
  })

  test('raises no level that the file itself does not hold the data for', async () => {
    expect(await verdict(await signed(office, office.chairman, timestamper), true)).toMatchObject({ level: 'B-T' })
  })

  test("is not believed for coming from the address: another authority's certificates and answers", async () => {
    const path = await signed(office, office.chairman, null)
    server.setResponder(createOcspResponder(testOffice(server.url).pki, clock()))
    expect(await verdict(path, true)).toMatchObject({ subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' })
  })

  test('may be nothing: then the verdict is that of the file alone', async () => {
    const gone = await startRevocationServer()
    const own = testOffice(gone.url)
    const path = await signed(own, own.chairman, null)
    await gone.close()
    expect(await verdict(path, true, own)).toEqual(await verdict(path, false, own))
  })
})

describe('an address that leads elsewhere', () => {
  const ask = async (locations: readonly string[]) => {
    let left = [...locations]
    const own = createServer((request, response) => {
      const [next, ...rest] = left
      left = rest
      if (next === undefined) response.writeHead(200).end(`${request.method}`)
      else response.writeHead(307, { location: next }).end()
    })
    await new Promise<void>(resolve => own.listen(0, '127.0.0.1', resolve))
    const address = own.address()
    const port = typeof address === 'object' ? address?.port : 0
    try {
      const bytes = await fetcher.fetch(`http://127.0.0.1:${port}/`, Buffer.from('question'))
      return Buffer.from(bytes).toString('utf8')
    } finally {
      own.closeAllConnections()
      await new Promise(resolve => own.close(resolve))
    }
  }

  test('is followed over http a few times', async () => {
    expect(await ask(['/a', '/b', '/c'])).toBe('POST')
    await expect(ask(['/a', '/b', '/c', '/d'])).rejects.toMatchObject({ code: 'validation-data-unavailable' })
  })

  test.each(['file:///etc/hostname', 'ftp://127.0.0.1/x', 'data:text/plain,x'])('%s is not', async location => {
    await expect(ask([location])).rejects.toMatchObject({
      code: 'validation-data-unavailable',
      parameters: { reason: 'address not allowed' },
    })
  })
})

test('ctdesk verify asks with --online and not without, and inside the own network only when told', async () => {
  const root = folder.file('root.pem')
  writeFileSync(root, pem(office.pki.root.certificate))
  const path = await signed(office, office.chairman, timestamper)
  expect((await ctdesk(['verify', path, '--trust', root, '--json'])).status).toBe(1)
  const asked = server.requests().length
  expect((await ctdesk(['verify', path, '--trust', root, '--online', '--json'])).status).toBe(1)
  // its authority says 127.0.0.1, as any stranger's may
  expect(server.requests().length).toBe(asked)
  const online = ['verify', path, '--trust', root, '--online', '--allow-private', '--json']
  const { status, stdout } = await ctdesk(online)
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ results: [{ valid: true, signatures: [{ level: 'B-T' }] }] })
  expect((await ctdesk(['verify', path, '--online', '--offline'])).status).toBe(64)
})
