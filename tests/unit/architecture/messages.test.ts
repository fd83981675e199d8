import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { explain, messageCatalogue } from '../../../electron/messages.ts'
import { readSources } from './imports.ts'

const ROOT = join(import.meta.dirname, '../../..')
const MESSAGES = join(ROOT, 'resources/messages')

/** Codes of the operating system's kind, which more than one part may meet. */
const SHARED_CODES = new Set(['disk-full'])

const codeList = z.array(z.string()).min(1)

/** Every `…_CODES` array that an `errors.ts` of the product exports, by file. */
async function errorCodes(): Promise<ReadonlyMap<string, readonly string[]>> {
  const codes = new Map<string, readonly string[]>()
  for (const path of readSources(ROOT, ['electron', 'native-signing']).keys()) {
    if (!path.endsWith('/errors.ts')) continue
    const module: unknown = await import(/* @vite-ignore */ pathToFileURL(join(ROOT, path)).href)
    for (const [name, value] of Object.entries(z.record(z.string(), z.unknown()).parse({ ...Object(module) })))
      if (name.endsWith('_ERROR_CODES')) codes.set(`${path} ${name}`, codeList.parse(value))
  }
  return codes
}

function placeholders(text: string): readonly string[] {
  return [...text.matchAll(/\{([^{}]*)\}/g)].map(match => match[1] ?? '')
}

/** What is wrong with one sentence pair. */
function faults(code: string, texts: Readonly<Record<'vi' | 'en', { what: string; todo: string }>>): readonly string[] {
  const { vi, en } = texts
  const found: string[] = []
  const used = (sentence: { what: string; todo: string }): string =>
    [...new Set(placeholders(`${sentence.what} ${sentence.todo}`))].sort().join(', ')
  if (used(vi) !== used(en)) found.push(`${code}: vi has {${used(vi)}}, en has {${used(en)}}`)
  for (const text of [vi.what, vi.todo, en.what, en.todo]) {
    if (/[{}]/.test(text.replace(/\{\w+\}/g, ''))) found.push(`${code}: a brace that fills no place in "${text}"`)
    if (text !== text.normalize('NFC').trim()) found.push(`${code}: not in NFC, or with spaces around: "${text}"`)
  }
  return found
}

const sentence = z.strictObject({ what: z.string().min(1), todo: z.string() })
const catalogueFile = z.record(z.string(), z.strictObject({ vi: sentence, en: sentence }))

let codes: ReadonlyMap<string, readonly string[]>
beforeAll(async () => {
  codes = await errorCodes()
})

describe('what people are told', () => {
  test('of an error that was kept by its code alone no place stands empty in braces', () => {
    const left = Object.keys(messageCatalogue())
      .map(code => explain({ code }, 'vi'))
      .filter(({ what, todo }) => /[{}]/.test(what + todo))
    expect(left).toEqual([])
  })

  test('every error code has its sentences in Vietnamese and English', () => {
    const catalogue = messageCatalogue()
    const missing = [...codes].flatMap(([list, all]) =>
      all.filter(code => !catalogue[code]).map(code => `${code} (${list})`),
    )
    expect(codes.size).toBeGreaterThan(2)
    expect(missing).toEqual([])
  })

  test('every fault of a disk or file has its sentences too', () => {
    const sources = readFileSync(join(ROOT, 'electron/system-fault.ts'), 'utf8')
    const faults = [...sources.matchAll(/: '([a-z-]+)',$/gm)].map(match => match[1] ?? '')
    expect(faults.length).toBeGreaterThan(20)
    expect(faults.filter(code => !messageCatalogue()[code])).toEqual([])
  })

  test('no code belongs to two parts', () => {
    const owners = new Map<string, string>()
    const twice: string[] = []
    for (const [list, all] of codes)
      for (const code of all) {
        const owner = owners.get(code)
        if (owner && !SHARED_CODES.has(code)) twice.push(`${code}: ${owner} and ${list}`)
        owners.set(code, list)
      }
    expect(twice).toEqual([])
  })

  test('codes are kebab-case', () => {
    expect([...codes.values()].flat().filter(code => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(code))).toEqual([])
  })

  test('no code has its sentences twice, and both languages fill the same places', () => {
    const seen = new Map<string, string>()
    const found: string[] = []
    for (const file of readdirSync(MESSAGES)) {
      const catalogue = catalogueFile.parse(JSON.parse(readFileSync(join(MESSAGES, file), 'utf8')))
      for (const [code, texts] of Object.entries(catalogue)) {
        const other = seen.get(code)
        if (other) found.push(`${code} stands in ${other} and ${file}`)
        seen.set(code, file)
        found.push(...faults(code, texts))
      }
    }
    expect(found).toEqual([])
  })

  test('a missing place, an open brace and decomposed letters would be found', () => {
    const good = { what: 'Tờ {page}.', todo: '' }
    expect(faults('a', { vi: good, en: { what: 'A sheet.', todo: '' } })).toHaveLength(1)
    expect(faults('a', { vi: good, en: { what: 'Sheet {page} {', todo: '' } })).toHaveLength(1)
    expect(faults('a', { vi: { ...good, todo: 'Tờ'.normalize('NFD') }, en: good })).toHaveLength(1)
    expect(faults('a', { vi: good, en: good })).toEqual([])
  })

  test('an error that nobody foresaw shows neither stack nor path', () => {
    const told = explain(new Error('ENOENT /home/secret'), 'vi')
    expect(told.code).toBe('unexpected')
    expect(told.what + told.todo).not.toContain('secret')
  })
})
