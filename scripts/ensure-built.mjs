// Builds dist/ when any source is newer than the last build. Several at the same time wait for one another.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const sources = [
  'electron',
  'native-signing',
  'renderer',
  'resources',
  'scripts/build.mjs',
  'vite.config.ts',
  'package-lock.json',
]
const stamp = join(root, 'dist', '.built')
const lock = join(root, 'dist', '.building')
/** A build takes seconds; a lock this old was left behind by a killed one. */
const LOCK_AGE = 180_000

/** Time of the newest file below a path, milliseconds. */
function newest(path) {
  const found = statSync(path)
  if (!found.isDirectory()) return found.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), found.mtimeMs)
}

const builtAt = () => statSync(stamp, { throwIfNoEntry: false })?.mtimeMs ?? 0
const isCurrent = () => builtAt() > Math.max(...sources.map(source => newest(join(root, source))))

function takeLock() {
  for (;;) {
    try {
      mkdirSync(lock)
      return
    } catch {
      const held = statSync(lock, { throwIfNoEntry: false })
      if (held && Date.now() - held.mtimeMs > LOCK_AGE) rmSync(lock, { recursive: true, force: true })
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    }
  }
}

/** @throws Error with the build's own words when it fails */
export function ensureBuilt() {
  if (isCurrent()) return
  mkdirSync(join(root, 'dist'), { recursive: true })
  takeLock()
  try {
    if (isCurrent()) return
    const begun = new Date()
    const done = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { cwd: root, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`the build failed:\n${done.stdout}${done.stderr}`)
    writeFileSync(stamp, '')
    // What was changed while it was built is newer than the build.
    utimesSync(stamp, begun, begun)
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}
