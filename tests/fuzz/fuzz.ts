import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Judge, Outcome } from './judge.ts'
import { mutate } from './mutations.ts'
import { faultOf } from './oracle.ts'
import { Random } from './random.ts'
import type { Sample } from './samples.ts'

export interface FuzzOptions {
  readonly seed: number
  /** Number of the first case: a finding is repeated by its number alone. */
  readonly first?: number
  /** Stops when this says so. */
  readonly goOn: (done: number) => boolean
  /** Where mutated files lie while they are judged. */
  readonly workFolder: string
  /** Where findings are kept; null: nowhere. */
  readonly findingsFolder: string | null
}

export interface Finding {
  readonly seed: number
  readonly number: number
  readonly sample: string
  readonly how: readonly string[]
  readonly fault: string
}

export interface FuzzResult {
  readonly cases: number
  readonly findings: readonly Finding[]
  /** How often each kind of answer came. */
  readonly answers: Readonly<Record<string, number>>
  readonly slowestMs: number
  readonly peakBytes: number
}

/** The untouched samples pass; else the run proves nothing. @throws Error */
async function requireValid(judge: Judge, samples: readonly Sample[], workFolder: string): Promise<void> {
  for (const { name, bytes } of samples) {
    const file = join(workFolder, `${name}-untouched.pdf`)
    writeFileSync(file, bytes)
    const outcome = await judge.judge(file)
    if (outcome.kind !== 'report' || !outcome.valid) throw new Error(`${name} is not valid: ${JSON.stringify(outcome)}`)
  }
}

function answerOf(outcome: Outcome): string {
  if (outcome.kind === 'refused') return outcome.code
  if (outcome.kind !== 'report') return outcome.kind
  if (outcome.signatures.length === 0) return 'no signature'
  return outcome.valid
    ? 'valid'
    : (outcome.signatures.find(each => each.indication !== 'TOTAL-PASSED')?.indication ?? 'not valid')
}

/** Mutates signed files and has each judged, one after another; the same seed gives the same cases. */
export async function fuzz(judge: Judge, samples: readonly Sample[], options: FuzzOptions): Promise<FuzzResult> {
  const { seed, first = 0, goOn, workFolder, findingsFolder } = options
  await requireValid(judge, samples, workFolder)
  const file = join(workFolder, 'case.pdf')
  const originals = samples.map(({ bytes }) => bytes)
  const findings: Finding[] = []
  const answers: Record<string, number> = {}
  let [cases, slowestMs, peakBytes] = [0, 0, 0]
  for (; goOn(cases); cases++) {
    const number = first + cases
    const random = new Random(Math.imul(seed, 1_000_003) + number)
    const sample = random.of(samples)
    const { bytes, how } = mutate(sample.bytes, random, originals)
    writeFileSync(file, bytes)
    const start = performance.now()
    const outcome = await judge.judge(file)
    slowestMs = Math.max(slowestMs, performance.now() - start)
    if ('peakBytes' in outcome) peakBytes = Math.max(peakBytes, outcome.peakBytes)
    const answer = answerOf(outcome)
    answers[answer] = (answers[answer] ?? 0) + 1
    const fault = faultOf(bytes, samples, outcome)
    if (fault === null) continue
    const finding = { seed, number, sample: sample.name, how, fault }
    findings.push(finding)
    if (findingsFolder === null) continue
    mkdirSync(findingsFolder, { recursive: true })
    writeFileSync(join(findingsFolder, `${seed}-${number}.pdf`), bytes)
    writeFileSync(join(findingsFolder, `${seed}-${number}.json`), `${JSON.stringify(finding, null, 2)}\n`)
  }
  return { cases, findings, answers, slowestMs, peakBytes }
}
