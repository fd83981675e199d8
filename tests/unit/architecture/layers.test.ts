import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importsOf, readSources, type Sources } from './imports.ts'

const ROOT = join(import.meta.dirname, '../../..')

/**
 * The arrows between the parts: renderer → api → office → {store, document, scanning, portal, native-signing}. What a part may import
 * beside itself; `type x` allows types alone. A part is found by the longest path that a file's path begins with.
 */
const PARTS: readonly (readonly [name: string, path: string, mayImport: readonly string[]])[] = [
  // The one HTTP client, which asks for all of them.
  ['http', 'native-signing/http/', []],
  ['native-signing', 'native-signing/', ['http']],
  // What every part of the desktop program stands on.
  ['base', 'electron/errors.ts', []],
  ['base', 'electron/files.ts', []],
  ['base', 'electron/finding-words.ts', []],
  ['base', 'electron/identifiers.ts', []],
  ['base', 'electron/leftovers.ts', []],
  ['base', 'electron/messages.ts', []],
  ['base', 'electron/own-files.ts', []],
  ['base', 'electron/own-folder.ts', []],
  ['base', 'electron/resources.ts', []],
  ['base', 'electron/system-fault.ts', []],
  ['base', 'electron/turns.ts', []],
  ['store', 'electron/store/', ['base']],
  ['document', 'electron/document/', ['base', 'form', 'document errors', 'type native-signing']],
  ['document errors', 'electron/document/errors.ts', ['base']],
  // What copies of one form are read by, for ever: it stands alone (`forms.test.ts`). Its writer draws with what all documents are drawn with.
  ['form', 'electron/document/form-1/', ['base', 'native-signing', 'document errors', 'type document']],
  ['document', 'electron/document/form-1/write/', ['base', 'form', 'document errors']],
  ['scanning', 'electron/scanning/', ['base']],
  ['portal', 'electron/portal/', ['base', 'http']],
  ['office', 'electron/office/', ['base', 'store', 'document', 'scanning', 'portal', 'native-signing']],
  // A desk's scanner and its legal texts are not the office's (which may run on a server); records, deliveries and signatures are.
  ['api', 'electron/api/', ['base', 'office', 'document', 'scanning', 'type native-signing']],
  // The page's end of the bridge: the one file of the contract that runs in the page.
  ['link', 'electron/api/link.ts', ['type api']],
  ['renderer', 'renderer/', ['type api', 'link']],
  // How the page is built: runs in Node.
  ['page build', 'renderer/build/', ['renderer']],
  ['page build', 'renderer/vite.config.ts', ['renderer']],
  // Those that put the parts together may take from all of them, and nobody below takes from them.
  ['composition', 'electron/', ['*']],
  ['sandbox', 'electron/sandbox/', ['*']],
  ['cli', 'electron/cli/', ['*']],
  ['server', 'electron/server/', ['*']],
  ['scripts', 'scripts/', ['*']],
]

