import { type Face, openFace } from './faces.ts'
import { subsetTrueType } from './subset.ts'
import type { Box } from './truetype.ts'
import { unicodeMap } from './unicode-map.ts'

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
  readonly ink: Box | null
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
  if (unicodeMap(letters) !== font.unicode) return null

  const tinos = openFace(face)
  const em = tinos.unitsPerEm
  const glyphs = letters.map(letter => tinos.glyph(letter))
  const asWide = glyphs.every(
    (glyph, index) => Math.abs((tinos.advance(glyph) * 1000) / em - (font.widths[index] ?? -1)) < 0.01,
  )
  if (!asWide || !Buffer.from(subsetTrueType(tinos, glyphs)).equals(font.program)) return null
  return {
    read: codes => {
      let [text, width] = ['', 0]
      let ink: Box | null = null
      for (const code of codes.match(/.{4}/g) ?? []) {
        const index = Number.parseInt(code, 16) - 1
        const [letter, glyph] = [letters[index], glyphs[index]]
        if (letter === undefined || glyph === undefined) return null
        const box = tinos.glyphBox(glyph)
        if (box) ink = around(ink, [width + box[0], box[1], width + box[2], box[3]])
        text += letter
        width += tinos.advance(glyph)
      }
      const [left, bottom, right, top] = ink ?? [0, 0, 0, 0]
      return {
        text: text.normalize('NFC'),
        width: width / em,
        ink: ink && [left / em, bottom / em, right / em, top / em],
      }
    },
  }
}

/** The smallest box around both. */
function around(one: Box | null, other: Box): Box {
  if (!one) return other
  return [
    Math.min(one[0], other[0]),
    Math.min(one[1], other[1]),
    Math.max(one[2], other[2]),
    Math.max(one[3], other[3]),
  ]
}
