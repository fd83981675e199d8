import { writeFileSync } from 'node:fs'
import fontkit from '@pdf-lib/fontkit'
import { describe, expect, test, vi } from 'vitest'
import { DocumentError } from '../../../electron/document/errors.ts'
import { TextFont } from '../../../electron/document/fonts.ts'
import { type Face, openFace, readFace } from '../../../electron/document/form-1/faces.ts'
import { subsetTrueType } from '../../../electron/document/form-1/subset.ts'
import { resourcePath } from '../../../electron/resources.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

vi.mock('../../../electron/resources.ts', { spy: true })

const BASES = 'aăâeêioôơuưyAĂÂEÊIOÔƠUƯY'
const TONES = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323']
const VIETNAMESE = [...[...BASES].flatMap(base => TONES.map(tone => (base + tone).normalize('NFC'))), 'đ', 'Đ']

describe.each<Face>(['regular', 'bold', 'italic'])('the face %s', face => {
  test('covers each of the 146 Vietnamese vowels and đ', () => {
    const font = new TextFont(face)
    expect(VIETNAMESE).toHaveLength(146)
    for (const letter of VIETNAMESE) expect(font.width(letter, 10)).toBeGreaterThan(0)
  })

  test('keeps every outline whole in the subset, composite letters too', () => {
    const bytes = readFace(face)
    const original = fontkit.create(Buffer.from(bytes))
    const glyphs = VIETNAMESE.map(letter => original.glyphForCodePoint(letter.codePointAt(0) ?? 0))
    const subset = fontkit.create(
      Buffer.from(
        subsetTrueType(
          openFace(face),
          glyphs.map(glyph => glyph.id),
        ),
      ),
    )
    const reader: unknown = subset
    const outlines = glyphs.map((_, index) => glyphOf(reader, index + 1).path.toSVG())
    expect(outlines).toEqual(glyphs.map(glyph => glyph.path.toSVG()))
    expect(glyphs.map((_, index) => glyphOf(reader, index + 1).advanceWidth)).toEqual(
      glyphs.map(glyph => glyph.advanceWidth),
    )
  })
})

/** fontkit's types leave out the look-up by glyph number, which a font without a cmap needs. */
function glyphOf(font: unknown, id: number): { readonly path: { toSVG(): string }; readonly advanceWidth: number } {
  if (typeof font !== 'object' || font === null || !('getGlyph' in font) || typeof font.getGlyph !== 'function') {
    throw new Error('fontkit gave no font')
  }
  return font.getGlyph(id)
}

describe('letters without a font', () => {
  test('are named, each once, with their codes', () => {
    const attempt = () => new TextFont('regular').encode('Trần 漢 và 漢 😀')
    expect(attempt).toThrow(DocumentError)
    try {
      attempt()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'letters-without-font',
        parameters: { letters: '漢 😀', codes: 'U+6F22 U+1F600' },
      })
    }
  })
})

describe('a font file', () => {
  test('that is not the one of the form is refused by its name', () => {
    using folder = temporaryFolder()
    const path = folder.file('Tinos-Bold.ttf')
    const changed = readFace('bold').with(-1, 1)
    writeFileSync(path, changed)
    vi.mocked(resourcePath).mockReturnValueOnce(path)
    expect(() => readFace('bold')).toThrow(
      expect.objectContaining({ code: 'font-changed', parameters: { file: 'Tinos-Bold.ttf' } }),
    )
  })
})
