// Builds the desktop program into dist/: main process, preload and page, and the stand-in for Electron. Each part is built beside and put in
// its place when it is whole. `--only=main,preload` builds a part.
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

// Tests build too, and would else get React's slow development build.
process.env.NODE_ENV = 'production'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const dist = join(root, 'dist')
const beside = join(dist, '.next')
const parts = [
  { name: 'main', folder: 'app', configFile: join(root, 'vite.config.ts') },
  { name: 'preload', folder: 'preload', configFile: join(root, 'vite.config.ts') },
  { name: 'stand-in', folder: 'stand-in', configFile: join(root, 'vite.config.ts') },
  { name: 'page', folder: 'renderer', configFile: join(root, 'renderer', 'vite.config.ts') },
]

const asked = process.argv
  .find(word => word.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',')
const wanted = parts.filter(({ name }) => !asked || asked.includes(name))

rmSync(beside, { recursive: true, force: true })
for (const { name, folder, configFile } of wanted)
  await build({
    configFile,
    ...(name === 'page' ? {} : { mode: name }),
    logLevel: 'warn',
    build: { outDir: join(beside, folder) },
  })

const old = join(beside, 'old')
mkdirSync(old, { recursive: true })
for (const { folder } of wanted) {
  const place = join(dist, folder)
  try {
    renameSync(place, join(old, folder))
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  renameSync(join(beside, folder), place)
}
rmSync(beside, { recursive: true, force: true })
