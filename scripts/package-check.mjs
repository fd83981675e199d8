// Packs the program as for Linux, unpacked and without downloading anything, and lets one copy go through it, started from its asar. In
// place of Electron's binary stands a script that opens the asar and runs it in the stand-in: what is tried is that the package is whole.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, Platform } from 'electron-builder'
import configuration from '../electron-builder.mjs'
import { ensureBuilt } from './ensure-built.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const work = mkdtempSync(join(tmpdir(), 'desk-package-'))

/** Shell word, quoted. */
const word = text => `'${text.replaceAll("'", "'\\''")}'`

function standInDistribution() {
  const folder = join(work, 'electron')
  mkdirSync(folder)
  const register = join(root, 'dist', 'stand-in', 'register.js')
  const asar = join(root, 'node_modules', '@electron', 'asar', 'bin', 'asar.js')
  writeFileSync(
    join(folder, 'electron'),
    `#!/bin/sh
set -e
here=$(dirname "$(readlink -f "$0")")
[ -d "$here/opened" ] || ${word(process.execPath)} ${word(asar)} extract "$here/resources/app.asar" "$here/opened" >&2
exec ${word(process.execPath)} --import ${word(register)} "$here/opened/dist/app/electron/main.js" "$@"
`,
  )
  chmodSync(join(folder, 'electron'), 0o755)
  writeFileSync(join(folder, 'version'), '45.4.1')
  return folder
}

function sizeOf(path) {
  const found = statSync(path)
  return found.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : found.size
}

try {
  ensureBuilt()
  const output = join(work, 'package')
  await build({
    targets: Platform.LINUX.createTarget('dir'),
    projectDir: root,
    publish: 'never',
    config: {
      ...configuration,
      directories: { ...configuration.directories, output },
      electronDist: standInDistribution(),
      // The script has no fuses to set; that they are asked for is a test of its own.
      electronFuses: null,
    },
  })
  const program = join(output, 'linux-unpacked')
  const asar = join(program, 'resources', 'app.asar')
  const unpacked = `${asar}.unpacked`
  const megabytes = path => Math.round(sizeOf(path) / 2 ** 20)
  process.stdout.write(`app.asar ${megabytes(asar)} MB, beside it ${megabytes(unpacked)} MB of machine code\n`)
  const tried = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'tests/e2e/shell-work.test.ts', '-t', 'three hands'],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, DESK_PACKAGED_PROGRAM: join(program, 'certified-copy-desk'), DESK_PACKAGED: '1' },
    },
  )
  process.exitCode = tried.status ?? 1
} finally {
  rmSync(work, { recursive: true, force: true })
}