/** Packages that only some parts may load, by package name. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  electron: ['composition'],
  pkcs11js: ['native-signing', 'sandbox'],
  'better-sqlite3': ['store', 'sandbox'],
  undici: ['http'],
}

const PRODUCT = ['native-signing', 'electron', 'renderer', 'scripts']

interface Part {
  readonly name: string
  readonly mayImport: readonly string[]
}

function partOf(path: string): Part | null {
  const fitting = PARTS.filter(([, prefix]) => (prefix.endsWith('/') ? path.startsWith(prefix) : path === prefix))
  const [name, , mayImport] = fitting.sort((a, b) => b[1].length - a[1].length)[0] ?? []
  return name !== undefined && mayImport ? { name, mayImport } : null
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Every import that crosses an arrow, as a sentence. */
function violations(sources: Sources): readonly string[] {
  const found: string[] = []
  for (const [path, source] of sources) {
    const from = partOf(path)
    if (!from) {
      found.push(`${path} belongs to no part`)
      continue
    }
    for (const { specifier, target, typeOnly } of importsOf(path, source)) {
      const arrow = `${path} imports ${typeOnly ? 'types of ' : ''}${target}`
      if (!specifier.startsWith('.')) {
        const parts = PACKAGES[packageOf(specifier)]
        if (parts && !parts.includes(from.name)) found.push(`${arrow}, which is for ${parts.join(', ')}`)
        if (from.name === 'renderer' && specifier.startsWith('node:')) found.push(`${arrow}, but a page has no Node`)
        continue
      }
      if (/^tests\//.test(target)) {
        found.push(`${arrow}, but tests are no part of the product`)
        continue
      }
      const to = partOf(target)
      // Beside the parts lie data (`resources/`, package.json), which anyone may name.
      if (!to || to.name === from.name || from.mayImport.includes('*') || from.mayImport.includes(to.name)) continue
      if (typeOnly && from.mayImport.includes(`type ${to.name}`)) continue
      found.push(`${arrow}: ${from.name} may not take ${typeOnly ? 'types ' : ''}from ${to.name}`)
    }
  }
  return found
}

describe('no import crosses the arrows', () => {
  test('of the design, in any source file of the product', () => {
    const sources = readSources(ROOT, PRODUCT)
    expect(sources.size).toBeGreaterThan(20)
    expect(violations(sources)).toEqual([])
  })

  test.each([
    ['native-signing/pdf/writer.ts', "import { DeskError } from '../../electron/errors.ts'"],
    ['electron/document/compose.ts', "import type { Copy } from '../office/types.ts'"],
    ['electron/document/form-1/letters.ts', "import { TextFont } from '../fonts.ts'"],
    ['electron/document/compose.ts', "import { PdfDocument } from '../../native-signing/pdf/document.ts'"],
    ['electron/scanning/sane.ts', "const office = await import('../office/service.ts')"],
    ['electron/store/store.ts', "export * from '../portal/adapter.ts'"],
    ['electron/office/service.ts', "import {\n  deskScanner,\n} from '../scanners.ts'"],
    ['electron/office/service.ts', "import { app } from 'electron'"],
    ['electron/office/service.ts', "import '../sandbox/papers.ts'"],
    ['electron/errors.ts', "import { z } from './office/types.ts'"],
    ['electron/api/copies.ts', "import { openStore } from '../store/store.ts'"],
    ['electron/api/copies.ts', "import { verify } from '../../native-signing/index.ts'"],
    ['renderer/officer/page.tsx', "import { router } from '../../electron/api/router.ts'"],
    ['renderer/officer/page.tsx', "import type { Row } from '../../electron/store/schema.ts'"],
    ['renderer/officer/page.tsx', "import { readFile } from 'node:fs/promises'"],
    ['electron/document/sign.ts', "import pkcs11js from 'pkcs11js'"],
    ['electron/cli/ctdesk.ts', "import { fixture } from '../../tests/unit/fixture.ts'"],
    ['plugins/new.ts', ''],
  ])('%s: %s is caught', (path, source) => {
    expect(violations(new Map([[path, `${source}\n`]]))).toHaveLength(1)
  })

  test.each([
    ['renderer/officer/page.tsx', "import type { Router } from '../../electron/api/router.ts'"],
    ['electron/office/service.ts', "import { store } from '../store/store.ts'\nimport type { X } from './types.ts'"],
    ['electron/document/compose.ts', "import { DeskError } from '../errors.ts'\nimport sharp from 'sharp'"],
    ['electron/main.ts', "import { app } from 'electron'\nimport { office } from './office/service.ts'"],
    ['native-signing/types.ts', "/** not office: import it from '../electron/office/types.ts' */"],
  ])('%s: %s is allowed', (path, source) => {
    expect(violations(new Map([[path, `${source}\n`]]))).toEqual([])
  })
})
