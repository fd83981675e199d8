import { createHash, type Hash, randomUUID } from 'node:crypto'
import { chmodSync } from 'node:fs'
import { constants, copyFile, stat } from 'node:fs/promises'
import { SigningError } from '../errors.ts'
import { PdfDocument } from '../pdf/document.ts'
import {
  addToSecurityStore,
  newValidationData,
  readSecurityStore,
  type SignatureValidationData,
  type ValidationData,
} from '../pdf/security-store.ts'
import { FileSource } from '../pdf/source.ts'
import { IncrementalUpdate } from '../pdf/update.ts'
import type { TrustSettings } from '../trust/chain.ts'
import type { StatusFetcher } from '../trust/status-fetcher.ts'
import { ValidationDataCollector } from '../trust/validation-data.ts'
import type { SignatureLevel, Timestamper, VerificationReport } from '../types.ts'
import { provenExistence } from '../verify/existence.ts'
import type { SignatureFacts } from '../verify/facts.ts'
import { questionsOf } from '../verify/questions.ts'
import { examineFile, reportOn } from '../verify/verify.ts'
import { DOCUMENT_TIMESTAMP_HASH, documentTimestamp } from './document-timestamp.ts'
import { discard, exists, flush, moveIntoPlace, withFileErrors } from './files.ts'
import { OpenFile } from './open-file.ts'
import { refuseSpoilt } from './spoilt.ts'

export interface ExtendOptions {
  readonly level: Exclude<SignatureLevel, 'B-B'>
  /** Needed where a time-stamp has to be added: for B-LTA always, else for signatures that have none. */
  readonly timestamper: Timestamper | null
  /** The signatures' and time-stamps' authorities must be among them; lists and answers in it are used first. */
  readonly trust: TrustSettings
  /** Fetches what is missing; null works with what is given. */
  readonly fetcher: StatusFetcher | null
  /** Must not exist yet. */
  readonly output: string
  /** Notes for each signature which data belong to it (VRI), for old readers that look for it. */
  readonly perSignature?: boolean
  /** Of an encrypted file: the user's or the owner's. */
  readonly password?: string | undefined
  readonly clock?: () => Date
  readonly signal?: AbortSignal
}

/** A file whose signatures can be verified longer than before; it has passed our own verification. */
export interface ExtendedFile {
  readonly kind: 'extended-file'
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly report: VerificationReport
  readonly added: {
    readonly timestamps: number
    readonly certificates: number
    readonly ocsp: number
    readonly crls: number
  }
}

const LEVELS: readonly SignatureLevel[] = ['B-B', 'B-T', 'B-LT', 'B-LTA']

/**
 * Lifts the signatures of a file to a level (ETSI EN 319 142-1 §6) and renews its archive time-stamp: a document time-stamp where the time of
 * a signature is not proven, validation data for all signatures and time-stamps, a document time-stamp over all. The input is only read;
 * the output begins with it and appears whole and verified or not at all.
 * @throws SigningError file-exists, file-not-found, pdf-unreadable, pdf-encrypted, pdf-password-required, pdf-password-wrong,
 *   pdf-changes-not-permitted, nothing-to-extend, earlier-signature-broken,
 *   timestamp-unavailable, timestamp-refused, timestamp-invalid, validation-data-unavailable, certificate-revoked, self-check-failed, disk-full
 */
export async function extendPdf(inputPath: string, options: ExtendOptions): Promise<ExtendedFile> {
  const { level, output } = options
  if (exists(output)) throw new SigningError('file-exists')
  const work = new Extension(inputPath, `${output}.${randomUUID()}.part`, options)
  return withFileErrors(async () => {
    try {
      await work.begin()
      if (work.hasUnprovenTimes) await work.addTimestamp()
      if (level !== 'B-T') await work.addValidationData()
      if (level === 'B-LTA') await work.addTimestamp()
      return await work.finish()
    } finally {
      await work.discard()
    }
  })
}

/** The file under work: its length, the hash of all of it so far, and what is known of its signatures. */
class Extension {
  readonly #input: string
  readonly #file: string
  readonly #options: ExtendOptions
  #inputState: Hash = createHash(DOCUMENT_TIMESTAMP_HASH)
  #state: Hash = this.#inputState
  #inputBytes = 0
  #bytes = 0
  #facts: readonly SignatureFacts[] = []
  #added = { timestamps: 0, certificates: 0, ocsp: 0, crls: 0 }

  constructor(input: string, file: string, options: ExtendOptions) {
    this.#input = input
    this.#file = file
    this.#options = options
  }

