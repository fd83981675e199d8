import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fuzz } from '../../fuzz/fuzz.ts'
import { Judge, type Outcome } from '../../fuzz/judge.ts'
import { MUTATIONS } from '../../fuzz/mutations.ts'
import { faultOf } from '../../fuzz/oracle.ts'
import { Random } from '../../fuzz/random.ts'
import { makeSamples, type Samples } from '../../fuzz/samples.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const folder = temporaryFolder('fuzz-')
let made: Samples
let judge: Judge
beforeAll(async () => {
  made = await makeSamples(folder)
  judge = new Judge(made.anchors)
})
afterAll(() => {
  judge[Symbol.dispose]()
  folder[Symbol.dispose]()
})

describe('mutated files (the long run: npm run fuzz -- SECONDS)', () => {
  test('300 of a fixed seed: an answer each time, and no changed byte passes', async () => {
    const options = { seed: 20261122, workFolder: folder.path, findingsFolder: null }
    const result = await fuzz(judge, made.samples, { ...options, goOn: done => done < 300 })
    expect(result).toMatchObject({ cases: 300, findings: [] })
    expect(Object.keys(result.answers).length).toBeGreaterThan(3)
  })

  test('each way of changing a file changes one, and is the same for the same seed', () => {
    const [sample] = made.samples
    if (!sample) throw new Error('no samples')
    const others = made.samples.map(({ bytes }) => bytes)
    for (const [name, mutation] of Object.entries(MUTATIONS)) {
      const tries = Array.from({ length: 20 }, (_, seed) => mutation(sample.bytes, new Random(seed), others))
      expect(
        tries.some(bytes => !bytes.equals(sample.bytes)),
        name,
      ).toBe(true)
      expect(mutation(sample.bytes, new Random(7), others), name).toEqual(tries[7])
    }
  })
})

describe('the run would find', () => {
  const passed = (revisionEnd: number, valid = true): Outcome => ({
    kind: 'report',
    valid,
    good: null,
    milliseconds: 0,
    peakBytes: 0,
    signatures: [{ field: 'x', indication: 'TOTAL-PASSED', revisionEnd }],
  })

  test('a pass over changed bytes, and one of bytes that no signature covers', () => {
    const [sample] = made.samples
    if (!sample) throw new Error('no samples')
    const { length } = sample.bytes
    expect(faultOf(sample.bytes, made.samples, passed(length))).toBeNull()
    const changed = Buffer.from(sample.bytes)
    changed[9] = (changed[9] ?? 0) ^ 1
    expect(faultOf(changed, made.samples, passed(length))).toMatch(/passes/)
    const longer = Buffer.concat([sample.bytes, Buffer.from('evil')])
    expect(faultOf(longer, made.samples, passed(length))).toMatch(/nobody signed/)
    expect(faultOf(longer, made.samples, passed(length, false))).toBeNull()
  })

  const refused: Outcome = { kind: 'refused', code: 'pdf-unreadable', milliseconds: 0, peakBytes: 0 }
  test.each<{ readonly what: string; readonly outcome: Outcome }>([
    { what: 'a crash', outcome: { kind: 'crash', what: 'SIGSEGV' } },
    { what: 'a hang', outcome: { kind: 'hang' } },
    { what: 'an error that nobody foresaw', outcome: { ...refused, kind: 'fault', what: 'TypeError' } },
    { what: 'too much memory', outcome: { ...refused, peakBytes: 2 ** 31 } },
    { what: 'too much time', outcome: { ...refused, milliseconds: 11_000 } },
  ])('$what', ({ outcome }) => {
    expect(faultOf(Buffer.alloc(0), made.samples, outcome)).not.toBeNull()
  })

  test('a file that kills the judge: the next one is judged all the same', async () => {
    const file = folder.file('sound.pdf')
    writeFileSync(file, made.samples[0]?.bytes ?? '')
    using own = new Judge(made.anchors)
    expect(await own.judge(file)).toMatchObject({ kind: 'report', valid: true })
    expect(await own.judge(folder.file('not-there.pdf'))).toMatchObject({ kind: 'refused', code: 'file-not-found' })
  })
})
