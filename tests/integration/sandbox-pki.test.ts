import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  createPki,
  issueCertificate,
  openPki,
  revocationList,
  revokeCertificate,
  type SandboxPki,
  savePki,
} from '../../electron/sandbox/pki.ts'
import { startTimestampAuthority } from '../../electron/sandbox/timestamp-authority.ts'
import { pem, startOpensslTimestampAuthority } from '../support/openssl-tsa.ts'
import { chairman, office } from '../support/sandbox-office.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

const now = new Date()
const day = 86_400_000
let pki: SandboxPki

beforeAll(() => {
  pki = createPki({ now, baseUrl: 'http://127.0.0.1:8080' })
})

function openssl(...parameters: readonly string[]): string {
  return execFileSync('openssl', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function leaf(from: SandboxPki, options: { type?: 'rsa' | 'ec'; notAfter?: Date } = {}): Uint8Array {
  const { publicKey } =
    options.type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return issueCertificate(from, {
    kind: 'person',
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    subject: { locality: 'Tỉnh Mẫu', organisation: office, commonName: chairman, email: 'an@mau.example' },
    notBefore: new Date(now.getTime() - day),
    notAfter: options.notAfter ?? new Date(now.getTime() + 365 * day),
  })
}

function writeTrust(folder: TemporaryFolder, from: SandboxPki): void {
  writeFileSync(folder.file('root.pem'), pem(from.root.certificate))
  writeFileSync(folder.file('sub.pem'), pem(from.subCa.certificate))
}

function verifyWithOpenssl(folder: TemporaryFolder, certificate: Uint8Array, ...more: readonly string[]): string {
  writeFileSync(folder.file('leaf.pem'), pem(certificate))
  const trust = ['-CAfile', folder.file('root.pem'), '-untrusted', folder.file('sub.pem')]
  return openssl('verify', '-x509_strict', ...trust, ...more, folder.file('leaf.pem'))
}

describe('certificates', () => {
  test('openssl builds the path and finds nothing against RFC 5280, RSA and EC', () => {
    using folder = temporaryFolder()
    writeTrust(folder, pki)
    expect(verifyWithOpenssl(folder, leaf(pki))).toContain('OK')
    expect(verifyWithOpenssl(folder, leaf(pki, { type: 'ec' }))).toContain('OK')
    expect(verifyWithOpenssl(folder, pki.timestampAuthority.certificate, '-purpose', 'timestampsign')).toContain('OK')
  })

  test('an expired certificate is refused by openssl', () => {
    using folder = temporaryFolder()
    writeTrust(folder, pki)
    const expired = leaf(pki, { notAfter: new Date(now.getTime() - 1000) })
    expect(() => verifyWithOpenssl(folder, expired)).toThrow(/expired/)
  })

  test('Vietnamese names survive as UTF-8, and the usage is signing only', () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('leaf.pem'), pem(leaf(pki)))
    const text = openssl(
      ...['x509', '-in', folder.file('leaf.pem'), '-noout', '-text', '-nameopt', 'utf8,sep_comma_plus'],
    )
    expect(text).toContain(`C=VN,L=Tỉnh Mẫu,O=${office},CN=${chairman}`)
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature, Non Repudiation\n/)
    expect(text).toContain('URI:http://127.0.0.1:8080/sub-ca.crl')
  })

  test('a revoked certificate is refused through the list, another is not', () => {
    using folder = temporaryFolder()
    const good = leaf(pki)
    const bad = leaf(pki)
    const after = revokeCertificate(pki, bad, new Date(now.getTime() - 1000))
    writeTrust(folder, after)
    const lists = (['root', 'subCa'] as const).flatMap(authority => {
      writeFileSync(folder.file(`${authority}.crl`), revocationList(after, authority, now))
      const converted = folder.file(`${authority}-crl.pem`)
      openssl('crl', '-inform', 'DER', '-in', folder.file(`${authority}.crl`), '-out', converted)
      return ['-CRLfile', converted]
    })
    lists.unshift('-crl_check_all')
    expect(verifyWithOpenssl(folder, good, ...lists)).toContain('OK')
    expect(() => verifyWithOpenssl(folder, bad, ...lists)).toThrow(/revoked/)
  })

  test('a practice PKI opened again issues under the same root, and remembers what it revoked', () => {
    using folder = temporaryFolder()
    const revoked = revokeCertificate(pki, leaf(pki), now)
    savePki(revoked, folder.file('pki'))
    const opened = openPki(folder.file('pki'))
    expect(opened.revoked).toEqual(revoked.revoked)
    writeTrust(folder, pki)
    expect(verifyWithOpenssl(folder, leaf(opened))).toContain('OK')
    expect(new X509Certificate(leaf(opened)).checkIssued(new X509Certificate(pki.subCa.certificate))).toBe(true)
  })
})

