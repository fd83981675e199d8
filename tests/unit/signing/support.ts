import { constants, createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { PDFDocument } from 'pdf-lib'
import sharp from 'sharp'
import { createPki, issueCertificate, type SandboxPki } from '../../../electron/sandbox/pki.ts'
import type { CertificateKind } from '../../../electron/sandbox/pki-certificate.ts'
import {
  type Appearance,
  type Certificate,
  completeSignature,
  prepareSignature,
  readCertificate,
  type SignatureRequest,
  type SignatureScheme,
  type SignedFile,
  signWithToken,
  type Timestamper,
  type TokenSession,
} from '../../../native-signing/index.ts'
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary-folder.ts'

const DAY = 86_400_000

export type KeyKind = 'rsa' | 'rsa-1024' | 'rsa-pss' | 'p-224' | 'p-256' | 'p-384' | 'p-521'

function newKey(kind: KeyKind): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  if (kind === 'rsa-pss') return generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
  if (kind === 'rsa' || kind === 'rsa-1024')
    return generateKeyPairSync('rsa', { modulusLength: kind === 'rsa' ? 2048 : 1024 })
  return generateKeyPairSync('ec', { namedCurve: kind.toUpperCase() })
}

/** A fictional signer whose "token" is a key in memory. */
export interface TestSigner {
  readonly certificate: Certificate
  readonly privateKey: KeyObject
  readonly session: TokenSession
}

export function keySession(certificate: Certificate, key: KeyObject): TokenSession {
  const schemes: readonly SignatureScheme[] = key.asymmetricKeyType === 'ec' ? ['ECDSA'] : ['RSA-PKCS1', 'RSA-PSS']
  const close = () => Promise.resolve()
  return {
    token: {
      module: '/none',
      slotId: 0,
      label: 'key in memory',
      manufacturer: '',
      model: '',
      serialNumber: '1',
      pinState: 'ok',
      minimumPinLength: 4,
      maximumPinLength: 16,
      pinPad: false,
      certificates: [certificate],
    },
    certificates: [certificate],
    schemes: () => schemes,
    async sign(_, scheme, hash, data) {
      const name = hash.replace('-', '').toLowerCase()
      const padding = scheme === 'RSA-PSS' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
      return scheme === 'ECDSA'
        ? sign(name, data, { key, dsaEncoding: 'der' })
        : sign(name, data, { key, padding, saltLength: createHash(name).digest().length })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

export interface SignerOptions {
  readonly kind?: Exclude<CertificateKind, 'root' | 'authority'>
  readonly commonName?: string
  readonly key?: KeyKind
  readonly notBefore?: Date
  readonly notAfter?: Date
}

export function testSigner(pki: SandboxPki, options: SignerOptions = {}): TestSigner {
  const { publicKey, privateKey } = newKey(options.key ?? 'rsa')
  const der = issueCertificate(pki, {
    kind: options.kind ?? 'person',
    publicKey: publicKey.export({ type: 'spki', format: 'der' }),
    subject: { organisation: 'UBND XÃ THANH BÌNH (MẪU)', commonName: options.commonName ?? 'Nguyễn Văn An (mẫu)' },
    notBefore: options.notBefore ?? new Date(Date.now() - DAY),
    notAfter: options.notAfter ?? new Date(Date.now() + 365 * DAY),
  })
  const certificate = readCertificate(der)
  return { certificate, privateKey, session: keySession(certificate, privateKey) }
}

/**
 * The practice office of a test file: made once, as keys take time.
 * @param baseUrl where OCSP, lists and issuers' certificates are served
 */
export function testOffice(baseUrl: string | null = null) {
  const pki = createPki({ now: new Date(), baseUrl })
  return {
    pki,
    chairman: testSigner(pki),
    seal: testSigner(pki, { kind: 'organisation', commonName: 'UBND XÃ THANH BÌNH (MẪU)' }),
    chain: [readCertificate(pki.subCa.certificate)],
    trust: {
      trustAnchors: [readCertificate(pki.root.certificate)],
      intermediates: [readCertificate(pki.subCa.certificate)],
    },
  }
}
export type TestOffice = ReturnType<typeof testOffice>

/** A few pages of text. */
export async function samplePdf(
  options: { readonly objectStreams?: boolean; readonly pages?: number } = {},
): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  for (let page = 1; page <= (options.pages ?? 2); page++) {
    document.addPage([595.28, 841.89]).drawText(`Sample page ${page}`, { x: 72, y: 720 })
  }
  return document.save({ useObjectStreams: options.objectStreams ?? false })
}

/** A blue mark with transparency. */
export function signatureImage(): Promise<Buffer> {
  return sharp({ create: { width: 120, height: 60, channels: 4, background: { r: 0, g: 0, b: 180, alpha: 0.4 } } })
    .png()
    .toBuffer()
}

export function request(
  office: TestOffice,
  signer: TestSigner,
  changes: Partial<SignatureRequest> = {},
): SignatureRequest {
  return {
    certificate: signer.certificate,
    chain: office.chain,
    scheme: signer.privateKey.asymmetricKeyType === 'ec' ? 'ECDSA' : 'RSA-PKCS1',
    hash: 'SHA-256',
    fieldName: 'Signature1',
    appearance: null,
    signingTime: new Date(),
    reason: null,
    location: null,
    signerName: signer.certificate.commonName,
    ...changes,
  }
}

export interface SignOptions {
  readonly changes?: Partial<SignatureRequest>
  readonly timestamper?: Timestamper | null
  /** Of an encrypted file. */
  readonly password?: string
  /** Beside the output, if none is named. */
  readonly workFile?: string
}

/** All three stages. */
export async function signFile(
  office: TestOffice,
  signer: TestSigner,
  input: string,
  output: string,
  { changes = {}, timestamper = null, password, workFile = `${output}.work` }: SignOptions = {},
): Promise<SignedFile> {
  const toBeSigned = await prepareSignature(input, request(office, signer, changes), {
    workFile,
    timestampBytes: timestamper ? timestamper.expectedBytes?.() : 0,
    password,
  })
  const value = await signWithToken(toBeSigned, signer.session)
  return completeSignature(toBeSigned, value, { timestamper, trust: office.trust, output, password })
}

/** A file with the chairman's signature, and one with the seal on top of it. */
export async function signedCopies(
  office: TestOffice,
  folder: TemporaryFolder,
): Promise<{ readonly once: string; readonly twice: string }> {
  const [plain, once, twice] = ['plain.pdf', 'once.pdf', 'twice.pdf'].map(name => folder.file(name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(plain, await samplePdf())
  const appearance: Appearance = {
    page: 2,
    rectangle: { x: 300, y: 200, width: 120, height: 60 },
    image: await signatureImage(),
  }
  await signFile(office, office.chairman, plain, once, { changes: { appearance } })
  await signFile(office, office.seal, once, twice, { changes: { appearance, fieldName: 'Seal' } })
  return { once, twice }
}

/** Writes `bytes` changed by `edit` to a new file. */
export function altered(source: string, target: string, edit: (bytes: Buffer) => Uint8Array): string {
  writeFileSync(target, edit(readFileSync(source)))
  return target
}

export { temporaryFolder }
