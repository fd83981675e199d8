import { existsSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename } from 'node:path'
import { isTokenFault, SigningError } from '../native-signing/errors.ts'
import {
  changePin,
  checkSigningCertificate,
  installedModules,
  type KnownModule,
  listTokens,
  type ModuleFailure,
  type ModuleOptions,
  newPinLimits,
  openToken,
  p11KitFolders,
  p11KitModules,
  readModuleList,
  severalTokens,
  single,
  warmModules,
} from '../native-signing/token/index.ts'
import { mayDocumentsBeSigned, parseCertificate } from '../native-signing/trust/certificate.ts'
import { type PathProblem, type TrustSettings, validatePath } from '../native-signing/trust/chain.ts'
import type { Certificate, TokenInfo, TokenSession } from '../native-signing/types.ts'
import type { ChosenToken, TokenChoice } from './api/context.ts'
import { keyFileToken, openKeyFileToken } from './key-file-tokens.ts'
import { resourcePath } from './resources.ts'

export type { ChosenToken, TokenChoice }

export interface SignerChoice extends TokenChoice {
  /** SHA-256 of the wanted certificate. */
  readonly cert?: string
  /** The signer's, perhaps with its issuers', from a file: for a token whose driver keeps no certificate on it. */
  readonly certificates?: readonly Certificate[]
}

/** A token that was seen, by its slot and its number: by now another could be there. */
export type TokenPlace = Pick<TokenInfo, 'module' | 'slotId' | 'serialNumber'>

export interface CertificateState {
  /** An issuer's, laid beside the holder's own; nobody signs with it. */
  readonly isIssuer: boolean
  /** Why it may not sign now; null where it may. */
  readonly problem: SigningError | null
}

export interface LoginChoice {
  /** UTF-8; wiped. Null: it is typed on the reader. */
  readonly pin: Uint8Array | null
  readonly lastTryConfirmed?: boolean
}

/** The tokens on this PC. Their modules stay loaded for a minute in processes of their own: closed by the owner. */
export interface DeskTokens extends AsyncDisposable {
  /** @param anew start the modules again, for drivers that see a new reader only then */
  list(choice?: TokenChoice, anew?: boolean): Promise<readonly (TokenInfo | ModuleFailure)[]>
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
  findSigner(choice?: SignerChoice): Promise<ChosenToken>
  /**
   * Logs in, once.
   * @param login `keepPin`: the person wants to go on after the PC's sleep
   * @throws SigningError as `openToken`
   */
  open(chosen: ChosenToken, login: LoginChoice & { readonly keepPin?: boolean }): Promise<TokenSession>
  /** Whether the token, not one file, was at fault. */
  isFault(error: unknown): boolean
  /** Modules that are found on this PC, whatever the settings name. */
  found(): readonly string[]
  /** What can be known of a token's certificate before any PIN. */
  judge(certificate: Certificate, token: TokenInfo): CertificateState
  /** Characters of a new PIN; null where it cannot be changed here: a key file's password. */
  newPinLimits(token: TokenInfo): { readonly minimum: number; readonly maximum: number } | null
  /** Who gives out tokens of this module, as their users know them; null for a module that is not on the list. */
  issuerOf(module: string): string | null
  /** Changes a token's PIN; both PINs are wiped. @throws SigningError module-not-found and as `changePin` */
  changePin(token: TokenPlace, login: LoginChoice & { readonly newPin: Uint8Array | null }): Promise<void>
}

export interface DeskTokenParts extends ModuleOptions {
  /** Modules by setting; empty: the known ones that are installed. */
  readonly modules: readonly string[]
  /** Key files that stand for tokens, the only ones then beside `modules`. A key file's path is its module. */
  readonly keyFiles?: readonly string[]
  /** A choice may name a module that is none of these: for the person at the command line alone, since loading a file runs it. */
  readonly anyModule?: boolean
  readonly trust: TrustSettings
  readonly clock: () => Date
}

