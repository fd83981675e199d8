import fontkit from '@pdf-lib/fontkit'
import { type Face, readFace, unicodeMap } from './fonts.ts'
import { subsetTrueType } from './truetype-subset.ts'

/** A composite font of a page: its ToUnicode map, the font program that draws, and the widths of codes 1, 2, … in thousandths. */
export interface PageFont {
  readonly unicode: string
  readonly program: Uint8Array
  readonly widths: readonly number[]
}

/** Letters as they are drawn, for size 1 and beginning at 0. */
export interface ShownLetters {
  readonly text: string
  readonly width: number
  /** What is inked: left, bottom, right, top; null for blanks alone. */
  readonly ink: readonly [left: number, bottom: number, right: number, top: number] | null
}

export interface FaceLetters {
  /** What codes in hexadecimal show; null where one has no letter. */
  read(codes: string): ShownLetters | null
}

/** A statement has some dozens. */
const MAXIMUM_LETTERS = 1000

/** The letters of a face in one file, only where map, outlines and widths are exactly those that this program writes for these letters. */
export function readLetters(face: Face, font: PageFont | undefined): FaceLetters | null {
  if (!font || font.widths.length > MAXIMUM_LETTERS) return null
  const [, ...blocks] = font.unicode.split('beginbfchar')
  const letters = [...blocks.join('').matchAll(/^<[0-9A-F]{4}> <((?:[0-9A-F]{4}){1,2})>$/gm)].map(([, letter = '']) =>
    Buffer.from(letter, 'hex').swap16().toString('utf16le'),
  )
  if (letters.length !== font.widths.length) return null
  // two letters for one code, or a second meaning by another way of mapping, would make another map
  if (letters.some(letter => [...letter].length !== 1)) return null
  if (unicodeMap(letters.map((letter, index) => ({ cid: index + 1, letter }))) !== font.unicode) return null

  const file = readFace(face)
  const tinos = fontkit.create(Buffer.from(file))
  const glyphs = letters.map(letter => tinos.glyphForCodePoint(letter.codePointAt(0) ?? 0))
  const program = subsetTrueType(
    file,
    glyphs.map(({ id }) => id),
  )
  const asWide = glyphs.every(
    ({ advanceWidth }, index) => Math.abs((advanceWidth * 1000) / tinos.unitsPerEm - (font.widths[index] ?? -1)) < 0.01,
  )
  if (!asWide || !Buffer.from(program).equals(font.program)) return null
  return {
    read: codes => {
      let [text, width] = ['', 0]
      let ink: ShownLetters['ink'] = null
      for (const code of codes.match(/.{4}/g) ?? []) {
        const index = Number.parseInt(code, 16) - 1
        const [letter, glyph] = [letters[index], glyphs[index]]
        if (letter === undefined || !glyph) return null
        const { minX, minY, maxX, maxY } = glyph.bbox
        if (maxX > minX && maxY > minY) ink = around(ink, [width + minX, minY, width + maxX, maxY])
        text += letter
        width += glyph.advanceWidth
      }
      const [left, bottom, right, top] = ink ?? [0, 0, 0, 0]
      const em = tinos.unitsPerEm
      return {
        text: text.normalize('NFC'),
        width: width / em,
        ink: ink && [left / em, bottom / em, right / em, top / em],
      }
    },
  }
}

/** The smallest box around both. */
function around(one: ShownLetters['ink'], other: NonNullable<ShownLetters['ink']>): NonNullable<ShownLetters['ink']> {
  if (!one) return other
  return [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[2], other[2]),
    Math.max(one[3], other[3]),
  ]
}
