import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'

export interface Import {
  /** As written: `../errors.ts`, `node:fs`, `sharp`. */
  readonly specifier: string
  /** Path from the project's root for a relative import, else the specifier itself. */
  readonly target: string
  readonly typeOnly: boolean
}

/** Source files by their path from the project's root, with `/`. */
export type Sources = ReadonlyMap<string, string>

const SOURCE_FILE = /\.(?:ts|tsx|mts|js|mjs|jsx)$/

/** All source files under some folders of the project; folders that do not exist yet hold none. */
export function readSources(root: string, folders: readonly string[]): Sources {
  const sources = new Map<string, string>()
  for (const folder of folders) {
    let names: readonly string[]
    try {
      names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    } catch {
      continue
    }
    for (const name of names) {
      const path = posix.join(folder, name.replaceAll('\\', '/'))
      if (SOURCE_FILE.test(path) && !path.includes('node_modules/'))
        sources.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
  return sources
}

/** `import … from`, `export … from`, `import '…'`, each at a line's start as the formatter writes them. */
const STATEMENT = /^(?:import|export)\b(\s+type\b)?(?:[^'"`;]*?\bfrom)?\s*(['"])([^'"\n]+)\2/gm
/** `import('…')`, `require('…')` and files loaded beside the module, wherever they stand. */
const CALL = /\b(?:import|require|new URL)\s*\(\s*(['"])([^'"\n]+)\1/g

/** The imports of one source file. */
export function importsOf(path: string, source: string): readonly Import[] {
  const found = (specifier: string, typeOnly: boolean): Import => ({
    specifier,
    target: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier,
    typeOnly,
  })
  return [
    ...[...source.matchAll(STATEMENT)].map(match => found(match[3] ?? '', match[1] !== undefined)),
    ...[...source.matchAll(CALL)].map(match => found(match[2] ?? '', false)),
  ]
}
