import { cpSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
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

/**
 * Programs of Node in few files, so that they start quickly, all in one folder: what is found relative to a file is found from each of
 * them. Packages of many small files are put in too; the others lie beside in node_modules.
 */
function forNode(programs: readonly string[], outDir: string, folder: string): UserConfig {
  const names = programs.map(program => [basename(program, '.ts'), join(root, program)])
  return {
    root,
    plugins: [filesAsBuilt()],
    ssr: { noExternal: ['zod', 'kysely', '@trpc/server', /^@peculiar\//, 'asn1js', 'pvtsutils', 'pvutils', 'tslib'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node24',
      copyPublicDir: false,
      rollupOptions: {
        input: Object.fromEntries(names),
        output: {
          format: 'es',
          entryFileNames: `${folder}[name].js`,
          chunkFileNames: `${folder}[name]-[hash].js`,
          assetFileNames: `${folder}[name]-[hash][extname]`,
        },
      },
    },
  }
}

/** Main itself, and the processes and threads that it starts by their file. */
const programs = [
  'electron/main.ts',
  'native-signing/token/worker.ts',
  'electron/window/document-worker.ts',
  'electron/file-inspection-worker.ts',
  'electron/window/foreign-worker.ts',
  'electron/foreign/foreign-thread.ts',
  'electron/window/token-worker.ts',
  'electron/window/practice-token-worker.ts',
  'electron/sandbox/soft-token-worker.ts',
]
const main = forNode(programs, join(output, 'app'), 'electron/')

/** What plays Electron where its binary is out of reach; no part of any package. */
const standIn = forNode(
  ['register', 'index', 'parent-port'].map(name => `electron/stand-in/${name}.ts`),
  join(output, 'stand-in'),
  '',
)

/** Programs and modules that are named by their file end in .js once built. */
function filesAsBuilt(): Plugin {
  return {
    name: 'files-as-built',
    enforce: 'pre',
    transform: code =>
      code.includes('import.meta.url')
        ? code.replaceAll(/new URL\('(\.\/[\w-]+)\.ts', import\.meta\.url\)/g, "new URL('$1.js', import.meta.url)")
        : null,
  }
}

function resources(): Plugin {
  let copy = ''
  return {
    name: 'resources',
    configResolved: config => {
      copy = resolve(config.root, config.build.outDir, 'resources')
    },
    // Beside what the build itself has put there: data that a module imports.
    writeBundle: () => cpSync(join(root, 'resources'), copy, { recursive: true }),
  }
}

/** `vite build --mode main|preload|stand-in`; the page has its own, `renderer/vite.config.ts`. `scripts/build.mjs` builds all of them. */
export default defineConfig(({ mode }) => {
  if (mode === 'preload') return preload
  if (mode === 'stand-in') return standIn
  return { ...main, plugins: [filesAsBuilt(), resources()] }
})