export function createDeskTokens(parts: DeskTokenParts): DeskTokens {
  const { modules, keyFiles = [], anyModule = false, trust, clock, ...options } = parts
  const isKeyFile = (module: string) => keyFiles.includes(module)
  const known = readModuleList(resourcePath('pkcs11-modules.json'))
  const folders = process.platform === 'linux' ? p11KitFolders(homedir()) : []
  const configured = p11KitModules(folders, known.folders.linux)
  const parameters = {
    ...Object.fromEntries(configured.modules.flatMap(each => (each.parameters ? [[each.path, each.parameters]] : []))),
    ...options.parameters,
  }
  /** The known ones that are there now, and those that the machine's administrator set up. Each file once. */
  const found = (): readonly string[] => {
    const installed = installedModules(known, { platform: process.platform, environment: process.env })
    // Read once, so a module may have been removed since.
    const there = [...installed, ...configured.modules].filter(({ path }) => existsSync(path))
    return [...new Map(there.map(({ path }) => [realpathSync(path), path])).values()]
  }
  const ownModules = () => (modules.length > 0 || keyFiles.length > 0 ? [...modules, ...keyFiles] : found())
  /** @throws SigningError module-not-found: one is named that this PC does not work with */
  const modulesOf = ({ module }: TokenChoice): readonly string[] => {
    if (module === undefined) return ownModules()
    if (!anyModule && !ownModules().includes(module)) throw new SigningError('module-not-found', { module })
    return [module]
  }
  const warm = warmModules({ ...options, parameters })
  const running = { ...options, parameters, warm }
  const list = async (choice: TokenChoice = {}, anew = false) => {
    if (anew) await warm.cool()
    const asked = modulesOf(choice)
    const files = await Promise.all(asked.filter(isKeyFile).map(keyFileToken))
    const seen = await listTokens({ ...running, modules: asked.filter(module => !isKeyFile(module)) })
    const isOwnChoice = modules.length > 0 || keyFiles.length > 0 || choice.module !== undefined
    return distinct([...files, ...seen, ...(isOwnChoice ? [] : configured.unreadable)])
  }
  /** Drivers that see a new reader only when they start are started again before anybody is told that a token is missing. */
  const listWith = async (choice: TokenChoice, isThere: (token: TokenInfo) => boolean) => {
    const seen = await list(choice)
    return seen.some(each => 'slotId' in each && isThere(each)) ? seen : list(choice, true)
  }

  return {
    list,
    find: async (certificateSha256, choice = {}) => {
      const isMeant = (token: TokenInfo) =>
        (choice.token === undefined || token.label === choice.token) &&
        token.certificates.some(each => each.sha256 === certificateSha256)
      const seen = await listWith(choice, isMeant)
      const tokens = seen.filter(each => 'slotId' in each)
      const named = tokens.filter(token => choice.token === undefined || token.label === choice.token)
      const token = named.find(isMeant)
      if (!token) throw whyNotFound(seen, named, certificateSha256, choice)
      const certificate = token.certificates.find(c => c.sha256 === certificateSha256)
      if (!certificate) throw new SigningError('certificate-not-found', { certificateSha256 })
      return { token, certificate, chain: judge(certificate, token.certificates, trust, clock()) }
    },
    findSigner: async (choice = {}) => {
      const isNamed = (token: TokenInfo) => choice.token === undefined || token.label === choice.token
      const seen = await listWith(choice, isNamed)
      const named = seen.filter(each => 'slotId' in each).filter(isNamed)
      if (named.length === 0) throw whyNotFound(seen, named, choice.cert ?? '', choice)
      if (choice.certificates) return chooseKeyOf(named, choice.certificates, clock())
      return chooseSigner(named, choice.cert, clock())
    },
    open: async ({ token, certificate }, login) => {
      if (isKeyFile(token.module)) return openKeyFileToken(token.module, login.pin ?? new Uint8Array())
      const { sha256: certificateSha256 } = certificate
      const otherCertificates = token.certificates.some(each => each.sha256 === certificateSha256) ? [] : [certificate]
      return openToken({ ...running, ...login, ...placeOf(token), certificateSha256, otherCertificates })
    },
    judge: (certificate, token) => {
      if (parseCertificate(certificate.der).basicConstraints?.authority) return { isIssuer: true, problem: null }
      try {
        judge(certificate, token.certificates, trust, clock())
        return { isIssuer: false, problem: null }
      } catch (problem) {
        if (problem instanceof SigningError) return { isIssuer: false, problem }
        throw problem
      }
    },
    found,
    isFault: isTokenFault,
    newPinLimits: token => (isKeyFile(token.module) ? null : newPinLimits(token)),
    issuerOf: module => {
      const file = basename(module).toLowerCase()
      const isNamed = ({ files }: KnownModule) => files.some(each => basename(each).toLowerCase() === file)
      return known.modules.find(each => each.platform === process.platform && isNamed(each))?.issuer ?? null
    },
    changePin: async (token, login) => {
      try {
        modulesOf(token)
        if (isKeyFile(token.module)) throw new SigningError('pin-change-not-supported')
        await changePin({ ...running, ...login, ...placeOf(token) })
      } finally {
        login.pin?.fill(0)
        login.newPin?.fill(0)
      }
    },
    [Symbol.asyncDispose]: () => warm.cool(),
  }
}

