import { hashBytes, verifySignature } from '../cms/algorithms.ts'
import { SigningError } from '../errors.ts'
import { parseCertificate, publicKeyOf } from '../trust/certificate.ts'
import type { Certificate, HashAlgorithm, SignatureScheme, TokenInfo, TokenSession } from '../types.ts'
import { readableCertificates } from './certificate.ts'
import { type ModuleHost, usualDeadlines } from './host.ts'
import { attemptsKey, type ModuleOptions, readTokens, startChecked } from './list-tokens.ts'
import { answerSchemas, type Question } from './messages.ts'
import { checkBeforeLogin, judgeFailedLogin } from './pin.ts'
import { selectToken, type TokenSelection } from './selection.ts'

export interface OpenTokenOptions extends ModuleOptions, TokenSelection {
  readonly module: string
  /** UTF-8; wiped by this call, whatever comes of it. Null: it is typed on the reader. */
  readonly pin: Uint8Array | null
  /** A person has said yes to spending the last try; without it no login is tried in that state. */
  readonly lastTryConfirmed?: boolean
  /** Certificates from files, for tokens whose driver keeps the certificate off the token. */
  readonly otherCertificates?: readonly Certificate[]
}

/**
 * Finds the token, looks at its PIN's state, and logs in: at most once per call.
 * @throws SigningError module-not-found, module-unusable, module-not-responding, no-token, several-tokens, certificate-not-found,
 *   key-not-found, pin-length, pin-last-try, pin-locked, pin-not-set, pin-incorrect (`state`: what the next wrong one costs),
 *   signing-cancelled (on the reader), token-removed, token-failed
 */
export async function openToken(options: OpenTokenOptions): Promise<TokenSession> {
  try {
    const host = await startChecked(options.module, options)
    try {
      return await logIn(host, options)
    } catch (error) {
      await host.close()
      throw error
    }
  } finally {
    options.pin?.fill(0)
  }
}

async function logIn(host: ModuleHost, options: OpenTokenOptions): Promise<TokenSession> {
  const { pin, attempts, certificateSha256, otherCertificates = [] } = options
  const deadlines = { ...usualDeadlines, ...options.deadlines }
  // A certificate from a file says nothing of where its key is; that is seen after the login.
  const fromFile = otherCertificates.some(each => each.sha256 === certificateSha256)
  const selection = fromFile ? { ...options, certificateSha256: undefined } : options
  const token = selectToken(await readTokens(host, options.module, options), selection)
  checkBeforeLogin(token, pin, options.lastTryConfirmed ?? false)

  const key = attemptsKey(token)
  const failures = attempts?.failures(key) ?? 0
  const countFailure = () => attempts?.remember(key, failures + 1)
  const login = { call: 'login', slotId: token.slotId, pin } as const
  const outcome = await host
    .ask(login, answerSchemas.login, pin === null ? deadlines.pinPad : deadlines.login)
    .catch((error: unknown) => {
      // A login that never came back may have been a wrong PIN; where the process lives, it came to no login.
      if (!host.alive()) countFailure()
      throw error
    })
  if (outcome.outcome === 'refused') {
    const { error, mayHaveCostTry } = judgeFailedLogin(outcome, attempts ? failures + 1 : 0)
    if (mayHaveCostTry) countFailure()
    throw error
  }
  if (failures > 0) attempts?.remember(key, 0)

  const others = otherCertificates.map(each => each.der)
  const held = await host.ask({ call: 'keys', otherCertificates: others }, answerSchemas.keys, deadlines.keys)
  const certificates = new Map<string, Held>()
  for (const { der, schemes } of held) {
    for (const certificate of readableCertificates([der]))
      certificates.set(certificate.sha256, { certificate, schemes })
  }
  if (certificateSha256 !== undefined) {
    const wanted = certificates.get(certificateSha256)
    if (!wanted && !fromFile) throw new SigningError('certificate-not-found', { certificateSha256 })
    if (!wanted || wanted.schemes.length === 0) throw new SigningError('key-not-found', { certificateSha256 })
  }
  return new HostedSession(host, token, certificates, deadlines.sign)
}

interface Held {
  readonly certificate: Certificate
  readonly schemes: readonly SignatureScheme[]
}

class HostedSession implements TokenSession {
  readonly token: TokenInfo
  readonly certificates: readonly Certificate[]
  readonly #host: ModuleHost
  readonly #held: ReadonlyMap<string, Held>
  readonly #signDeadline: number
  #removed: SigningError | null = null

  constructor(host: ModuleHost, token: TokenInfo, held: ReadonlyMap<string, Held>, signDeadline: number) {
    this.token = token
    this.certificates = [...held.values()].map(each => each.certificate)
    this.#host = host
    this.#held = held
    this.#signDeadline = signDeadline
  }

  schemes(certificateSha256: string): readonly SignatureScheme[] {
    return this.#held.get(certificateSha256)?.schemes ?? []
  }

  /** The value is checked against the certificate's key before it is given out: a module's word alone is not enough. */
  async sign(
    certificateSha256: string,
    scheme: SignatureScheme,
    hash: HashAlgorithm,
    data: Uint8Array,
  ): Promise<Uint8Array> {
    const held = this.#held.get(certificateSha256)
    if (!held || held.schemes.length === 0) throw new SigningError('key-not-found', { certificateSha256 })
    if (!held.schemes.includes(scheme)) throw new SigningError('mechanism-not-supported', { scheme, hash })
    const question = { call: 'sign', certificateSha256, scheme, hash, data } as const
    const signature = await this.#ask(question)
    if (!isSignatureOf(held.certificate, scheme, hash, data, signature)) {
      throw new SigningError('token-failed', { call: 'sign', reason: 'signature-does-not-verify' })
    }
    return signature
  }

  /** A token once pulled out has forgotten its login: nothing more is tried, even when it is back. */
  async #ask(question: Question): Promise<Uint8Array> {
    if (this.#removed) throw this.#removed
    try {
      return await this.#host.ask(question, answerSchemas.sign, this.#signDeadline)
    } catch (error) {
      if (error instanceof SigningError && error.code === 'token-removed') this.#removed = error
      throw error
    }
  }

  close(): Promise<void> {
    return this.#host.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function isSignatureOf(
  certificate: Certificate,
  scheme: SignatureScheme,
  hash: HashAlgorithm,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const key = publicKeyOf(parseCertificate(certificate.der))
  return key !== null && verifySignature({ scheme, hash, saltLength: hashBytes(hash) }, key, data, signature)
}
