import { LIMITS, type Outcome } from './judge.ts'
import type { Sample } from './samples.ts'

const isBlank = (bytes: Buffer): boolean => /^\s*$/.test(bytes.toString('latin1'))

/** Whether the signature that ends at `end` covers in `bytes` exactly what one covers in the sample. */
function coversTheSame(bytes: Buffer, end: number, { bytes: original, covered }: Sample): boolean {
  return covered.some(({ revisionEnd, hole: [start, after] }) => {
    if (revisionEnd !== end) return false
    const before = bytes.subarray(0, start).equals(original.subarray(0, start))
    return before && bytes.subarray(after, end).equals(original.subarray(after, end))
  })
}

/**
 * What is wrong with an answer; null when nothing is. A crash, a hang, an error that nobody foresaw, too much memory; a signature that passes
 * although what it covers is not what was signed; a file that is valid although something unsigned stands behind it.
 */
export function faultOf(bytes: Buffer, samples: readonly Sample[], outcome: Outcome): string | null {
  switch (outcome.kind) {
    case 'crash':
    case 'fault':
      return `${outcome.kind}: ${outcome.what}`
    case 'hang':
      return 'no answer'
    case 'refused':
    case 'report':
      if (outcome.milliseconds > LIMITS.milliseconds) return `${Math.round(outcome.milliseconds)} ms`
      if (outcome.peakBytes > LIMITS.bytes) return `${Math.round(outcome.peakBytes / 2 ** 20)} MB`
  }
  // a damaged certificate or time-stamp is a matter of the verdict
  if (outcome.kind === 'refused') return outcome.code.startsWith('pdf-') ? null : `refused: ${outcome.code}`
  const passed = outcome.signatures.filter(({ indication }) => indication === 'TOTAL-PASSED')
  const forged = passed.find(({ revisionEnd }) => !samples.some(each => coversTheSame(bytes, revisionEnd, each)))
  if (forged) return `${forged.field} passes although the bytes that it covers were changed`
  if (!outcome.valid && outcome.good !== true) return null
  const end = Math.max(0, ...passed.map(({ revisionEnd }) => revisionEnd))
  const tail = bytes.subarray(end)
  const known = samples.some(({ bytes: original }) => original.subarray(end).equals(tail))
  return isBlank(tail) || known ? null : 'valid although something that nobody signed stands behind the last signature'
}
