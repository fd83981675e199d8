import { join } from 'node:path'
import { createPki, issueCertificate, type SandboxPki } from '../../electron/sandbox/pki.ts'
import type { CertificateKind } from '../../electron/sandbox/pki-certificate.ts'
import { createSoftToken, type SoftToken, type SoftTokenKey } from '../../electron/sandbox/soft-token.ts'

/** The fictional commune of the tests. */
export const office = 'ỦY BAN NHÂN DÂN XÃ THANH BÌNH (MẪU)'
export const chairman = 'Nguyễn Văn An (mẫu)'
export const userPin = '4826159'

const day = 86_400_000

export interface TestTokenOptions {
  readonly pki?: SandboxPki
  readonly label?: string
  readonly kind?: Exclude<CertificateKind, 'root' | 'authority'>
  readonly commonName?: string
  readonly key?: SoftTokenKey
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly withCertificate?: boolean
  readonly pin?: string
}

/** A soft token of a fictional signer in `folder`, certified by a practice PKI, with the issuer's certificate on it. */
export async function createTestToken(
  folder: string,
  options: TestTokenOptions = {},
): Promise<SoftToken & { readonly pki: SandboxPki; readonly certificate: Uint8Array }> {
  const now = Date.now()
  const pki = options.pki ?? createPki({ now: new Date(now) })
  const commonName = options.commonName ?? (options.kind === 'organisation' ? office : chairman)
  let issued: Uint8Array | undefined
  const token = await createSoftToken({
    folder: join(folder, 'softhsm'),
    label: options.label ?? 'Thẻ tập dượt',
    pin: options.pin ?? userPin,
    securityOfficerPin: '87654321',
    chain: [pki.subCa.certificate],
    identities: [
      {
        key: options.key ?? 'rsa-2048',
        certificateLabel: `${commonName}'s Certificate`,
        certify: publicKey => {
          issued = issueCertificate(pki, {
            kind: options.kind ?? 'person',
            publicKey,
            subject: { locality: 'Tỉnh Mẫu', organisation: office, commonName },
            notBefore: options.notBefore ?? new Date(now - day),
            notAfter: options.notAfter ?? new Date(now + 365 * day),
          })
          return options.withCertificate === false ? null : issued
        },
      },
    ],
  })
  if (!issued) throw new Error('no certificate was issued')
  return { ...token, pki, certificate: issued }
}
