/**
 * `npm run test:peers`: other people's programs judge our files, and we judge theirs. Prints tables and writes `--json FILE` when asked;
 * exit 1 on a red cell that `explained.ts` does not explain. A peer that cannot be had is skipped and named. Every kind of input, key, level
 * and change is tried at least once; with `--all` all of them with each other, with `--only TEXT` the kinds of input alone whose name has it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readCertificate, verifyPdf } from '../../native-signing/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { find } from './cache.ts'
import { EXPLANATIONS, type Explanation, explain } from './explained.ts'
import { inputKinds } from './inputs.ts'
import { startJavaPeers } from './java.ts'
import { startLibPdf } from './libpdf.ts'
import { startOpenssl } from './openssl.ts'
import { extendedByUs, KEYS, LEVELS, practiceCopies, type SignedCase, signedByUs } from './ours.ts'
import { startPoppler } from './poppler.ts'
import { type PyHanko, startPyHanko } from './pyhanko.ts'
import { startQpdf } from './qpdf.ts'
import { type Cell, type Row, renderTable } from './table.ts'
import { signedByPeers, type TamperedCase, tampered } from './theirs.ts'
import type { MissingPeer, Opinion, Peer } from './types.ts'
import { verdictOn } from './verdict.ts'
import { createWorld } from './world.ts'

const { values } = parseArgs({
  options: { json: { type: 'string' }, all: { type: 'boolean', default: false }, only: { type: 'string' } },
})
const { only } = values
const started = Date.now()
const say = (text: string) => process.stdout.write(`${text}\n`)
const used = new Set<Explanation>()
const ok: Cell = { state: 'ok', reason: '' }
const none: Cell = { state: 'none', reason: '' }

function judged(peer: string, name: string, problem: string | null): Cell {
  if (problem === null) return ok
  const explanation = explain(peer, name, problem)
  if (!explanation) return { state: 'red', reason: problem }
  used.add(explanation)
  return { state: 'explained', reason: explanation.why }
}

/** What is wrong in a peer's opinions of a sound file; null: nothing. */
function disagreement(
  { highestLevel }: Peer,
  expected: SignedCase['signatures'],
  opinions: readonly Opinion[],
): string | null {
  if (opinions.length !== expected.length) return `finds ${opinions.length} signatures, not ${expected.length}`
  const invalid = opinions.filter(({ valid }) => !valid).map(({ field, detail }) => `${field ?? ''} ${detail}`.trim())
  if (invalid.length > 0) return invalid.join(' | ')
  const told = opinions.map(({ level }) => level)
  const wanted = expected.map(({ level }) => (level?.startsWith('B-LT') ? (highestLevel ?? level) : level))
  if (told.includes(null) || wanted.includes(null)) return null
  return told.toSorted().join() === wanted.toSorted().join() ? null : `level ${told.join()} instead of ${wanted.join()}`
}

/** Our own verifier in the shape of a peer. A document time-stamp is no signature to count, but must stand. */
const ours: Peer = {
  name: 'ours',
  async judge(file, trust) {
    const certificates = (paths: readonly string[]) => paths.map(path => readCertificate(readFileSync(path)))
    const report = await verifyPdf(file, {
      trustAnchors: certificates(trust.roots),
      intermediates: certificates(trust.helpers),
      crls: trust.lists.map(path => readFileSync(path)),
    })
    return report.signatures
      .filter(({ kind, indication }) => kind === 'signature' || indication !== 'TOTAL-PASSED')
      .map(({ field, level, indication, subIndication, messages, changesAfter }) => {
        const valid = indication === 'TOTAL-PASSED' && changesAfter !== 'forbidden'
        const detail = [indication, subIndication, changesAfter, ...messages.map(({ code }) => code)].join(' ')
        return { field, level, valid, detail }
      })
  },
  async [Symbol.asyncDispose]() {
    // nothing stays behind
  },
}

async function cellOf(peer: Peer, one: SignedCase): Promise<Cell> {
  try {
    if (peer.judge && one.signatures.length > 0) {
      const opinions = (await peer.judge(one.file, one.trust)).filter(({ level }) => level !== 'timestamp')
      return judged(peer.name, one.name, disagreement(peer, one.signatures, opinions))
    }
    if (peer.check && (peer.name !== 'veraPDF' || one.archival))
      return judged(peer.name, one.name, await peer.check(one.file, one.archival))
    return none
  } catch (error) {
    return judged(peer.name, one.name, String(error))
  }
}

async function rowOf(peers: readonly Peer[], one: SignedCase): Promise<Row> {
  const cells = await Promise.all(peers.map(async peer => [peer.name, await cellOf(peer, one)] as const))
  return { case: one.name, cells: Object.fromEntries(cells) }
}

