import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPki, issueCertificate, type SandboxPki } from '../../electron/sandbox/pki.ts'
import { createSoftToken, softHsmModulePath } from '../../electron/sandbox/soft-token.ts'
import type { ModuleOptions } from '../../native-signing/token/index.ts'
import { type PivCard, pivCard, publicKeyBytes } from './piv-card.ts'
import { chairman, office, userPin } from './sandbox-office.ts'
import { noVirtualReader, type VirtualReader, virtualReader } from './virtual-reader.ts'

/** A token of one maker, with an RSA and an EC key of a fictional signer and their certificates. */
export interface MadeToken extends AsyncDisposable {
  readonly module: string
  readonly options: Pick<ModuleOptions, 'environment' | 'parameters'>
  readonly pin: string
  readonly rsa: Uint8Array
  readonly ec: Uint8Array
  /** Logins that have reached the token; null where it does not tell. */
  logins(): number | null
  /** Pulled out and put back; null where it cannot be. */
  readonly reader: (Pick<VirtualReader, 'remove'> & { putBack(): Promise<void> }) | null
}

/** A PKCS#11 module of one maker. */
export interface TokenMaker {
  readonly name: string
  /** Why it cannot be had here; null where it can. */
  unavailable(): string | null
  make(folder: string): Promise<MadeToken>
}

const day = 86_400_000

function certify(pki: SandboxPki, publicKey: Uint8Array): Uint8Array {
  return issueCertificate(pki, {
    kind: 'person',
    publicKey,
    subject: { locality: 'Tỉnh Mẫu', organisation: office, commonName: chairman },
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + 365 * day),
  })
}

interface SignerKey {
  readonly privateKey: KeyObject
  readonly certificate: Uint8Array
}

function signerKeys(pki: SandboxPki): { readonly rsa: SignerKey; readonly ec: SignerKey } {
  const certified = ({ privateKey }: { privateKey: KeyObject }): SignerKey => ({
    privateKey,
    certificate: certify(pki, publicKeyBytes(privateKey)),
  })
  return {
    rsa: certified(generateKeyPairSync('rsa', { modulusLength: 2048 })),
    ec: certified(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  }
}

const softHsm: TokenMaker = {
  name: 'SoftHSM2',
  unavailable: () => {
    try {
      softHsmModulePath()
      return null
    } catch {
      return 'softhsm2 is not installed'
    }
  },
  async make(folder) {
    const pki = createPki({ now: new Date() })
    const certifyKey = (publicKey: Uint8Array) => certify(pki, publicKey)
    const { module, environment, certificates } = await createSoftToken({
      folder,
      label: 'Thẻ tập dượt',
      pin: userPin,
      securityOfficerPin: '87654321',
      identities: [
        { key: 'rsa-2048', certify: certifyKey },
        { key: 'ec-p256', certify: certifyKey },
      ],
    })
    const [rsa, ec] = certificates
    if (!rsa || !ec) throw new Error('a certificate is missing')
    return {
      ...{ module, options: { environment }, pin: userPin, rsa, ec },
      ...{ logins: () => null, reader: null },
      [Symbol.asyncDispose]: async () => undefined,
    }
  },
}

const firstThere = (files: readonly string[]): string | undefined => files.find(file => existsSync(file))
const libraries = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib']
const nssModule = () =>
  firstThere(libraries.flatMap(folder => [`${folder}/libsoftokn3.so`, `${folder}/nss/libsoftokn3.so`]))

/** Firefox's own store of keys. Its module is told in pReserved of C_Initialize where the databases lie. */
const nss: TokenMaker = {
  name: 'NSS softokn',
  unavailable: () => (nssModule() ? null : 'libnss3 is not installed'),
  async make(folder) {
    const module = nssModule()
    if (!module) throw new Error('libnss3 is not installed')
    mkdirSync(folder, { recursive: true })
    const pinFile = join(folder, 'pin')
    writeFileSync(pinFile, `${userPin}\n`)
    const database = `sql:${folder}`
    execFileSync('certutil', ['-N', '-d', database, '-f', pinFile])
    const keys = signerKeys(createPki({ now: new Date() }))
    for (const [name, { privateKey, certificate }] of Object.entries(keys)) {
      const file = keyFile(folder, name, privateKey, certificate)
      execFileSync('pk12util', ['-i', file, '-d', database, '-k', pinFile, '-w', pinFile], { stdio: 'ignore' })
    }
    const parameters = `configdir='${database}' certPrefix='' keyPrefix='' secmod='secmod.db' flags=`
    return {
      ...{ module, options: { parameters: { [module]: parameters } }, pin: userPin },
      ...{ rsa: keys.rsa.certificate, ec: keys.ec.certificate, logins: () => null, reader: null },
      [Symbol.asyncDispose]: async () => undefined,
    }
  },
}

/** A PKCS#12 file; its password stands in the folder's file `pin`. */
function keyFile(folder: string, name: string, key: KeyObject, certificate: Uint8Array): string {
  const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(certificate).toString('base64')}\n-----END CERTIFICATE-----\n`
  const [keyPem, certificatePem, out] = ['key', 'crt', 'p12'].map(end => join(folder, `${name}.${end}`))
  if (!keyPem || !certificatePem || !out) throw new Error('no file names')
  writeFileSync(keyPem, key.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(certificatePem, pem)
  const from = ['-inkey', keyPem, '-in', certificatePem, '-name', name]
  execFileSync('openssl', ['pkcs12', '-export', ...from, '-out', out, '-passout', `file:${join(folder, 'pin')}`])
  return out
}

const openScModule = () =>
  firstThere(libraries.flatMap(folder => [`${folder}/opensc-pkcs11.so`, `${folder}/pkcs11/opensc-pkcs11.so`]))

/** OpenSC, pcscd and a PIV card in software: the way of a real card, with a real count of tries. */
const openSc: TokenMaker = {
  name: 'OpenSC (PIV)',
  unavailable: () => (openScModule() ? noVirtualReader() : 'opensc-pkcs11 is not installed'),
  async make(folder) {
    const module = openScModule()
    if (!module) throw new Error('opensc-pkcs11 is not installed')
    mkdirSync(folder, { recursive: true })
    // Without it, some thirty drivers for other cards are tried first.
    writeFileSync(join(folder, 'opensc.conf'), 'app default {\n  card_drivers = PIV-II;\n}\n')
    const keys = signerKeys(createPki({ now: new Date() }))
    const card: PivCard = pivCard({
      pin: userPin,
      keys: [
        { slot: '9a', ...keys.ec },
        { slot: '9c', ...keys.rsa },
      ],
    })
    const reader = await virtualReader(folder)
    await reader.insert(card)
    return {
      ...{ module, options: { environment: { OPENSC_CONF: join(folder, 'opensc.conf') } }, pin: userPin },
      ...{ rsa: keys.rsa.certificate, ec: keys.ec.certificate },
      logins: () => card.seen.verifications,
      reader: { remove: () => reader.remove(), putBack: () => reader.insert(card) },
      [Symbol.asyncDispose]: () => reader[Symbol.asyncDispose](),
    }
  },
}

/** Three makers' modules, as different as soft ones can be. */
export const TOKEN_MAKERS: readonly TokenMaker[] = [softHsm, nss, openSc]