  /** Copies the input, and verifies it in the meantime. */
  async begin(): Promise<void> {
    const { size, mode } = await stat(this.#input)
    this.#bytes = size
    this.#inputBytes = size
    const [copied, examined] = await Promise.allSettled([
      copyFile(this.#input, this.#file, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE),
      this.#examine(this.#input),
    ])
    if (examined.status === 'rejected') throw examined.reason
    if (copied.status === 'rejected') throw copied.reason
    // the input may be one that nobody may write to
    chmodSync(this.#file, (mode & 0o777) | 0o600)
    this.#inputState = examined.value.state
    this.#state = examined.value.state.copy()
    this.#facts = examined.value.facts
    if (this.#facts.length === 0) throw new SigningError('nothing-to-extend')
    refuseSpoilt(this.#facts)
  }

  get hasUnprovenTimes(): boolean {
    return this.#facts.some(({ located, provenTime }) => located.kind === 'signature' && provenTime === null)
  }

  async addTimestamp(): Promise<void> {
    const { timestamper, signal } = this.#options
    if (!timestamper) throw new SigningError('timestamp-unavailable', { reason: 'no authority named' })
    await this.#append(document => documentTimestamp(document, this.#state, timestamper, signal))
    this.#added = { ...this.#added, timestamps: this.#added.timestamps + 1 }
    this.#facts = (await this.#examine(this.#file)).facts
    if (this.hasUnprovenTimes)
      throw new SigningError('validation-data-unavailable', { reason: 'time-stamp authority not trusted' })
  }

  async addValidationData(): Promise<void> {
    const { trust, fetcher, signal, perSignature } = this.#options
    await this.#append(async document => {
      const store = readSecurityStore(document)
      const clock = () => this.#now()
      const existedAt = provenExistence(this.#facts, ({ revisionEnd }) => document.cutAt(revisionEnd))
      const settings = { trust, store, fetcher, clock, existedAt, ...(signal ? { signal } : {}) }
      const collector = new ValidationDataCollector(settings)
      const found: SignatureValidationData[] = []
      for (const facts of this.#facts) {
        const parts: ValidationData[] = []
        for (const question of questionsOf(facts, clock())) parts.push(await collector.collect(question))
        found.push({ key: validationKey(facts.located.contents), data: join(parts) })
      }
      const fresh = newValidationData(join(found.map(({ data }) => data)), store)
      const { certificates, ocsp, crls } = fresh
      if (certificates.length + ocsp.length + crls.length === 0) return new Uint8Array(0)
      this.#added = { ...this.#added, certificates: certificates.length, ocsp: ocsp.length, crls: crls.length }
      const update = new IncrementalUpdate(document)
      addToSecurityStore(document, update, fresh, perSignature ? found : [])
      return update.write().bytes
    })
  }

  /** Verifies the finished file and puts it in its place. */
  async finish(): Promise<ExtendedFile> {
    const { level, output } = this.#options
    const { facts, state, prefix } = await this.#examine(this.#file)
    const report = reportOn(output, facts)
    const sha256 = state.digest('hex')
    if (prefix.digest('hex') !== this.#inputState.digest('hex')) throw selfCheckFailed('prefix')
    if (sha256 !== this.#state.digest('hex')) throw selfCheckFailed('content')
    for (const verdict of report.signatures) {
      if (verdict.integrity !== 'intact' || verdict.changesAfter === 'forbidden') throw selfCheckFailed('integrity')
      if (verdict.level && LEVELS.indexOf(verdict.level) < LEVELS.indexOf(level)) throw selfCheckFailed(verdict.level)
    }
    await flush(this.#file)
    await moveIntoPlace(this.#file, output)
    return { kind: 'extended-file', path: output, bytes: this.#bytes, sha256, report, added: this.#added }
  }

  /** Takes away what is left where the work was not finished. */
  async discard(): Promise<void> {
    await discard(this.#file)
  }

  #now(): Date {
    return this.#options.clock?.() ?? new Date()
  }

  async #examine(path: string): Promise<{
    readonly facts: readonly SignatureFacts[]
    readonly state: Hash
    readonly prefix: Hash
  }> {
    const hash = DOCUMENT_TIMESTAMP_HASH
    const { facts, states } = await examineFile(
      path,
      { ...this.#options.trust, at: this.#now(), password: this.#options.password },
      [
        { hash, spans: [{ start: 0, end: this.#bytes }] },
        { hash, spans: [{ start: 0, end: this.#inputBytes }] },
      ],
    )
    const [state, prefix] = states
    if (!state || !prefix) throw new TypeError('a hash is missing')
    return { facts, state, prefix }
  }

  async #append(make: (document: PdfDocument) => Promise<Uint8Array>): Promise<void> {
    using source = new FileSource(this.#file)
    if (source.length !== this.#bytes)
      throw new SigningError('pdf-unreadable', { reason: 'file changed while it was copied' })
    const bytes = await make(PdfDocument.open(source, this.#options.password))
    using file = new OpenFile(this.#file, 'r+')
    await file.writeMany(bytes, this.#bytes)
    this.#state.update(bytes)
    this.#bytes += bytes.length
  }
}

function selfCheckFailed(reason: string): SigningError {
  return new SigningError('self-check-failed', { reason })
}

/** Each thing once. */
function join(parts: readonly ValidationData[]): ValidationData {
  const whole = {
    certificates: parts.flatMap(part => part.certificates),
    ocsp: parts.flatMap(part => part.ocsp),
    crls: parts.flatMap(part => part.crls),
  }
  return newValidationData(whole, { certificates: [], ocsp: [], crls: [] })
}

/** SHA-1 of all bytes of /Contents, padding included, by which a VRI entry names its signature (ISO 32000-2 §12.8.4.4). */
function validationKey(contents: Uint8Array): string {
  return createHash('sha1').update(contents).digest('hex').toUpperCase()
}
