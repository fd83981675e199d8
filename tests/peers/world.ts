import { writeFileSync } from 'node:fs'
import { createOcspResponder } from '../../electron/sandbox/ocsp-responder.ts'
import { revocationList } from '../../electron/sandbox/pki.ts'
import { startRevocationServer } from '../../electron/sandbox/revocation-server.ts'
import { startTimestampAuthority } from '../../electron/sandbox/timestamp-authority.ts'
import { createTimestamper, type SignatureScheme, type Timestamper } from '../../native-signing/index.ts'
import { pem } from '../support/openssl-tsa.ts'
import type { TemporaryFolder } from '../support/temporary-folder.ts'
import { type TestOffice, type TestSigner, testOffice, testSigner } from '../unit/signing/support.ts'
import { run } from './cache.ts'
import type { SignerFiles, Trust } from './types.ts'

export type KeyName = 'RSA' | 'RSA-PSS' | 'ECDSA'

export interface WorldSigner extends TestSigner {
  readonly scheme: SignatureScheme
  readonly files: SignerFiles
}

/** What all cases share: a practice PKI, its time-stamp authority, a signer for each kind of key, and the same as files for other programs. */
export interface World extends AsyncDisposable {
  readonly folder: TemporaryFolder
  readonly office: TestOffice
  readonly signers: Readonly<Record<KeyName, WorldSigner>>
  readonly timestamper: Timestamper
  readonly timestampAuthority: string
  readonly trust: Trust
}

export async function createWorld(folder: TemporaryFolder): Promise<World> {
  const revocation = await startRevocationServer({ clock: () => new Date() })
  // with addresses, as those of real authorities: DSS embeds no list for a certificate that names none
  const office = testOffice(revocation.url)
  const { pki } = office
  revocation.setResponder(createOcspResponder(pki, new Date()))
  const authority = await startTimestampAuthority({
    identity: pki.timestampAuthority,
    chain: [pki.subCa.certificate],
  })
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(folder.file(name), content)
    return folder.file(name)
  }
  const now = new Date()
  const trust = {
    roots: [file('root.crt', pki.root.certificate)],
    helpers: [file('sub-ca.crt', pki.subCa.certificate)],
    lists: [file('root.crl', revocationList(pki, 'root', now)), file('sub-ca.crl', revocationList(pki, 'subCa', now))],
  }
  const chain = file('chain.pem', pem(pki.subCa.certificate, pki.root.certificate))
  const signer = async (name: KeyName): Promise<WorldSigner> => {
    const own = testSigner(pki, { key: name === 'ECDSA' ? 'p-256' : 'rsa', commonName: `Người ký ${name} (mẫu)` })
    const key = file(`${name}.key`, own.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const certificate = file(`${name}.pem`, pem(own.certificate.der))
    const keyStore = folder.file(`${name}.p12`)
    const password = 'test'
    await run('openssl', [
      ...['pkcs12', '-export', '-inkey', key, '-in', certificate, '-certfile', chain],
      ...['-name', 'signer', '-passout', `pass:${password}`, '-out', keyStore],
    ])
    const files = { commonName: own.certificate.commonName, key, certificate, keyStore, password }
    return { ...own, scheme: name === 'RSA' ? 'RSA-PKCS1' : name, files }
  }
  return {
    folder,
    office,
    signers: { RSA: await signer('RSA'), 'RSA-PSS': await signer('RSA-PSS'), ECDSA: await signer('ECDSA') },
    timestamper: createTimestamper({ url: authority.url }),
    timestampAuthority: authority.url,
    trust,
    async [Symbol.asyncDispose]() {
      await authority.close()
      await revocation.close()
    },
  }
}
