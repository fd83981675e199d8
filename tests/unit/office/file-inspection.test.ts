import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inspectHere } from '../../../electron/file-inspection.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('what stands in a file’s place and is none is told, and never read for ever', () => {
  using folder = temporaryFolder()
  mkdirSync(folder.file('folder'))
  execFileSync('mkfifo', [folder.file('pipe')])
  symlinkSync('/dev/zero', folder.file('device'))
  symlinkSync(folder.file('circle'), folder.file('circle'))
  for (const name of ['folder', 'pipe', 'device', 'circle'])
    expect(inspectHere(folder.file(name), 'copy')).toEqual({ sha256: null, copy: null, unreadable: true })
  writeFileSync(folder.file('plain'), 'x')
  expect(inspectHere(folder.file('plain'), 'file')).not.toHaveProperty('unreadable')
  expect(inspectHere(folder.file('none'), 'file')).toEqual({ sha256: null, copy: null })
  expect(inspectHere(folder.file('plain/below'), 'file')).toEqual({ sha256: null, copy: null, unreadable: true })
})
