import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanText, wrapText } from '../../../electron/document/text.ts'

const width = (text: string) => [...text].length

describe('text before it is set', () => {
  test('decomposed Vietnamese becomes the same as composed', () => {
    const name = 'Nguyễn Thị Ước Mơ, Đà Nẵng, Quảng Trị'
    expect(cleanText(name.normalize('NFD'))).toBe(name.normalize('NFC'))
  })

  test('invisible characters, tabs and line breaks do not reach the page', () => {
    expect(cleanText(' Giấy\u00AD\tkhai\u200B\r\n sinh\u00A0\u0000\uFEFF ')).toBe('Giấy khai sinh')
  })

  test('wrapping loses no letter and never passes the limit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer({ min: 2, max: 30 }), (text, limit) => {
        const lines = wrapText(text, limit, width)
        expect(lines.join('').replaceAll(' ', '')).toBe(cleanText(text).replaceAll(' ', ''))
        for (const line of lines) expect(width(line)).toBeLessThanOrEqual(limit)
      }),
    )
  })

  test('lines break at spaces; only a word wider than the line is broken', () => {
    expect(wrapText('một hai ba', 7, width)).toEqual(['một hai', 'ba'])
    expect(wrapText('x nghiêng', 4, width)).toEqual(['x', 'nghi', 'êng'])
  })
})