/** Asks with openssl's own query; writes query and answer. */
async function askTimestamp(folder: TemporaryFolder, url: string, ...more: readonly string[]): Promise<void> {
  writeFileSync(folder.file('data'), 'tài liệu mẫu')
  openssl('ts', '-query', '-data', folder.file('data'), '-cert', ...more, '-out', folder.file('query'))
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: readFileSync(folder.file('query')),
  })
  writeFileSync(folder.file('answer'), Buffer.from(await response.arrayBuffer()))
}

function verifyTimestamp(folder: TemporaryFolder): string {
  const trust = ['-CAfile', folder.file('root.pem'), '-untrusted', folder.file('sub.pem')]
  return openssl('ts', '-verify', '-in', folder.file('answer'), '-queryfile', folder.file('query'), ...trust)
}

describe('time-stamp authority', () => {
  test.each(['-sha256', '-sha384', '-sha512'])('openssl accepts its token over a %s imprint', async hash => {
    using folder = temporaryFolder()
    writeTrust(folder, pki)
    const authority = await startTimestampAuthority({
      identity: pki.timestampAuthority,
      chain: [pki.subCa.certificate],
    })
    try {
      await askTimestamp(folder, authority.url, hash)
      expect(verifyTimestamp(folder)).toContain('Verification: OK')
      expect(authority.requestCount()).toBe(1)
    } finally {
      await authority.close()
    }
  })

  test.each(['wrong-nonce', 'wrong-imprint', 'garbage', 'broken-signature', 'wrong-certificate-hash'] as const)(
    'openssl refuses its token with the fault %s',
    async kind => {
      using folder = temporaryFolder()
      writeTrust(folder, pki)
      const authority = await startTimestampAuthority({ identity: pki.timestampAuthority })
      try {
        authority.setFault({ kind })
        await askTimestamp(folder, authority.url, '-sha256')
        expect(() => verifyTimestamp(folder)).toThrow()
      } finally {
        await authority.close()
      }
    },
  )

  test('SHA-1, a foreign policy, nonsense and a fault are refused by their names', async () => {
    using folder = temporaryFolder()
    const authority = await startTimestampAuthority({ identity: pki.timestampAuthority })
    const text = () => openssl('ts', '-reply', '-in', folder.file('answer'), '-text')
    try {
      await askTimestamp(folder, authority.url, '-sha1')
      expect(text()).toContain('unrecognized or unsupported algorithm identifier')
      await askTimestamp(folder, authority.url, '-sha256', '-tspolicy', '1.2.3.4')
      expect(text()).toContain('the requested TSA policy is not supported')
      authority.setFault({ kind: 'refuse', failure: 'timeNotAvailable' })
      await askTimestamp(folder, authority.url, '-sha256')
      expect(text()).toContain("the TSA's time source is not available")
      authority.setFault({ kind: 'unavailable' })
      const response = await fetch(authority.url, {
        method: 'POST',
        headers: { 'content-type': 'application/timestamp-query' },
      })
      expect(response.status).toBe(503)
    } finally {
      await authority.close()
    }
  })

  test("openssl's own authority answers with the same key", async () => {
    using folder = temporaryFolder()
    writeTrust(folder, pki)
    await using authority = await startOpensslTimestampAuthority(pki)
    await askTimestamp(folder, authority.url, '-sha256')
    expect(verifyTimestamp(folder)).toContain('Verification: OK')
  })
})
