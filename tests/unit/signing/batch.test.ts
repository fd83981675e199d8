import { readdirSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { revocationList } from '../../../electron/sandbox/pki.ts'
import { startTimestampAuthority } from '../../../electron/sandbox/timestamp-authority.ts'
import { SigningError, type SigningErrorCode } from '../../../native-signing/errors.ts'
import {
  type BatchFile,
  createTimestamper,
  signBatch,
  type Timestamper,
  type TokenSession,
  verifyPdf,
} from '../../../native-signing/index.ts'
import { request, samplePdf, temporaryFolder, testOffice } from './support.ts'

const office = testOffice()
const { chairman, trust } = office
const options = { timestamper: null, trust }
let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder('signing-batch-')
})
afterEach(() => folder[Symbol.dispose]())

async function files(count: number, spoilt: readonly number[] = []): Promise<readonly BatchFile[]> {
  const pdf = await samplePdf({ pages: 1 })
  return Array.from({ length: count }, (_, index) => {
    const [input, output, workFile] = ['in', 'out', 'work'].map(kind => folder.file(`${kind}-${index}.pdf`)) as [
      string,
      string,
      string,
    ]
    writeFileSync(input, spoilt.includes(index) ? 'no PDF' : pdf)
    return { input, output, workFile, request: request(office, chairman) }
  })
}

/** The chairman's key behind a token that fails from the n-th signature on. */
function failingFrom(failing: number, code: SigningErrorCode): { readonly session: TokenSession; asked(): number } {
  let asked = 0
  const session: TokenSession = {
    ...chairman.session,
    async sign(...what) {
      if (asked++ >= failing) throw new SigningError(code)
      return chairman.session.sign(...what)
    },
  }
  return { session, asked: () => asked }
}

const left = () => readdirSync(folder.path).filter(name => !name.startsWith('in-'))

test('a token pulled out in the middle ends the batch: what is signed stays, nothing half-made is left, and it is not asked again', async () => {
  const { session, asked } = failingFrom(2, 'token-removed')
  const outcomes = await Array.fromAsync(signBatch(await files(5), session, options))
  expect(outcomes.map(({ result }) => result)).toEqual(['done', 'done', 'failed', 'not-tried', 'not-tried'])
  expect(left().sort()).toEqual(['out-0.pdf', 'out-1.pdf'])
  expect(asked()).toBe(3)
})

test('a file that is no PDF fails alone, and the outcomes keep the order of the files', async () => {
  const batch = await files(4, [0, 2])
  const outcomes = await Array.fromAsync(signBatch(batch, chairman.session, options))
  expect(outcomes.map(({ result }) => result)).toEqual(['failed', 'done', 'failed', 'done'])
  expect(outcomes.map(({ file }) => file)).toEqual(batch)
  expect(left().sort()).toEqual(['out-1.pdf', 'out-3.pdf'])
})

test('who stops in the middle leaves no work file behind', async () => {
  for await (const outcome of signBatch(await files(5), chairman.session, options)) {
    expect(outcome.result).toBe('done')
    break
  }
  expect(left().filter(name => name.startsWith('work'))).toEqual([])
})

test('a stop asked for before the first file touches nothing', async () => {
  const signal = AbortSignal.abort()
  const outcomes = await Array.fromAsync(signBatch(await files(2), chairman.session, { ...options, signal }))
  expect(outcomes.map(({ result }) => result)).toEqual(['not-tried', 'not-tried'])
  expect(left()).toEqual([])
})

test('while the token works on a file the next one is prepared, and every file comes out valid', async () => {
  const preparedMeanwhile: number[] = []
  const session: TokenSession = {
    ...chairman.session,
    async sign(...what) {
      // until the next work file is there: the batch would hang here if it prepared only after the token
      const waiting = preparedMeanwhile.length + 1
      while (waiting < 3 && !left().includes(`work-${waiting}.pdf`)) await delay(1)
      preparedMeanwhile.push(waiting)
      return chairman.session.sign(...what)
    },
  }
  const outcomes = await Array.fromAsync(signBatch(await files(3), session, options))
  expect(preparedMeanwhile).toEqual([1, 2, 3])
  for (const { file } of outcomes) expect((await verifyPdf(file.output, trust)).valid).toBe(true)
})

test('an authority that takes its time does not keep the token waiting', async () => {
  let asked = 0
  const session: TokenSession = {
    ...chairman.session,
    async sign(...what) {
      asked++
      return chairman.session.sign(...what)
    },
  }
  const timestamper: Timestamper = {
    async stamp() {
      // no answer before the token has gone on: the batch would hang here if it waited for each time-stamp
      while (asked < 4) await delay(1)
      throw new SigningError('timestamp-unavailable')
    },
  }
  const outcomes = await Array.fromAsync(signBatch(await files(4), session, { timestamper, trust }))
  expect(outcomes.map(({ result }) => result)).toEqual(['failed', 'failed', 'failed', 'failed'])
  expect(left()).toEqual([])
})

test('an authority that does not answer ends the batch: no file waits for it after those on their way', async () => {
  let asked = 0
  const timestamper: Timestamper = {
    async stamp() {
      asked++
      throw new SigningError('timestamp-unavailable')
    },
  }
  const outcomes = await Array.fromAsync(signBatch(await files(20), chairman.session, { timestamper, trust }))
  expect(outcomes.at(0)?.result).toBe('failed')
  expect(outcomes.at(-1)?.result).toBe('not-tried')
  expect(outcomes.filter(({ result }) => result === 'failed')).toHaveLength(asked)
  expect(left()).toEqual([])
})

test('an authority given for the long term alone finds room for its time-stamps too', async () => {
  const { pki } = office
  const authority = await startTimestampAuthority({ identity: pki.timestampAuthority, chain: [pki.subCa.certificate] })
  onTestFinished(() => authority.close())
  const timestamper = createTimestamper({ url: authority.url })
  const now = new Date()
  const lists = (['root', 'subCa'] as const).map(issuer => revocationList(pki, issuer, now))
  const longTerm = { level: 'B-LT', timestamper, trust: { ...trust, crls: lists }, fetcher: null } as const
  const outcomes = await Array.fromAsync(signBatch(await files(1), chairman.session, { ...options, longTerm }))
  expect(outcomes).toMatchObject([{ result: 'done', signed: { report: { valid: true } } }])
})
