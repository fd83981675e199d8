import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type Explanation, explain, type Language } from './messages.ts'
import { resourcePath } from './resources.ts'

const word = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) })
const wordsSchema = z.strictObject({
  kind: z.record(z.string(), word),
  use: z.record(z.string(), word),
  field: z.record(z.string(), word),
  value: z.record(z.string(), word),
})

/** Words for what the register's audit compares, by code. */
export function readFindingWords(): z.infer<typeof wordsSchema> {
  return wordsSchema.parse(JSON.parse(readFileSync(resourcePath('audit', 'words.json'), 'utf8')))
}

/** In which words a parameter's value is looked up. */
const LOOKED_UP = { kind: 'kind', use: 'use', field: 'field', here: 'value', there: 'value' } as const

/** The sentences of an audit's findings, codes of rows and facts put into words. */
export function findingExplainer(language: Language) {
  const words = readFindingWords()
  return (found: {
    readonly code: string
    readonly parameters: Readonly<Record<string, string | number>>
  }): Explanation => {
    const parameters = Object.fromEntries(
      Object.entries(found.parameters).map(([name, value]) => {
        const list = Object.entries(LOOKED_UP).find(([each]) => each === name)?.[1]
        return [name, (list && words[list][String(value)]?.[language]) ?? value]
      }),
    )
    return explain({ code: found.code, parameters }, language)
  }
}
