import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { foundDesk, openDesk } from '../../electron/desk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const halfWrittenIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.name.endsWith('.tmp'))
    .map(entry => join(entry.parentPath, entry.name))

/** A program that is killed while it stores a citizen's paper in the folder: one so large that it is never done before. */
async function killedWhileStoring(blobs: string): Promise<void> {
  using folder = temporaryFolder()
  const paper = folder.file('paper')
  writeFileSync(paper, '')
  truncateSync(paper, 2 ** 33)
  const script = join(import.meta.dirname, 'half-written-process.ts')
  const program = spawn(process.execPath, [script, blobs, 'ab'.repeat(32), paper], { stdio: 'inherit' })
  await expect.poll(() => halfWrittenIn(blobs).length).toBe(1)
  program.kill('SIGKILL')
  await once(program, 'exit')
}

const age = (paths: readonly string[], hours: number): void => {
  const then = new Date(Date.now() - hours * 3_600_000)
  for (const path of paths) utimesSync(path, then, then)
}

describe.runIf(process.platform !== 'win32')('a paper that was being stored when the program was killed', () => {
  test('does not stay in the office: a day later whoever opens it clears it away', async () => {
    using folder = temporaryFolder()
    const office = folder.file('office')
    await foundDesk(office, { name: 'UBND xã Mẫu', administrator: 'Quản Trị (mẫu)' })
    const blobs = join(office, 'blobs')
    mkdirSync(blobs)
    await killedWhileStoring(blobs)
    const open = async () => (await openDesk(office)).close()

    // perhaps another program is writing it just now
    await open()
    expect(halfWrittenIn(office)).toHaveLength(1)
    age(halfWrittenIn(office), 25)
    await open()
    expect(halfWrittenIn(office)).toEqual([])
  })

  test('does not stay in the second place either, once the next backup is made', async () => {
    using folder = temporaryFolder()
    const [office, place] = [folder.file('office'), folder.file('second')]
    await foundDesk(office, { name: 'UBND xã Mẫu', administrator: 'Quản Trị (mẫu)' })
    const blobs = join(place, 'blobs')
    mkdirSync(blobs, { recursive: true })
    await killedWhileStoring(blobs)
    age(halfWrittenIn(place), 25)
    const desk = await openDesk(office)
    try {
      await desk.backup(place)
    } finally {
      await desk.close()
    }
    expect(halfWrittenIn(place)).toEqual([])
  })

  test('and only what is half written is cleared: a file of the office’s own of any age stays', async () => {
    using folder = temporaryFolder()
    const office = folder.file('office')
    await foundDesk(office, { name: 'UBND xã Mẫu', administrator: 'Quản Trị (mẫu)' })
    const own = ['portal.tmp', '.htaccess', '.notes.tmp'].map(name => join(office, name))
    for (const path of own) writeFileSync(path, '')
    age(own, 1000)
    await (await openDesk(office)).close()
    expect(readdirSync(office)).toEqual(expect.arrayContaining(['portal.tmp', '.htaccess', '.notes.tmp']))
  })
})
