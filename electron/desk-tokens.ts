import { SigningError } from '../native-signing/errors.ts'
import {
  checkSigningCertificate,
  installedModules,
  listTokens,
  type ModuleFailure,
  type ModuleOptions,
  openToken,
  readModuleList,
} from '../native-signing/token/index.ts'
import { mayDocumentsBeSigned, parseCertificate } from '../native-signing/trust/certificate.ts'
import { type PathProblem, type TrustSettings, validatePath } from '../native-signing/trust/chain.ts'
import type { Certificate, TokenInfo, TokenSession } from '../native-signing/types.ts'
import { resourcePath } from './resources.ts'

/** Which token is meant, where more than one could be. */
export interface TokenChoice {
  readonly module?: string
  readonly token?: string
}

/** The token that holds the wanted certificate, seen before any PIN. */
export interface ChosenToken {
  readonly token: TokenInfo
  readonly certificate: Certificate
  /** Issuers' certificates for the signature, the leaf's issuer first, the trust anchor left out. */
  readonly chain: readonly Certificate[]
}

/** The tokens on this PC. */
export interface DeskTokens {
  list(choice?: TokenChoice): Promise<readonly (TokenInfo | ModuleFailure)[]>
  /**
   * Finds the token by its certificate and judges the certificate, before any PIN is asked.
   * @throws SigningError no-token, several-tokens, certificate-not-found, certificate-expired, certificate-not-yet-valid,
   *   certificate-not-for-signing, certificate-revoked, certificate-untrusted, module-…
   */
  find(certificateSha256: string, choice?: TokenChoice): Promise<ChosenToken>
  /**
   * Finds the token for signing outside an office: by label and, where it has several certificates, by the wanted one. Whether somebody
   * trusts the certificate is not asked; its own validity is.
   * @throws SigningError no-token, several-tokens, certificate-not-found, several-certificates, certificate-expired …
   */
  findSigner(choice?: TokenChoice & { readonly cert?: string }): Promise<ChosenToken>
  /** Logs in, once. `pin` is wiped. @throws SigningError as `openToken` */
  open(chosen: ChosenToken, pin: Uint8Array | null, lastTryConfirmed: boolean): Promise<TokenSession>
}

export interface DeskTokenParts extends ModuleOptions {
  /** Modules by setting; empty: the known ones that are installed. */
  readonly modules: readonly string[]
  readonly trust: TrustSettings
  readonly clock: () => Date
}

export function createDeskTokens({ modules, trust, clock, ...options }: DeskTokenParts): DeskTokens {
  const modulesOf = (choice: TokenChoice): readonly string[] => {
    if (choice.module !== undefined) return [choice.module]
    if (modules.length > 0) return modules
    const list = readModuleList(resourcePath('pkcs11-modules.json'))
    return installedModules(list, { platform: process.platform, environment: process.env }).map(found => found.path)
  }
  const list = (choice: TokenChoice = {}) => listTokens({ ...options, modules: modulesOf(choice) })

  return {
    list,
    find: async (certificateSha256, choice = {}) => {
      const seen = await list(choice)
      const tokens = seen.filter(each => 'slotId' in each)
      const named = tokens.filter(token => choice.token === undefined || token.label === choice.token)
      const token = named.find(each => each.certificates.some(c => c.sha256 === certificateSha256))
      if (!token) throw whyNotFound(seen, named, certificateSha256, choice)
      const certificate = token.certificates.find(c => c.sha256 === certificateSha256)
      if (!certificate) throw new SigningError('certificate-not-found', { certificateSha256 })
      return { token, certificate, chain: judge(certificate, token.certificates, trust, clock()) }
    },
    findSigner: async (choice = {}) => {
      const seen = await list(choice)
      const named = seen
        .filter(each => 'slotId' in each)
        .filter(t => choice.token === undefined || t.label === choice.token)
      if (named.length === 0) throw whyNotFound(seen, named, choice.cert ?? '', choice)
      return chooseSigner(named, choice.cert, clock())
    },
    open: ({ token, certificate }, pin, lastTryConfirmed) =>
      openToken({
        ...options,
        module: token.module,
        slotId: token.slotId,
        certificateSha256: certificate.sha256,
        pin,
        lastTryConfirmed,
      }),
  }
}

/**
 * The one certificate among these tokens that may sign, or the wanted one.
 * @throws SigningError certificate-not-found, several-tokens, several-certificates, certificate-expired, certificate-not-yet-valid
 */
export function chooseSigner(tokens: readonly TokenInfo[], wantedSha256: string | undefined, at: Date): ChosenToken {
  const fits = (certificate: Certificate) =>
    wantedSha256 === undefined
      ? mayDocumentsBeSigned(parseCertificate(certificate.der))
      : certificate.sha256 === wantedSha256
  const found = tokens.flatMap(token => token.certificates.filter(fits).map(certificate => ({ token, certificate })))
  const [first, second] = found
  if (!first) throw new SigningError('certificate-not-found', { certificateSha256: wantedSha256 ?? '' })
  if (second && second.token !== first.token) {
    throw new SigningError('several-tokens', { count: tokens.length, labels: tokens.map(t => t.label).join('; ') })
  }
  if (second) throw new SigningError('several-certificates', { count: found.length })
  checkSigningCertificate(first.certificate, at)
  return { ...first, chain: issuersOf(first.certificate, first.token.certificates) }
}

/** The most telling reason why no token with the certificate was seen. */
function whyNotFound(
  seen: readonly (TokenInfo | ModuleFailure)[],
  named: readonly TokenInfo[],
  certificateSha256: string,
  choice: TokenChoice,
): SigningError {
  if (named.length > 0) return new SigningError('certificate-not-found', { certificateSha256 })
  const failure = seen.find(each => 'error' in each)
  if (failure && 'error' in failure) return failure.error
  return new SigningError('no-token', choice.token === undefined ? {} : { label: choice.token })
}

const codeOf: Readonly<
  Partial<Record<PathProblem, 'certificate-revoked' | 'certificate-expired' | 'certificate-not-yet-valid'>>
> = {
  revoked: 'certificate-revoked',
  expired: 'certificate-expired',
  'not-yet-valid': 'certificate-not-yet-valid',
}

/** @returns the chain below the anchor, leaf left out */
function judge(
  certificate: Certificate,
  others: readonly Certificate[],
  trust: TrustSettings,
  at: Date,
): readonly Certificate[] {
  checkSigningCertificate(certificate, at)
  const { path, problem } = validatePath(certificate, others, trust, at)
  if (problem !== null) throw new SigningError(codeOf[problem] ?? 'certificate-untrusted', { reason: problem })
  return path.slice(1, -1)
}

/** The issuers that the token itself holds, leaf's issuer first. */
function issuersOf(certificate: Certificate, held: readonly Certificate[]): readonly Certificate[] {
  const chain: Certificate[] = []
  for (let last = certificate; ; ) {
    const issuer = held.find(c => c.subject === last.issuer && c !== last && !chain.includes(c))
    if (!issuer) return chain
    chain.push(issuer)
    last = issuer
  }
}
