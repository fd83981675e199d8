import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type Plugin, type UserConfig } from 'vite'

const root = import.meta.dirname
const output = join(root, 'dist')

/** The bridge: one file of CommonJS, all that Electron's sandbox can load. */
const preload: UserConfig = {
  root,
  build: {
    outDir: join(output, 'preload'),
    emptyOutDir: true,
    target: 'chrome140',
    copyPublicDir: false,
    lib: { entry: join(root, 'electron', 'preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
    rollupOptions: { external: ['electron'] },
  },
}

/** The processes that main starts by their file, and main itself. */
const programs = [
  'electron/main.ts',
  'native-signing/token/worker.ts',
  'electron/window/token-worker.ts',
  'electron/sandbox/soft-token-worker.ts',
]

/**
 * The main process, file for file in the same folders, so that what is found relative to a file is found in the package too. Packages stay
 * outside: they lie beside it in node_modules.
 */
const main: UserConfig = {
  root,
  plugins: [workersByFile(), resources()],
  build: {
    ssr: true,
    outDir: join(output, 'app'),
    emptyOutDir: true,
    target: 'node24',
    copyPublicDir: false,
    rollupOptions: {
      input: programs.map(program => join(root, program)),
      output: { format: 'es', preserveModules: true, preserveModulesRoot: root, entryFileNames: '[name].js' },
    },
  },
}

/** A worker is started by its file's name, which ends in .js once built. */
function workersByFile(): Plugin {
  return {
    name: 'workers-by-file',
    enforce: 'pre',
    transform: code =>
      code.includes('import.meta.url')
        ? code.replaceAll(
            /new URL\('(\.\/[\w-]*worker)\.ts', import\.meta\.url\)/g,
            "new URL('$1.js', import.meta.url)",
          )
        : null,
  }
}

function resources(): Plugin {
  return {
    name: 'resources',
    // Beside what the build itself has put there: data that a module imports.
    writeBundle: () => cpSync(join(root, 'resources'), join(output, 'app', 'resources'), { recursive: true }),
  }
}

/** `vite build --mode main|preload`; the page has its own, `renderer/vite.config.ts`. `scripts/build.mjs` builds all three. */
export default defineConfig(({ mode }) => (mode === 'preload' ? preload : main))
