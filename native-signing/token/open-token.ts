import { setTimeout as pause } from 'node:timers/promises'
import { hashBytes, verifySignature } from '../cms/algorithms.ts'
import { SigningError } from '../errors.ts'
import { parseCertificate, publicKeyOf } from '../trust/certificate.ts'
import type { Certificate, HashAlgorithm, SignatureScheme, TokenInfo, TokenSession } from '../types.ts'
import { readableCertificates } from './certificate.ts'
import { type ModuleHost, usualDeadlines } from './host.ts'
import { type ModuleOptions, readTokens } from './list-tokens.ts'
import { countRefusal, forgetRefusals, judgeRefusal, type LoginOptions, logIn, logInAgain } from './log-in.ts'
import { answerSchemas, type HeldCertificate, type Question } from './messages.ts'
import { selectToken, type TokenSelection } from './selection.ts'
import { warmModules } from './warm-modules.ts'

export interface OpenTokenOptions extends ModuleOptions, TokenSelection, LoginOptions {
  readonly module: string
  /** UTF-8; wiped by this call, whatever comes of it. Null: it is typed on the reader. */
  readonly pin: Uint8Array | null
  /** Certificates from files, for tokens whose driver keeps the certificate off the token. */
  readonly otherCertificates?: readonly Certificate[]
  /**
   * The person has asked to go on after the PC's sleep: when the token has forgotten its login and is there again, one login is made
   * with the PIN kept in the module's process; then the PIN is wiped.
   */
  readonly keepPin?: boolean
  /** How long a token that went away is waited for when the PIN is kept. */
  readonly backWithinMilliseconds?: number
}

/**
 * Finds the token, looks at its PIN's state, and logs in: at most once per call.
 * @throws SigningError module-not-found, module-unusable, module-not-responding, no-token, several-tokens, certificate-not-found,
 *   key-not-found, and those of `logIn`
 */
export async function openToken(options: OpenTokenOptions): Promise<TokenSession> {
  const { module, pin, warm = warmModules(options) } = options
  try {
    const { host, seen } = await warm.take(module, started => readTokens(started, module, options))
    try {
      const token = selectToken(seen, selectionOf(options))
      await logIn(host, token, { ...options, writable: false, keepPin: options.keepPin ?? false })
      return new HostedSession(host, token, await readKeys(host, options), options)
    } catch (error) {
      await host.close()
      throw error
    }
  } finally {
    pin?.fill(0)
  }
}

/** A certificate from a file says nothing of where its key is; that is seen after the login. */
function selectionOf(options: OpenTokenOptions): TokenSelection {
  return isFromFile(options) ? { ...options, certificateSha256: undefined } : options
}

const isFromFile = ({ certificateSha256, otherCertificates = [] }: OpenTokenOptions): boolean =>
  otherCertificates.some(each => each.sha256 === certificateSha256)

interface Held extends Omit<HeldCertificate, 'der'> {
  readonly certificate: Certificate
}

/** By SHA-256. @throws SigningError certificate-not-found, key-not-found: for the wanted one */
async function readKeys(host: ModuleHost, options: OpenTokenOptions): Promise<ReadonlyMap<string, Held>> {
  const { certificateSha256, otherCertificates = [] } = options
  const { keys } = { ...usualDeadlines, ...options.deadlines }
  const others = otherCertificates.map(each => each.der)
  const answer = await host.ask({ call: 'keys', otherCertificates: others }, answerSchemas.keys, keys)
  const held = new Map<string, Held>()
  for (const { der, ...key } of answer) {
    for (const certificate of readableCertificates([der])) held.set(certificate.sha256, { certificate, ...key })
  }
  if (certificateSha256 !== undefined) {
    const wanted = held.get(certificateSha256)
    if (!wanted && !isFromFile(options)) throw new SigningError('certificate-not-found', { certificateSha256 })
    if (!wanted || wanted.schemes.length === 0) throw new SigningError('key-not-found', { certificateSha256 })
  }
  return held
}

