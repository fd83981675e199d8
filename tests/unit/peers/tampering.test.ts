import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { SigningError } from '../../../native-signing/index.ts'
import { tampered } from '../../peers/theirs.ts'
import type { Opinion, Peer } from '../../peers/types.ts'
import { verdictOn } from '../../peers/verdict.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const trust = { roots: [], helpers: [], lists: [] }
const judging = (judge: () => Promise<readonly Opinion[]>): Peer => ({
  ...{ name: 'judge', judge },
  [Symbol.asyncDispose]: () => Promise.resolve(),
})
const opinion = (valid: boolean): Opinion => ({ field: null, level: null, valid, detail: '' })
const verdict = (judge: () => Promise<readonly Opinion[]>) => verdictOn(judging(judge), 'file.pdf', trust)

test('a judge that breaks down has not refused the file', async () => {
  const broken = () => Promise.reject(new TypeError('cannot read properties of undefined'))
  expect((await verdict(broken)).fault).toContain('cannot read properties')
})

test('a file is refused by a verdict or by an error of the engine, and passed only when every signature is', async () => {
  const refused = { passed: false, fault: null }
  expect(await verdict(() => Promise.reject(new SigningError('pdf-unreadable')))).toEqual(refused)
  expect(await verdict(async () => [opinion(true), opinion(false)])).toEqual(refused)
  expect(await verdict(async () => [])).toEqual(refused)
  expect(await verdict(async () => [opinion(true)])).toEqual({ passed: true, fault: null })
})

test('a byte is changed within the first stream, whatever ends its keyword, or not at all', async () => {
  using folder = temporaryFolder()
  const world = { folder }
  const file = folder.file('signed.pdf')
  for (const end of ['\n', '\r\n']) {
    const before = `%PDF-1.7\n1 0 obj<</ByteRange [0 20 3000 9]>>endobj\n2 0 obj<<>>stream${end}`
    writeFileSync(file, `${before}0123456789\nendstream\n${'0'.repeat(2000)}`)
    const [page] = await tampered(world, { name: 'file', file }, null)
    const bytes = readFileSync(page?.file ?? '')
    expect([...bytes].findIndex((byte, index) => byte !== readFileSync(file)[index])).toBe(before.length + 2)
  }
  writeFileSync(file, 'no stream here')
  await expect(tampered(world, { name: 'file', file }, null)).rejects.toThrow('nothing to tamper with')
})
