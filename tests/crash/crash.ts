/**
 * `npm run crash -- N [--seed S]`: the office works in child processes that are killed with SIGKILL at N random moments and started again.
 * Then it is let finish, and everything is counted. Prints one JSON object; exit 0 when nothing was lost, doubled or skipped.
 */
import { fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drawPaper } from '../../electron/sandbox/papers.ts'
import { createPracticeOffice } from '../../electron/sandbox/practice-office.ts'
import { startPracticeServices } from '../../electron/sandbox/practice-services.ts'
import { samplePapers } from '../../electron/sandbox/sample-papers.ts'
import { inspectAfterCrashes } from './inspect.ts'

const kills = Number(process.argv[2] ?? '300')
const seedAt = process.argv.indexOf('--seed')
const seed = seedAt < 0 ? Date.now() % 2 ** 31 : Number(process.argv[seedAt + 1])
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run crash -- KILLS [--seed NUMBER]\n')
  process.exit(64)
}

/** Mulberry32: the same seed gives the same moments (not the same interleaving, which belongs to the machine). */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const worker = join(import.meta.dirname, 'worker.ts')

/** Runs a worker until it ends by itself or `killAfterMs` has passed. @returns whether it was killed */
async function runWorker(words: readonly string[], killAfterMs: number | null): Promise<boolean> {
  const child = fork(worker, words, { execArgv: [], stdio: 'inherit' })
  return new Promise((resolve, reject) => {
    let killed = false
    const timer =
      killAfterMs === null
        ? undefined
        : setTimeout(() => {
            killed = true
            child.kill('SIGKILL')
          }, killAfterMs)
    child.once('error', reject)
    child.once('exit', code => {
      clearTimeout(timer)
      if (killed || code === 0) resolve(killed)
      else reject(new Error(`the worker ended with code ${code} by itself`))
    })
  })
}

const root = await mkdtemp(join(tmpdir(), 'ctdesk-crash-'))
try {
  const office = join(root, 'office')
  const pages = join(root, 'pages')
  await createPracticeOffice(office, new Date())
  const [paper] = samplePapers()
  if (!paper) throw new Error('no sample paper')
  await drawPaper(paper.id, seed, pages)
  await using services = await startPracticeServices(office, () => new Date())

  const random = randomFrom(seed)
  const started = Date.now()
  // How long a whole run takes on this machine, now: the moments reach from the start of the process to the end of its work.
  await runWorker([office, pages, '--one'], null)
  const whole = Date.now() - started
  for (let kill = 0; kill < kills; kill += 1) {
    await runWorker([office, pages, '--endless'], whole * (0.1 + 0.9 * random()))
    if (process.stderr.isTTY || (kill + 1) % 25 === 0) process.stderr.write(`killed ${kill + 1} of ${kills}\n`)
  }
  await runWorker([office, pages], null)
  const findings = await inspectAfterCrashes(office, services)
  const result = { kills, seed, seconds: Math.round((Date.now() - started) / 1000), ...findings }
  process.stdout.write(`${JSON.stringify(result)}\n`)
  process.exitCode = findings.problems.length === 0 ? 0 : 1
} finally {
  await rm(root, { recursive: true, force: true })
}