/** A token that two modules reach (its maker's own and OpenSC) is one: told by its certificates, since serial numbers are written in many ways. */
function distinct(seen: readonly (TokenInfo | ModuleFailure)[]): readonly (TokenInfo | ModuleFailure)[] {
  const fingerprints = new Map<string, string>()
  return seen.filter(each => {
    if ('error' in each || each.certificates.length === 0) return true
    const fingerprint = each.certificates
      .map(certificate => certificate.sha256)
      .sort()
      .join()
    const module = fingerprints.get(fingerprint) ?? each.module
    fingerprints.set(fingerprint, module)
    return module === each.module
  })
}

/** The slot alone could by now hold another token. */
const placeOf = ({ module, slotId, serialNumber }: TokenPlace): TokenPlace => ({ module, slotId, serialNumber })

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
  const holders = new Set(found.map(each => each.token))
  if (holders.size > 1) throw severalTokens([...holders])
  if (second) throw new SigningError('several-certificates', { count: found.length })
  checkSigningCertificate(first.certificate, at)
  return { ...first, chain: issuersOf(first.certificate, first.token.certificates) }
}

/**
 * The one token, for a certificate that comes from a file. Whether its key is there is seen after the login.
 * @throws SigningError certificate-not-for-signing, several-tokens, certificate-expired, certificate-not-yet-valid
 */
function chooseKeyOf(tokens: readonly TokenInfo[], certificates: readonly Certificate[], at: Date): ChosenToken {
  const certificate = certificates.find(each => mayDocumentsBeSigned(parseCertificate(each.der)))
  if (!certificate) throw new SigningError('certificate-not-for-signing')
  const token = single(tokens)
  checkSigningCertificate(certificate, at)
  return { token, certificate, chain: issuersOf(certificate, [...certificates, ...token.certificates]) }
}

/** The most telling reason why no token with the certificate was seen. */
function whyNotFound(
  seen: readonly (TokenInfo | ModuleFailure)[],
  named: readonly TokenInfo[],
  certificateSha256: string,
  choice: TokenChoice,
): SigningError {
  const failures = seen.filter(each => 'error' in each)
  // Another driver's fault is no matter where tokens are seen; a key file is one of the office's own.
  const failure = failures.find(({ error }) => named.length === 0 || error.code === 'key-file-certificate-unreadable')
  if (failure) return failure.error
  if (named.length > 0) return new SigningError('certificate-not-found', { certificateSha256 })
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
