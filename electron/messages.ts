import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { resourcePath } from './resources.ts'
import { systemFault } from './system-fault.ts'

export type Language = 'vi' | 'en'

/** What a person is told: what happened, and what to do now. */
export interface Explanation {
  readonly code: string
  readonly what: string
  readonly todo: string
}

const sentenceSchema = z.strictObject({ what: z.string().min(1), todo: z.string() })
const catalogueSchema = z.record(z.string(), z.strictObject({ vi: sentenceSchema, en: sentenceSchema }))
type Catalogue = z.infer<typeof catalogueSchema>

let loaded: Catalogue | undefined

/** Every sentence of `resources/messages/*.json`, by code. Read once: the files are part of the program. */
export function messageCatalogue(): Catalogue {
  if (loaded) return loaded
  const folder = resourcePath('messages')
  const all: Catalogue = {}
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.json')) continue
    for (const [code, sentences] of Object.entries(
      catalogueSchema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))),
    )) {
      if (all[code]) throw new Error(`message code ${code} stands twice, second time in ${name}`)
      all[code] = sentences
    }
  }
  loaded = all
  return all
}

const fieldNamesSchema = z.record(z.string(), z.strictObject({ vi: z.string().min(1), en: z.string().min(1) }))
let fieldNames: z.infer<typeof fieldNamesSchema> | undefined

/** What people call the field at a schema's path ("originals.0.title"); the path itself where `resources/fields.json` has no name. */
export function fieldName(path: string, language: Language): string {
  fieldNames ??= fieldNamesSchema.parse(JSON.parse(readFileSync(resourcePath('fields.json'), 'utf8')))
  return fieldNames[path.replace(/\.\d+/g, '')]?.[language] ?? path
}

/** Puts `parameters` into the `{name}` places of a sentence. Of an error that was kept by its code alone nobody knows them any more. */
function fill(text: string, parameters: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_place, name: string) => String(parameters[name] ?? '…'))
}

interface Coded {
  readonly code: string
  readonly parameters?: Readonly<Record<string, string | number>>
  readonly syscall?: unknown
}

function hasCode(error: unknown): error is Coded {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
}

/** The same codes come of programs and addresses, where a sentence about a file would mislead. */
const NOT_OF_FILES = /^(spawn|kill|connect|bind|listen|accept|getaddrinfo|read ECONN)/

function codeOf({ code, syscall }: Coded): string {
  return (NOT_OF_FILES.test(String(syscall)) ? null : systemFault(code)) ?? code
}

/** The sentence for any error: by its code where it has one of ours or of a disk's faults, else the general one. Never shows a raw stack or path. */
export function explain(error: unknown, language: Language): Explanation {
  const catalogue = messageCatalogue()
  const code = hasCode(error) ? codeOf(error) : 'unexpected'
  const known = catalogue[code] ? code : 'unexpected'
  const sentence = catalogue[known]?.[language]
  if (!sentence) throw new Error('resources/messages lacks the code "unexpected"')
  const given = hasCode(error) ? (error.parameters ?? {}) : {}
  const { field } = given
  const parameters = typeof field === 'string' ? { ...given, field: fieldName(field, language) } : given
  return { code: known, what: fill(sentence.what, parameters), todo: fill(sentence.todo, parameters) }
}
