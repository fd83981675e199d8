import { join } from 'node:path'
import { certificateFromDer } from '../../native-signing/token/certificate.ts'
import type { DeskSettings } from '../desk-settings.ts'
import { issueCertificate, type SandboxPki } from './pki.ts'
import { PRACTICE, type PracticeOffice, type PracticeToken } from './practice-state.ts'
import { createSoftToken, type LaunchSoftTokenWorker, type SoftToken } from './soft-token.ts'

export interface PracticeTokenParts {
  /** The practice office's. */
  readonly folder: string
  readonly pki: SandboxPki
  /** UTC; the certificates are valid around it. */
  readonly now: Date
  readonly launch: LaunchSoftTokenWorker | undefined
}

/** The tokens' certificates, and how the desk finds the tokens. */
export interface PracticeTokens {
  readonly certificates: PracticeOffice['certificates']
  readonly settings: Partial<DeskSettings['tokens']>
}

const holders = {
  signer: { kind: 'person', commonName: PRACTICE.people.signer },
  organisation: { kind: 'organisation', commonName: PRACTICE.office },
} as const

/** One soft token each for the signer and for the office. */
export async function makeSoftTokens(parts: PracticeTokenParts): Promise<PracticeTokens> {
  const make = async (holder: PracticeToken) => {
    const token = await createSoftToken(
      {
        ...PRACTICE.tokens[holder],
        folder: join(parts.folder, 'practice', 'tokens'),
        securityOfficerPin: PRACTICE.securityOfficerPin,
        chain: [parts.pki.subCa.certificate],
        identities: [
          {
            certificateLabel: `${holders[holder].commonName}'s Certificate`,
            certify: publicKey => certify(parts, holder, publicKey),
          },
        ],
      },
      parts.launch,
    )
    return { ...token, sha256: sha256Of(token) }
  }
  const { module, environment, sha256 } = await make('signer')
  const organisation = await make('organisation')
  return {
    certificates: { signer: sha256, organisation: organisation.sha256 },
    settings: { modules: [module], environment: { ...environment } },
  }
}

/** The same as key files, for a PC without SoftHSM; the name under which each is shown says so. */
export async function makeKeyFiles(parts: PracticeTokenParts): Promise<PracticeTokens> {
  const fileOf = (holder: PracticeToken) =>
    join('practice', 'tokens', `${PRACTICE.tokens[holder].label} (tệp khóa).p12`)
  const { createKeyFile } = await import('./key-file.ts')
  const make = async (holder: PracticeToken) => {
    const certificate = await createKeyFile({
      file: join(parts.folder, fileOf(holder)),
      password: PRACTICE.tokens[holder].pin,
      certify: publicKey => certify(parts, holder, publicKey),
      chain: [parts.pki.subCa.certificate],
    })
    return certificateFromDer(certificate).sha256
  }
  return {
    certificates: { signer: await make('signer'), organisation: await make('organisation') },
    settings: { keyFiles: [fileOf('signer'), fileOf('organisation')] },
  }
}

const day = 86_400_000

const certify = ({ pki, now }: PracticeTokenParts, holder: PracticeToken, publicKey: Uint8Array): Uint8Array =>
  issueCertificate(pki, {
    kind: holders[holder].kind,
    publicKey,
    subject: {
      locality: PRACTICE.locality,
      organisation: PRACTICE.office,
      commonName: holders[holder].commonName,
    },
    notBefore: new Date(now.getTime() - day),
    notAfter: new Date(now.getTime() + 3 * 365 * day),
  })

function sha256Of({ certificates: [certificate] }: SoftToken): string {
  if (!certificate) throw new Error('the practice token has no certificate')
  return certificateFromDer(certificate).sha256
}
