import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable } from '../../../electron/cli/output.ts'
import { refusedCharacter, typedLines, typedText } from '../../../electron/office/typed-text.ts'

const refused = (text: string): string | null => {
  const { error } = typedText.safeParse(text)
  const [issue] = error?.issues ?? []
  return issue ? refusedCharacter(issue) : null
}

describe('a text that a person typed', () => {
  it.each([
    ['\u0007', 'U+0007', 'a bell'],
    ['\n', 'U+000A', 'a line break'],
    ['\u001b[31m', 'U+001B', 'a colour of the terminal'],
    ['\u0085', 'U+0085', 'a control of the upper half'],
    ['\u00ad', 'U+00AD', 'a soft hyphen'],
    ['\u200b', 'U+200B', 'a space of no width'],
    ['\u200c', 'U+200C', 'a non-joiner'],
    ['\u200d', 'U+200D', 'a joiner'],
    ['\u200e', 'U+200E', 'a left-to-right mark'],
    ['\u202e', 'U+202E', 'a right-to-left override'],
    ['\u2066', 'U+2066', 'an isolate'],
    ['\u2028', 'U+2028', 'a line separator'],
    ['\u2029', 'U+2029', 'a paragraph separator'],
    ['\ufeff', 'U+FEFF', 'a byte-order mark'],
    ['\ue000', 'U+E000', 'a private letter'],
    ['\uffff', 'U+FFFF', 'no character'],
    ['\u0378', 'U+0378', 'an unassigned one'],
    ['\ud800', 'U+D800', 'half a surrogate pair'],
    ['\u{e0041}', 'U+E0041', 'a tag'],
    ['\ufe0f', 'U+FE0F', 'a variation selector'],
    ['\u3164', 'U+3164', 'a filler'],
    ['\u2800', 'U+2800', 'a Braille blank'],
    ['\ufffd', 'U+FFFD', 'a mark of lost text'],
    [`a${'\u0316\u0317\u0318\u0319'}`, 'U+0319', 'a tower of accents'],
  ])('is refused with %j (%s, %s)', (character, code) => {
    expect(refused(`Nguyễn${character}An`)).toBe(code)
  })

  it('has one space where it had any, and one spelling of each letter', () => {
    expect(typedText.parse('  Phạm\u00a0\u2003Thị \t Dung '.normalize('NFD'))).toBe('Phạm Thị Dung')
    expect(typedText.parse('Đặng Thuỳ Đoan-Trang (O’Neil) số 12/3, “Bằng”; Ω, 漢字')).toContain('Thuỳ')
    expect(typedLines.parse('Thiếu trang 2.\r\n\r\n  Mờ dấu ')).toBe('Thiếu trang 2.\n\nMờ dấu')
    expect(typedText.safeParse(' \u00a0 ').success).toBe(false)
    expect(typedLines.safeParse('a\u202e\nb').success).toBe(false)
  })

  it('is either refused, or can be seen whole: in order, the same when typed again, and safe for a terminal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), text => {
        const { success, data } = typedText.safeParse(text)
        if (!success) return
        expect(data).toBe(data.normalize('NFC').trim())
        expect(typedText.parse(data)).toBe(data)
        expect(printable(data)).toBe(data)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a line for the terminal', () => {
  it('shows as a code what would command it', () => {
    expect(printable('T\u001b[31mĐỏ\u0007\u202egpj\n✓ giả \u{e0041}')).toBe(
      'T\\u001b[31mĐỏ\\u0007\\u202egpj\\u000a✓ giả \\udb40\\udc41',
    )
  })

  it('is, as JSON, the same value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const json = printable(JSON.stringify({ text }))
        expect(JSON.parse(json)).toEqual({ text })
        expect(json).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})
