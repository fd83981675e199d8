import type { Hash } from 'node:crypto'
import { nodeHash } from '../cms/algorithms.ts'
import { SigningError } from '../errors.ts'
import { PdfDocument } from '../pdf/document.ts'
import { type HashJob, hashRanges, jobKey, type Reading } from '../pdf/range-hash.ts'
import { NO_VALIDATION_DATA, newValidationData, readSecurityStore, type ValidationData } from '../pdf/security-store.ts'
import { FileSource } from '../pdf/source.ts'
import type { TrustSettings } from '../trust/chain.ts'
import { newestBelievable } from '../trust/clock.ts'
import { fetchMissing } from '../trust/missing-data.ts'
import { RemoteData } from '../trust/remote-data.ts'
import type { StatusFetcher } from '../trust/status-fetcher.ts'
import type { VerificationReport } from '../types.ts'
import type { Change } from './change.ts'
import { RevisionHistory } from './difference.ts'
import { provenExistence } from './existence.ts'
import {
  type ExaminedSignature,
  examineSignature,
  type ReadSignature,
  readSignature,
  type SignatureFacts,
  type SignatureInFile,
} from './facts.ts'
import { judgeAll } from './judge.ts'
import { type LocatedSignature, locateSignatures } from './located-signature.ts'
import { proveTimes, withStore } from './proven-time.ts'
import { questionsOf } from './questions.ts'

export interface VerificationOptions extends TrustSettings {
  /** Time at which certificates are judged where no time-stamp proves another; now by default. */
  readonly at?: Date
  /** For encrypted files: the user's or the owner's. */
  readonly password?: string | undefined
  /**
   * Asked for issuers, OCSP answers and lists that neither file nor settings hold, at the addresses in certificates; nobody by default. What it
   * brings is judged by the same rules, and counts for nothing where the file itself is asked what it holds.
   */
  readonly fetcher?: StatusFetcher | null
}

/**
 * Verifies every signature of a PDF: coverage, digest, signature value, certificate path, time-stamp, and what was changed since.
 * A damaged, hostile or unsigned file gives a report or a clear error, never a pass.
 * @throws SigningError file-not-found, pdf-unreadable, pdf-encrypted, pdf-password-required, pdf-password-wrong
 */
export async function verifyPdf(path: string, options: VerificationOptions): Promise<VerificationReport> {
  const { facts } = await examineFile(path, options, [])
  return reportOn(path, facts)
}

function hashJob({ located, hash }: ReadSignature): HashJob | null {
  if (!hash || !located.byteRange || located.structureProblem) return null
  const [first, firstLength, second, secondLength] = located.byteRange
  return {
    hash: nodeHash(hash),
    spans: [
      { start: first, end: first + firstLength },
      { start: second, end: second + secondLength },
    ],
  }
}

function changesOf(located: LocatedSignature, history: RevisionHistory): readonly Change[] {
  if (!located.revision) return []
  try {
    return history.changesSince(located.revision)
  } catch (error) {
    if (!(error instanceof SigningError)) throw error
    // a revision that cannot be understood cannot be permitted either
    return [{ kind: 'update-not-incremental', permitted: false, detail: error.message }]
  }
}

/** Validation data read for all signatures together: a hostile file must not keep us busy. */
const STORE_BYTES = 64 * 1024 * 1024

/** What one reading of a file brought. */
export interface HashedFile {
  /** In the order in which they were made. */
  readonly signatures: readonly SignatureInFile[]
  /** Of the further hashes, still open. */
  readonly states: readonly Hash[]
  /** What the signatures cover, by `jobKey`. */
  readonly digests: ReadonlyMap<string, Uint8Array>
}

export interface ExaminedFile extends Pick<HashedFile, 'states'> {
  /** In the order in which the signatures were made. */
  readonly facts: readonly SignatureFacts[]
}

/** All facts about the signatures of a file, with further hashes of the file taken in the same reading. */
export async function examineFile(
  path: string,
  options: VerificationOptions,
  further: readonly HashJob[],
  reading: Reading = {},
): Promise<ExaminedFile> {
  using source = new FileSource(path)
  const document = PdfDocument.open(source, options.password)
  const { signatures, states } = await readSignatures(source, document, further, reading)
  const store = readSecurityStore(document, STORE_BYTES / Math.max(2, signatures.length))
  const times = await provenTimes(signatures, options, store)
  const facts = signatures.flatMap(signature => {
    const time = times.get(signature)
    return time ? [{ ...signature, ...time }] : []
  })
  return { facts, states }
}

/** What can be said of the signatures of a file before any certificate is judged. @param document what `source` holds */
export async function readSignatures(
  source: FileSource,
  document: PdfDocument,
  further: readonly HashJob[],
  reading: Reading = {},
): Promise<HashedFile> {
  const read = locateSignatures(document).map(readSignature)
  const jobs = read.map(hashJob)
  const digests = new Map(reading.known?.digests)
  const wanted = jobs.filter(job => job !== null && !digests.has(jobKey(job))).filter(job => job !== null)
  const states = await hashRanges(source, [...wanted, ...further], reading)
  for (const [index, job] of wanted.entries()) {
    const digest = states[index]?.digest()
    if (digest) digests.set(jobKey(job), digest)
  }
  const history = new RevisionHistory(document)
  const signatures = read.map((signature, index) => {
    const job = jobs[index]
    const { located } = signature
    return {
      ...examineSignature(signature, (job && digests.get(jobKey(job))) ?? null),
      coversWholeFile: located.revisionEnd === source.length,
      changes: changesOf(located, history),
    }
  })
  return { signatures, states: states.slice(wanted.length), digests }
}

/** Issuers bring new paths, these new times, and these other questions. */
const MAXIMUM_ROUNDS = 3
/** For all that is asked of a file's certificates, milliseconds. */
const TIME_TO_ASK = 30_000

/** Paths and times by what is at hand and, where somebody is there to ask, by what was missing. */
async function provenTimes(
  examined: readonly ExaminedSignature[],
  options: VerificationOptions,
  store: ValidationData,
): Promise<ReturnType<typeof proveTimes>> {
  const now = options.at ?? new Date()
  let times = proveTimes(examined, options, store, now)
  if (!options.fetcher) return times
  const remote = new RemoteData(options.fetcher, AbortSignal.timeout(TIME_TO_ASK))
  let trust: TrustSettings = options
  let had = NO_VALIDATION_DATA
  for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
    const timed = [...times].map(([signature, time]) => ({ ...signature, ...time }))
    const questions = timed.flatMap(each => questionsOf(each, now))
    const settings = { trust: withStore(trust, store), existedAt: provenExistence(timed), now: newestBelievable(now) }
    const found = await fetchMissing(questions, settings, remote)
    const fresh = newValidationData(found, had)
    if (fresh.certificates.length + fresh.ocsp.length + fresh.crls.length === 0) break
    had = found
    trust = withStore(trust, fresh)
    times = proveTimes(examined, trust, store, now)
  }
  return times
}

/** The verdicts on all signatures of a file. */
export function reportOn(path: string, facts: readonly SignatureFacts[]): VerificationReport {
  const signatures = judgeAll(facts)
  const valid =
    signatures.length > 0 &&
    signatures.every(verdict => verdict.indication === 'TOTAL-PASSED' && verdict.changesAfter !== 'forbidden')
  return { file: path, valid, signatures }
}
