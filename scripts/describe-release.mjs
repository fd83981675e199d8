// Writes release.json over the packages of this version in a folder: what is then signed (docs/releasing.md) and read by
// electron/window/release.ts. `node scripts/describe-release.mjs [FOLDER]`, dist/package when left out.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const folder = process.argv[2] ?? 'dist/package'

/** Null: it does not renew itself, as the portable program and packages of the system. */
function targetOf(name) {
  if (name.endsWith('.AppImage')) return 'linux-x64-appimage'
  return /setup.*\.exe$/i.test(name) ? 'windows-x64-installer' : null
}

const files = {}
for (const name of readdirSync(folder)) {
  const target = targetOf(name)
  if (target === null || !name.includes(version)) continue
  const bytes = readFileSync(join(folder, name))
  files[target] = { name, bytes: bytes.byteLength, sha512: createHash('sha512').update(bytes).digest('hex') }
}
if (Object.keys(files).length === 0) throw new Error(`${folder} has no package of version ${version}`)
const release = join(folder, 'release.json')
writeFileSync(release, `${JSON.stringify({ product: 'vn.chungthuc.desk', version, files }, null, 2)}\n`)
console.log(release)
