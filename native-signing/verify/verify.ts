import type { Hash } from 'node:crypto'
import { nodeHash } from '../cms/algorithms.ts'
import { SigningError } from '../errors.ts'
import { PdfDocument } from '../pdf/document.ts'
import { type HashJob, hashRanges } from '../pdf/range-hash.ts'
import { FileSource } from '../pdf/source.ts'
import type { TrustSettings } from '../trust/chain.ts'
import type { VerificationReport } from '../types.ts'
import { type Change, RevisionHistory } from './difference.ts'
import { gatherFacts, type ReadSignature, readSignature } from './facts.ts'
import { judgeAll } from './judge.ts'
import { type LocatedSignature, locateSignatures } from './located-signature.ts'

export interface VerificationOptions extends TrustSettings {
  /** Time at which certificates are judged where no time-stamp proves another; now by default. */
  readonly at?: Date
}

/**
 * Verifies every signature of a PDF: coverage, digest, signature value, certificate path, time-stamp, and what was changed since.
 * A damaged, hostile or unsigned file gives a report or a clear error, never a pass.
 * @throws SigningError file-not-found, pdf-unreadable, pdf-encrypted
 */
export async function verifyPdf(path: string, options: VerificationOptions): Promise<VerificationReport> {
  const { report } = await verifyFile(path, options, [])
  return report
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

/** As `verifyPdf`, with further hashes of the file taken in the same reading. */
export async function verifyFile(
  path: string,
  options: VerificationOptions,
  further: readonly HashJob[],
): Promise<{ readonly report: VerificationReport; readonly states: readonly Hash[] }> {
  using source = new FileSource(path)
  const document = PdfDocument.open(source)
  const signatures = locateSignatures(document).map(readSignature)
  const jobs = signatures.map(hashJob)
  const wanted = jobs.filter(job => job !== null)
  const states = await hashRanges(path, [...wanted, ...further])
  const at = options.at ?? new Date()
  const history = new RevisionHistory(document)
  const facts = signatures.map((signature, index) => {
    const job = jobs[index]
    const digest = job ? (states[wanted.indexOf(job)]?.digest() ?? null) : null
    const changes = changesOf(signature.located, history)
    return gatherFacts(signature, digest, { changes, fileLength: source.length, trust: options, at })
  })
  const verdicts = judgeAll(facts)
  const valid =
    verdicts.length > 0 &&
    verdicts.every(verdict => verdict.indication === 'TOTAL-PASSED' && verdict.changesAfter !== 'forbidden')
  return { report: { file: path, valid, signatures: verdicts }, states: states.slice(wanted.length) }
}
