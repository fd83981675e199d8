import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { fuzz } from './fuzz.ts'
import { Judge } from './judge.ts'
import { makeSamples } from './samples.ts'

/**
 * `npm run fuzz -- SECONDS [--seed N] [--first N] [--cases N] [--findings DIR]`: mutated signed files against the verifier. Exit 1 when there is a
 * finding; the same seed and number give the same mutations again.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    first: { type: 'string', default: '0' },
    cases: { type: 'string' },
    findings: { type: 'string', default: 'fuzz-findings' },
  },
})

function wholeNumber(text: string, what: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  process.stderr.write(`${what} is no whole number: ${text}\n`)
  process.exit(64)
}

const seconds = wholeNumber(positionals[0] ?? '60', 'SECONDS')
const seed = values.seed === undefined ? Date.now() % 1_000_000 : wholeNumber(values.seed, '--seed')
const first = wholeNumber(values.first, '--first')
const most = values.cases === undefined ? Number.POSITIVE_INFINITY : wholeNumber(values.cases, '--cases')

process.stdout.write(`seed ${seed}\n`)
using folder = temporaryFolder('fuzz-')
const { samples, anchors } = await makeSamples(folder)
using judge = new Judge(anchors)
const end = performance.now() + seconds * 1000
const findingsFolder = resolve(values.findings)
const result = await fuzz(judge, samples, {
  ...{ seed, first, workFolder: folder.path, findingsFolder },
  goOn: done => done < most && performance.now() < end,
})
for (const [answer, count] of Object.entries(result.answers).toSorted(([, a], [, b]) => b - a))
  process.stdout.write(`${String(count).padStart(8)}  ${answer}\n`)
process.stdout.write(
  `${result.cases} cases, ${result.findings.length} findings; slowest ${Math.round(result.slowestMs)} ms, ` +
    `most memory ${Math.round(result.peakBytes / 2 ** 20)} MB\n`,
)
for (const { number, sample, how, fault } of result.findings)
  process.stdout.write(`--seed ${seed} --first ${number} --cases 1: ${sample}, ${how.join(' + ')}: ${fault}\n`)
if (result.findings.length > 0) {
  process.stdout.write(`kept in ${findingsFolder}\n`)
  process.exitCode = 1
}
