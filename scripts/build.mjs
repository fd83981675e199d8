// Builds the desktop program into dist/: main process, preload and page. `--only=main,preload` builds a part.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

// Tests build too, and would else get React's slow development build.
process.env.NODE_ENV = 'production'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const parts = {
  main: { configFile: join(root, 'vite.config.ts'), mode: 'main' },
  preload: { configFile: join(root, 'vite.config.ts'), mode: 'preload' },
  page: { configFile: join(root, 'renderer', 'vite.config.ts') },
}

const asked = process.argv
  .find(word => word.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',')
for (const [name, options] of Object.entries(parts)) {
  if (!asked || asked.includes(name)) await build({ ...options, logLevel: 'warn' })
}