class HostedSession implements TokenSession {
  readonly token: TokenInfo
  readonly certificates: readonly Certificate[]
  readonly #host: ModuleHost
  readonly #held: ReadonlyMap<string, Held>
  readonly #options: OpenTokenOptions
  #mayResume: boolean
  #ended: SigningError | null = null

  constructor(host: ModuleHost, token: TokenInfo, held: ReadonlyMap<string, Held>, options: OpenTokenOptions) {
    this.token = token
    this.certificates = [...held.values()].map(each => each.certificate)
    this.#host = host
    this.#held = held
    this.#options = { ...options, pin: null }
    this.#mayResume = options.keepPin ?? false
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
    const signature = await this.#asked({ call: 'sign', certificateSha256, scheme, hash, data }, held)
    if (!isSignatureOf(held.certificate, scheme, hash, data, signature)) {
      throw new SigningError('token-failed', { call: 'sign', reason: 'signature-does-not-verify' })
    }
    return signature
  }

  /** A token once pulled out, or asleep, has forgotten its login: nothing more is tried, but for the one resumption that was asked for. */
  async #asked(question: SignQuestion, held: Held): Promise<Uint8Array> {
    if (this.#ended) throw this.#ended
    try {
      return await this.#signed(question, held)
    } catch (error) {
      if (!(error instanceof SigningError) || error.code !== 'token-removed') throw error
      this.#ended = error
      if (!this.#mayResume || !this.#host.alive()) throw error
      this.#mayResume = false
      await this.#resume(error)
      this.#ended = null
      return await this.#asked(question, held)
    }
  }

  /** A key may ask the PIN for every signature: a refusal is counted as at the login, and nothing more is tried with that PIN. */
  async #signed(question: SignQuestion, { asksPin }: Held): Promise<Uint8Array> {
    const { attempts, deadlines } = this.#options
    const { sign, pinPad } = { ...usualDeadlines, ...deadlines }
    const deadline = asksPin && this.token.pinPad ? pinPad : sign
    const outcome = await this.#host.ask(question, answerSchemas.sign, deadline).catch((error: unknown) => {
      const isRefused = error instanceof SigningError && error.code === 'pin-incorrect'
      if (isRefused) this.#ended = error
      // A signature that never came back may have been a wrong PIN.
      if (isRefused || (asksPin && !this.#host.alive())) countRefusal(this.token, attempts)
      throw error
    })
    if (outcome.outcome === 'refused') {
      this.#ended = judgeRefusal(this.token, outcome, attempts)
      throw this.#ended
    }
    if (asksPin) forgetRefusals(this.token, attempts)
    return outcome.signature
  }

  /** @throws SigningError the fault itself where the same token does not come back in time; those of `logInAgain` */
  async #resume(fault: SigningError): Promise<void> {
    const token = await this.#comeBack()
    // Where a wrong PIN has been seen meanwhile, only a person spends a try.
    if (token?.pinState !== 'ok') throw fault
    await logInAgain(this.#host, token, this.#options)
    const held = await readKeys(this.#host, this.#options)
    if ([...this.#held.keys()].some(sha256 => !held.has(sha256))) throw fault
  }

  async #comeBack(): Promise<TokenInfo | null> {
    const { module, backWithinMilliseconds = 5000 } = this.#options
    const isSame = (token: TokenInfo) =>
      token.serialNumber === this.token.serialNumber && token.label === this.token.label
    for (const until = performance.now() + backWithinMilliseconds; ; await pause(200)) {
      const tokens = await readTokens(this.#host, module, this.#options)
      const found = tokens.filter(isSame)
      if (found.length === 1) return found[0] ?? null
      if (performance.now() > until) return null
    }
  }

  close(): Promise<void> {
    return this.#host.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

type SignQuestion = Extract<Question, { call: 'sign' }>

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
