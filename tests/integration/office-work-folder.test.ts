import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { makeWorkFolder } from '../../electron/office/signing/work-folder.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const yesterday = new Date(Date.now() - 25 * 3_600_000)

it('clears what was abandoned a day ago, and nothing in use', async () => {
  using folder = temporaryFolder()
  for (const name of ['abandoned.pdf', 'in-use.pdf']) await writeFile(folder.file(name), name)
  await utimes(folder.file('abandoned.pdf'), yesterday, yesterday)
  await makeWorkFolder(folder.path)
  expect(await readdir(folder.path)).toEqual(['in-use.pdf'])
})

it('lets nobody wait for what cannot be cleared', async () => {
  using folder = temporaryFolder()
  await mkdir(folder.file('no-file'))
  await utimes(folder.file('no-file'), yesterday, yesterday)
  await makeWorkFolder(folder.path)
  expect(await readdir(folder.path)).toEqual(['no-file'])
})
