import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { importsOf, readSources } from './imports.ts'

const ROOT = join(import.meta.dirname, '../../..')
const SOURCES = readSources(ROOT, ['electron'])
const FORMS = readdirSync(join(ROOT, 'electron/document')).filter(name => /^form-\d+$/.test(name))

/** What finds a file of the program and tells that it is damaged; it says nothing of what a page shows. */
const GROUND = ['electron/resources.ts', 'electron/errors.ts', 'electron/document/errors.ts']

/** All that is loaded with `path`, directly or not, without types. The reader of PDF files, which all forms share, counts as one. */
function loadedWith(path: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(path)) return found
  found.add(path)
  for (const { target, typeOnly } of importsOf(path, SOURCES.get(path) ?? '')) if (!typeOnly) loadedWith(target, found)
  return found
}

test.each(FORMS)('%s is read by its own files alone: no package, no later font or form changes a verdict', form => {
  const own = `electron/document/${form}/`
  const words = `resources/legal/statement-copy-${form.replace('form-', '')}.json`
  const others = [...loadedWith(`${own}read-page.ts`), ...loadedWith(`${own}metadata.ts`)].filter(
    path =>
      !(path.startsWith(own) && !path.startsWith(`${own}write/`)) &&
      !path.startsWith('native-signing/pdf/') &&
      !path.startsWith('node:') &&
      path !== words &&
      !GROUND.includes(path),
  )
  expect(others).toEqual([])
})

test('there is a form', () => {
  expect(FORMS).toContain('form-1')
})
