import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { replaceDurably, writeFileDurably, writeStreamDurably } from '../../../electron/files.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

describe('a file written whole or not at all', () => {
  test('a failure half-way leaves the old file and no rubbish', async () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('a.pdf'), 'old')
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    const attempt = replaceDurably(folder.file('a.pdf'), async file => {
      await file.writeFile('half of the ne')
      throw full
    })
    await expect(attempt).rejects.toBe(full)
    expect(readFileSync(folder.file('a.pdf'), 'utf8')).toBe('old')
    expect(readdirSync(folder.path)).toEqual(['a.pdf'])
  })

  test('makes missing folders, replaces, and streams', async () => {
    using folder = temporaryFolder()
    await writeFileDurably(folder.file('b/c/d.txt'), 'one')
    await writeFileDurably(folder.file('b/c/d.txt'), 'two')
    expect(readFileSync(folder.file('b/c/d.txt'), 'utf8')).toBe('two')
    async function* chunks() {
      yield Buffer.from('ab')
      yield Buffer.from('cde')
    }
    expect(await writeStreamDurably(folder.file('e.bin'), chunks())).toBe(5)
    expect(readFileSync(folder.file('e.bin'), 'utf8')).toBe('abcde')
  })
})
