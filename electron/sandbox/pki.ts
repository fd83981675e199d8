import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import {
  buildCertificate,
  buildRevocationList,
  type CertificateKind,
  type DistinguishedName,
  type Issuer,
  type Revocation,
  type RevocationAddresses,
} from './pki-certificate.ts'

/** A key with its certificate. */
export interface SandboxIdentity {
  readonly certificate: Uint8Array
  readonly privateKey: KeyObject
}

/**
 * The practice office's certificates: a root, an issuing authority below it, and a time-stamp authority. Nobody outside the practice
 * office trusts them, and every name says that it is a sample.
 */
export interface SandboxPki {
  readonly root: SandboxIdentity
  readonly subCa: SandboxIdentity
  readonly timestampAuthority: SandboxIdentity
  /** Where the lists, the issuers' certificates and the OCSP answers are served; stands in each certificate. Null: nowhere. */
  readonly baseUrl: string | null
  readonly revoked: readonly Revocation[]
}

export interface IssueRequest {
  readonly kind: Exclude<CertificateKind, 'root' | 'authority'>
  /** SubjectPublicKeyInfo, DER; RSA or EC. */
  readonly publicKey: Uint8Array
  readonly subject: DistinguishedName
  readonly notBefore: Date
  readonly notAfter: Date
  readonly random?: Random
}

/** Gives so many random bytes. */
export type Random = (bytes: number) => Uint8Array

const day = 86_400_000
const year = 365 * day
const practiceOrganisation = 'BÀN TẬP DƯỢT CHỨNG THỰC ĐIỆN TỬ (MẪU)'
const files = { root: 'root', subCa: 'sub-ca', timestampAuthority: 'tsa' } as const

/** Makes a new practice PKI: the root is valid for 20 years around `now`, the authority below it for 10, the TSA for 5. */
export function createPki(options: {
  readonly now: Date
  readonly baseUrl?: string | null
  readonly random?: Random
  readonly rsaBits?: 2048 | 3072
}): SandboxPki {
  const { now, baseUrl = null, random = randomBytes, rsaBits = 2048 } = options
  const make = (kind: CertificateKind, commonName: string, years: number, issuer: SandboxIdentity | null) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: rsaBits })
    const signer: Issuer = issuer ?? { privateKey, certificate: null }
    const content = {
      kind,
      serialNumber: serialNumber(random),
      subject: { organisation: practiceOrganisation, commonName },
      publicKey: publicKey.export({ type: 'spki', format: 'der' }),
      notBefore: new Date(now.getTime() - day),
      notAfter: new Date(now.getTime() + years * year),
      addresses: addresses(baseUrl, kind),
    }
    return { certificate: buildCertificate(content, signer), privateKey }
  }
  const root = make('root', 'RootCA tập dượt (mẫu)', 20, null)
  const subCa = make('authority', 'CA tập dượt cho cơ quan (mẫu)', 10, root)
  const timestampAuthority = make('timestamp-authority', 'Dấu thời gian tập dượt (mẫu)', 5, subCa)
  return { root, subCa, timestampAuthority, baseUrl, revoked: [] }
}

/** Issues a certificate by the sub-CA for a public key that was made elsewhere (on a token). */
export function issueCertificate(pki: SandboxPki, request: IssueRequest): Uint8Array {
  const { random = randomBytes, ...content } = request
  return buildCertificate(
    { ...content, serialNumber: serialNumber(random), addresses: addresses(pki.baseUrl, request.kind) },
    pki.subCa,
  )
}

/** The same PKI, with a certificate of its sub-CA revoked from `at` on. */
export function revokeCertificate(pki: SandboxPki, certificate: Uint8Array, at: Date): SandboxPki {
  const revocation = { serialNumber: new X509Certificate(certificate).serialNumber.toLowerCase(), at }
  return { ...pki, revoked: [...pki.revoked, revocation] }
}

/** The revocation list of one authority, valid from `now` for seven days. The root has revoked nothing. */
export function revocationList(pki: SandboxPki, authority: 'root' | 'subCa', now: Date): Uint8Array {
  const revoked = authority === 'subCa' ? pki.revoked : []
  return buildRevocationList(revoked, pki[authority], now, new Date(now.getTime() + 7 * day))
}

const stateSchema = z.strictObject({
  baseUrl: z.url().nullable(),
  revoked: z.array(
    z.strictObject({
      serialNumber: z.string().regex(/^[0-9a-f]+$/),
      at: z.iso.datetime().transform(text => new Date(text)),
    }),
  ),
})

/** Writes the PKI into a folder (made when missing). The keys lie there unprotected: they are worth nothing outside practice. */
export function savePki(pki: SandboxPki, folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const name of ['root', 'subCa', 'timestampAuthority'] as const) {
    writeFileSync(join(folder, `${files[name]}.crt`), pki[name].certificate)
    const pem = pki[name].privateKey.export({ type: 'pkcs8', format: 'pem' })
    writeFileSync(join(folder, `${files[name]}.key`), pem, { mode: 0o600 })
  }
  writeFileSync(join(folder, 'pki.json'), JSON.stringify({ baseUrl: pki.baseUrl, revoked: pki.revoked }, null, 2))
}

/** Opens a PKI that `savePki` wrote. @throws Error where a file is missing or is not what was written */
export function openPki(folder: string): SandboxPki {
  const identity = (name: keyof typeof files): SandboxIdentity => ({
    certificate: new Uint8Array(new X509Certificate(readFileSync(join(folder, `${files[name]}.crt`))).raw),
    privateKey: createPrivateKey(readFileSync(join(folder, `${files[name]}.key`))),
  })
  const state = stateSchema.parse(JSON.parse(readFileSync(join(folder, 'pki.json'), 'utf8')))
  return {
    root: identity('root'),
    subCa: identity('subCa'),
    timestampAuthority: identity('timestampAuthority'),
    ...state,
  }
}

/** 16 bytes, positive, never zero (RFC 5280 §4.1.2.2 allows 20). */
function serialNumber(random: Random): Uint8Array {
  const bytes = Uint8Array.from(random(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes
}

function addresses(baseUrl: string | null, kind: CertificateKind): RevocationAddresses {
  if (baseUrl === null || kind === 'root') return { crl: null, ocsp: null, issuerCertificate: null }
  const issuer = kind === 'authority' ? files.root : files.subCa
  // An OCSP responder's certificate is trusted as it is (id-pkix-ocsp-nocheck, RFC 6960 §4.2.2.2.1).
  const ocsp = kind === 'ocsp-responder' ? null : `${baseUrl}/ocsp`
  return { crl: `${baseUrl}/${issuer}.crl`, ocsp, issuerCertificate: `${baseUrl}/${issuer}.crt` }
}
