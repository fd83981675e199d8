import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { Plugin } from 'vite'

const NAME = 'virtual:mantine-styles.css'
const require = createRequire(import.meta.url)
const core = dirname(require.resolve('@mantine/core/styles.layer.css'))
const index = join(core, 'esm', 'index.mjs')
/** Those that belong to no component. */
const ALWAYS = ['baseline', 'global']
const LAYER = /^@layer mantine \{([\s\S]*)\}\s*$/
const IMPORT = /^import (?:([\w$]+)|\{([^}]*)\}) from "(\.[^"]+)"/gm
const OURS = /import \{([^}]*)\} from ["']@mantine\/core["']/g
const STYLE_NAMES = /([\w-]+)\.module\.mjs$/

/**
 * Mantine's styles of the components that this program uses, in Mantine's own order: a third of all. What is left out need not be read, parsed
 * and compared with every element at each start. The build fails where a component came in whose styles were not found to be needed.
 */
export function mantineStyles(): Plugin {
  const root = join(import.meta.dirname, '..')
  const notifications = join(dirname(require.resolve('@mantine/notifications/styles.layer.css')), 'esm')
  const used = stylesOf([...namesUsedIn(root), ...namesUsedIn(notifications)])
  return {
    name: 'mantine-styles',
    resolveId: id => (id === NAME ? `\0${NAME}` : null),
    load: id => (id === `\0${NAME}` ? styleSheet(used) : null),
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        for (const id of file.type === 'chunk' ? file.moduleIds : []) {
          const [, name = ''] = id.startsWith(core) ? (STYLE_NAMES.exec(id) ?? []) : []
          if (name && !used.has(name)) this.error(`the styles of Mantine's ${name} are missing`)
        }
      }
    },
  }
}

function namesUsedIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(file => /\.(tsx?|mjs)$/.test(file))
    .flatMap(file => [...readFileSync(join(folder, file), 'utf8').matchAll(OURS)])
    .flatMap(([, names = '']) => names.split(','))
    .map(name => name.replace(/^\s*type\s/, '').trim())
}

/** Names of the style files that the modules behind these names import, directly or by others. */
function stylesOf(names: readonly string[]): ReadonlySet<string> {
  const places = new Map(importsOf(index).flatMap(({ names: own, path }) => own.map(name => [name, path] as const)))
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    if (!STYLE_NAMES.test(path)) for (const each of importsOf(path)) visit(each.path)
  }
  for (const name of names) {
    const place = places.get(name)
    if (place) visit(place)
  }
  return new Set([...seen].flatMap(path => STYLE_NAMES.exec(path)?.[1] ?? []))
}

function importsOf(path: string): readonly { readonly names: readonly string[]; readonly path: string }[] {
  return [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, whole, several = '', from = '']) => ({
    names: whole ? [whole] : several.split(',').map(name => name.trim()),
    path: join(dirname(path), from),
  }))
}

function styleSheet(used: ReadonlySet<string>): string {
  const all = inLayer(readFileSync(join(core, 'styles.layer.css'), 'utf8'))
  const parts = [...ALWAYS, ...used]
    .map(name => inLayer(readFileSync(join(core, 'styles', `${basename(name)}.layer.css`), 'utf8')))
    .map(text => ({ text, place: all.indexOf(text) }))
  if (parts.some(({ place }) => place < 0)) throw new Error("Mantine's styles are not made of its components' styles")
  return `@layer mantine {${parts
    .toSorted((one, other) => one.place - other.place)
    .map(({ text }) => text)
    .join('\n')}}`
}

function inLayer(css: string): string {
  const [, text] = LAYER.exec(css) ?? []
  if (text === undefined) throw new Error("Mantine's styles stand in no layer")
  return text.trim()
}
