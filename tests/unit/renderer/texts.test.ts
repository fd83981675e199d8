import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { messageCatalogue } from '../../../electron/messages.ts'
import en from '../../../renderer/texts/en.json' with { type: 'json' }
import vi from '../../../renderer/texts/vi.json' with { type: 'json' }

const RENDERER = join(import.meta.dirname, '../../../renderer')

type Texts = { readonly [key: string]: string | Texts }

/** Every text by its whole key. */
function flat(texts: Texts, before = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]): [string, string][] =>
      typeof value === 'string' ? [[before + key, value]] : [...flat(value, `${before}${key}.`)],
    ),
  )
}

const gaps = (text: string): readonly string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1] ?? '').sort()

const sources = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' })
  .filter(name => /\.tsx?$/.test(name))
  .map(name => ({ name, source: readFileSync(join(RENDERER, name), 'utf8') }))

/** The text between tags and the texts given to what is read out, where they hold letters. */
function spoken(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const between = [...code.matchAll(/<\/?[A-Za-z][\w.]*(?:\s[^<>{}]*)?>([^<>{}]*\p{L}[^<>{}]*)<\//gu)]
  const given = [...code.matchAll(/\b(?:label|title|placeholder|aria-label|description|alt)="([^"]*\p{L}[^"]*)"/gu)]
  const vietnamese = [...code.matchAll(/['"`]([^'"`\n]*[À-ỹĐđ][^'"`\n]*)['"`]/gu)]
  return [...between, ...given, ...vietnamese].map(match => match[1] ?? '')
}

/** What may be said without the texts: a language by its own name. */
const ALLOWED = new Set(['Tiếng Việt'])

describe('what the page says', () => {
  test('both languages have the same texts with the same gaps', () => {
    const vietnamese = flat(vi)
    const english = flat(en)
    expect([...english.keys()].sort()).toEqual([...vietnamese.keys()].sort())
    expect(
      [...vietnamese].filter(([key, text]) => String(gaps(text)) !== String(gaps(english.get(key) ?? ''))),
    ).toEqual([])
  })

  test('no text is empty, decomposed or padded', () => {
    const odd = [...flat(vi), ...flat(en)].filter(([, text]) => text === '' || text !== text.normalize('NFC').trim())
    expect(odd).toEqual([])
  })

  test('has one name for the token: thẻ ký số, or thẻ alone', () => {
    expect([...flat(vi)].filter(([, text]) => /thẻ ký(?! số)/i.test(text))).toEqual([])
  })

  test('an error sentence that leads to the settings leads to a part and a field that are there', () => {
    const led = { vi: / – “([^”]+)”(?:, ô “([^”]+)”)?/g, en: / – “([^”]+)”(?:, field “([^”]+)”)?/g }
    const astray = Object.entries(messageCatalogue()).flatMap(([code, sentences]) =>
      (['vi', 'en'] as const).flatMap(language => {
        const { todo } = sentences[language]
        const names = [...todo.matchAll(led[language])].flatMap(([, part, field]) => [part ?? '', field ?? part ?? ''])
        const there = [...flat(language === 'vi' ? vi : en)].flatMap(([key, text]) =>
          key.startsWith('settings.') ? text : [],
        )
        const unnamed = /(Cài đặt|Settings) – (?!“)/.test(todo)
        return unnamed || names.some(name => !there.includes(name)) ? `${code} (${language}): ${todo}` : []
      }),
    )
    expect(astray).toEqual([])
  })

  test('stands in the texts and not in a component', () => {
    const found = sources.flatMap(({ name, source }) =>
      spoken(source)
        .filter(text => !ALLOWED.has(text))
        .map(text => `${name}: ${text}`),
    )
    expect(found).toEqual([])
  })

  test('a text in a component would be found', () => {
    expect(spoken('<Button>Ký</Button>')).toEqual(['Ký'])
    expect(spoken('<p className="quiet">Sign here</p>')).toEqual(['Sign here'])
    expect(spoken('<TextInput label="Name" />')).toEqual(['Name'])
    expect(spoken("t('general.close')")).toEqual([])
    expect(spoken('<p>{t(`a.b`)}</p>')).toEqual([])
  })

  test('has no text that nothing uses', () => {
    const all = sources.map(({ source }) => source).join('\n')
    const used = [...all.matchAll(/['"`]([a-zA-Z-]+(?:\.[\w$`{}.-]+)+)['"`]/g)].map(match => match[1] ?? '')
    const patterns = used.map(key => new RegExp(`^${key.replaceAll('.', '\\.').replace(/\$\{[^}]*\}/g, '[^.]+')}$`))
    expect([...flat(vi).keys()].filter(key => !patterns.some(pattern => pattern.test(key)))).toEqual([])
  })
})
