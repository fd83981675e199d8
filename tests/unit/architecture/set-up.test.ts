import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const script = join(import.meta.dirname, '../../../scripts/run.mjs')

/** Runs the set-up script on a machine that has nothing but this `apt-get`. */
function runWhere(aptGet: string, command: string) {
  using folder = temporaryFolder('set-up-')
  const write = (name: string, text: string) => {
    mkdirSync(dirname(folder.file(name)), { recursive: true })
    writeFileSync(folder.file(name), text, { mode: 0o755 })
  }
  write('scripts/run.mjs', readFileSync(script, 'utf8').replaceAll("'/usr/", "'/nowhere/"))
  write('package-lock.json', '{}')
  write('node_modules/.installed-from', createHash('sha256').update('{}').digest('hex'))
  write('node_modules/.bin/node', '#!/bin/sh\necho "ran $*"\n')
  write('bin/apt-get', `#!/bin/sh\necho "$@" >> ${folder.file('asked')}\n${aptGet}\n`)
  const done = spawnSync(process.execPath, [folder.file('scripts/run.mjs'), command], {
    encoding: 'utf8',
    env: { PATH: folder.file('bin') },
  })
  const asked = readFileSync(folder.file('asked'), 'utf8').trimEnd().split('\n')
  return { ...done, installs: asked.filter(line => line.includes(' install ')) }
}

const asRoot = test.skipIf(process.getuid?.() !== 0)

asRoot(
  'a package that only makes the tests see more, and that this machine’s source does not have, stops nothing',
  () => {
    const { status, stderr, stdout, installs } = runWhere('case "$*" in *vpcd*) exit 100;; esac', 'check')
    expect([status, stdout]).toEqual([0, expect.stringContaining('ran')])
    expect(stderr).toContain('setup: failed: installing vsmartcard-vpcd, without which it goes too')
    expect(installs).toHaveLength(2)
    expect(installs[0]).toMatch(/softhsm2 .*chromium/)
    expect(installs[0]).not.toContain('vpcd')
  },
)

asRoot('a package that is needed stops it, with what apt-get said', () => {
  const { status, stderr, stdout } = runWhere(
    'case "$*" in *softhsm2*) echo "E: no softhsm2"; exit 100;; esac',
    'bench',
  )
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toContain('E: no softhsm2')
})

asRoot('the bench opens a window, so it brings one', () => {
  expect(runWhere('', 'bench').installs[0]).toContain('chromium')
})