/** Only our own verdict is on trial; what the others say is told. */
async function forgedRow({ name, file }: TamperedCase): Promise<Row> {
  const verdict = async (peer: Peer): Promise<Cell> => {
    const { passed, fault } = await verdictOn(peer, file, world.trust)
    if (peer === ours) return judged(peer.name, name, passed ? 'accepts a file that was tampered with' : fault)
    return passed ? { state: 'accepts', reason: 'takes it for valid' } : ok
  }
  const judges = peers.filter(({ judge }) => judge)
  const cells = await Promise.all(judges.map(async peer => [peer.name, await verdict(peer)] as const))
  return { case: name, cells: Object.fromEntries(cells) }
}

using folder = temporaryFolder('peers-')
await using world = await createWorld(folder)
await using closing = new AsyncDisposableStack()
const missing: MissingPeer[] = []
const peers: Peer[] = [ours]

async function add<P extends Peer>(name: string, start: () => Promise<P>): Promise<P | null> {
  const found = await find(name, start)
  if ('missing' in found) {
    missing.push(found)
    return null
  }
  peers.push(closing.use(found))
  return found
}

const pyHanko: PyHanko | null = await add('pyHanko', startPyHanko)
const java = startJavaPeers()
java.catch(() => undefined)
await add('DSS', async () => (await java).dss)
await add('PDFBox', async () => (await java).pdfBox)
await add('veraPDF', async () => (await java).veraPdf)
await add('pdfsig', startPoppler)
await add('openssl', startOpenssl)
await add('qpdf', startQpdf)
await add('LibPDF', startLibPdf)

/** Kinds of input that are also lifted to the levels for the long term. */
const LIFTED = ['table', 'object streams', 'PDF/A by us', 'PDF/A-4', 'encrypted', 'certified', 'signed by pyHanko']

const columns = peers.filter(peer => peer.judge || peer.check).map(({ name }) => name)
const red: string[] = []
const tables: { readonly title: string; readonly rows: readonly Row[] }[] = []
function show(title: string, rows: readonly Row[], names: readonly string[]): void {
  if (rows.length === 0) return
  tables.push({ title, rows })
  say(renderTable(title, rows, names))
  for (const row of rows) {
    for (const [peer, cell] of Object.entries(row.cells)) if (cell.state === 'red') red.push(`${peer}, ${row.case}`)
  }
}

for (const one of missing) say(`skipped: ${one.name} cannot be had here: ${one.missing}`)
say(`peers ready after ${Math.round((Date.now() - started) / 1000)} s\n`)

const copies: Row[] = []
for (const one of only === undefined ? await practiceCopies(folder, 2) : []) copies.push(await rowOf(peers, one))
show('Copies of the practice office', copies, columns)

const matrix: Row[] = []
const lifted: Row[] = []
for (const [index, input] of inputKinds(world, pyHanko).entries()) {
  if (only !== undefined && !input.name.includes(only)) continue
  const isLifted = LIFTED.includes(input.name)
  const keys = KEYS.filter((_, turn) => values.all || turn === index % KEYS.length)
  const levels = LEVELS.filter(level => values.all || (level === 'B-T') === (isLifted || index % 2 === 1))
  for (const [key, level] of keys.flatMap(key => levels.map(level => [key, level] as const))) {
    const signed = await signedByUs(world, input, key, level)
    matrix.push(await rowOf(peers, signed))
    if (level === 'B-B' || !isLifted) continue
    for (const higher of ['B-LT', 'B-LTA'] as const)
      lifted.push(await rowOf(peers, await extendedByUs(world, signed, higher)))
  }
}
show('Signed by us', matrix, columns)
show('Lifted by us', lifted, columns)

const foreign: Row[] = []
const forged: Row[] = []
const theirs = only === undefined ? await signedByPeers(world, peers) : []
for (const [index, one] of theirs.entries()) {
  if (one.failure !== null) {
    foreign.push({ case: one.name, cells: { [one.maker]: judged(one.maker, one.name, `cannot sign: ${one.failure}`) } })
    continue
  }
  foreign.push(await rowOf(peers, one))
  for (const [turn, change] of (await tampered(world, one, pyHanko)).entries()) {
    if (values.all || turn % 3 === index % 3) forged.push(await forgedRow(change))
  }
}
show('Signed by others', foreign, columns)
show(
  'Tampered (takes: for valid)',
  forged,
  peers.filter(({ judge }) => judge).map(({ name }) => name),
)

for (const explanation of used) say(`expl ${explanation.peer}: ${explanation.why}`)
for (const stale of EXPLANATIONS.filter(one => values.all && !used.has(one)))
  say(`no longer needed: ${stale.peer}: ${stale.why}`)
const seconds = Math.round((Date.now() - started) / 1000)
const total = tables.reduce(
  (sum, { rows }) =>
    sum + rows.reduce((n, row) => n + Object.values(row.cells).filter(({ state }) => state !== 'none').length, 0),
  0,
)
say(`\n${seconds} s`)
say(`${total - red.length} passed, ${red.length} failed, ${missing.length} skipped`)
if (values.json) writeFileSync(values.json, JSON.stringify({ seconds, missing, tables, red }, null, 2))
process.exitCode = red.length > 0 ? 1 : 0
