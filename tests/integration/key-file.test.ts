import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, verify, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPki, issueCertificate, type SandboxPki } from '../../electron/sandbox/pki.ts'
import { openKeyFile } from '../../native-signing/token/index.ts'
import { pem } from '../support/openssl-tsa.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

const PASSWORD = 'mat khau 1'
let folder: TemporaryFolder
let pki: SandboxPki
beforeAll(() => {
  folder = temporaryFolder('key-file-')
  pki = createPki({ now: new Date() })
})
afterAll(() => folder[Symbol.dispose]())

/** A key file made by openssl. */
function keyFile(kind: 'rsa' | 'ec', ...flags: readonly string[]): Uint8Array {
  const { publicKey, privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certificate = issueCertificate(pki, {
    kind: 'person',
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    subject: { organisation: 'Xã Mẫu', commonName: 'Nguyễn Văn An (mẫu)' },
    notBefore: new Date(Date.now() - 1000),
    notAfter: new Date(Date.now() + 86_400_000),
  })
  writeFileSync(folder.file('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(folder.file('own.pem'), pem(certificate))
  writeFileSync(folder.file('chain.pem'), pem(pki.subCa.certificate))
  execFileSync('openssl', [
    ...['pkcs12', '-export', '-inkey', folder.file('key.pem'), '-in', folder.file('own.pem')],
    ...[
      '-certfile',
      folder.file('chain.pem'),
      '-out',
      folder.file('all.p12'),
      '-passout',
      `pass:${PASSWORD}`,
      ...flags,
    ],
  ])
  return readFileSync(folder.file('all.p12'))
}

const password = (text = PASSWORD) => Buffer.from(text)

describe('a key file', () => {
  it.each([
    ['rsa', 'RSA-PKCS1', []],
    ['rsa', 'RSA-PSS', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['ec', 'ECDSA', []],
  ] as const)('with an %s key signs by %s', async (kind, scheme, flags) => {
    await using session = await openKeyFile(keyFile(kind, ...flags), password(), 'all.p12')
    const [certificate] = session.certificates
    if (!certificate) throw new Error('no certificate')
    expect(session.certificates).toHaveLength(1)
    expect(session.token.certificates).toHaveLength(2)
    expect(session.schemes(certificate.sha256)).toContain(scheme)
    const data = Buffer.from('Đà Nẵng')
    const value = await session.sign(certificate.sha256, scheme, 'SHA-256', data)
    const key = new X509Certificate(certificate.der).publicKey
    expect(verify('sha256', data, scheme === 'RSA-PSS' ? { key, padding: 6 } : key, value)).toBe(true)
  })

  it('with a wrong password, damaged, or of another kind is told apart', async () => {
    const bytes = keyFile('rsa')
    const opening = (file: Uint8Array, text?: string) => expect(openKeyFile(file, password(text), 'x')).rejects
    await opening(bytes, 'sai').toThrow('pin-incorrect')
    await opening(Buffer.from('no key file')).toThrow('key-file-unreadable')
    await opening(bytes.subarray(0, 400)).toThrow('key-file-unreadable')
    await opening(new Uint8Array()).toThrow('key-file-unreadable')
  })

  it('gives nothing after it was closed, and its password is wiped', async () => {
    const typed = password()
    const session = await openKeyFile(keyFile('rsa'), typed, 'x')
    const sha256 = session.certificates[0]?.sha256 ?? ''
    await session.close()
    await expect(session.sign(sha256, 'RSA-PKCS1', 'SHA-256', Buffer.from('a'))).rejects.toThrow('key-not-found')
    expect(typed.every(byte => byte === 0)).toBe(true)
  })
})
