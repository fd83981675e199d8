import { createHash } from 'node:crypto'
import { DocumentError } from './errors.ts'
import { type Face, openFace } from './form-1/faces.ts'
import { subsetTrueType } from './form-1/subset.ts'
import type { TrueTypeFont } from './form-1/truetype.ts'
import { hexadecimal, unicodeMap } from './form-1/unicode-map.ts'
import { type ObjectNumber, type PdfWriter, pdfNumber, reference } from './pdf-writer.ts'
import { composeText } from './text.ts'

/** What a font descriptor says of a face beside its measures. */
const FACES = {
  regular: { name: 'Tinos-Regular', flags: 6, italicAngle: 0, stemWidth: 80 },
  bold: { name: 'Tinos-Bold', flags: 6, italicAngle: 0, stemWidth: 140 },
  italic: { name: 'Tinos-Italic', flags: 70, italicAngle: -16.33, stemWidth: 76 },
} as const satisfies Readonly<Record<Face, object>>
const CAP_HEIGHT = 1341

/** Characters of `text` that the font lacks, each once. */
function missingLetters(font: TrueTypeFont, text: string): readonly string[] {
  return [...new Set(text)].filter(letter => font.glyph(letter) === 0)
}

interface UsedGlyph {
  readonly cid: number
  readonly glyph: number
  readonly letter: string
  readonly width: number
}

/**
 * A face as one document uses it: measures text, encodes it, and at the end embeds just the glyphs used, with the Unicode of each, so that
 * the text can be searched and copied. Text is composed (NFC) first, so no shaping is needed and both forms of input give the same page.
 */
export class TextFont {
  readonly face: Face
  readonly #font: TrueTypeFont
  readonly #used = new Map<string, UsedGlyph>()

  constructor(face: Face) {
    this.face = face
    this.#font = openFace(face)
  }

  #letters(text: string): readonly string[] {
    const clean = composeText(text)
    const missing = missingLetters(this.#font, clean)
    if (missing.length > 0) {
      const codes = missing.map(
        letter => `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
      )
      throw new DocumentError('letters-without-font', { letters: missing.join(' '), codes: codes.join(' ') })
    }
    return [...clean]
  }

  /** Width of `text` at `size`, in points. @throws DocumentError letters-without-font */
  width(text: string, size: number): number {
    let units = 0
    for (const letter of this.#letters(text)) units += this.#font.advance(this.#font.glyph(letter))
    return (units * size) / this.#font.unitsPerEm
  }

  /** `text` as the operand of a text-showing operator. @throws DocumentError letters-without-font */
  encode(text: string): string {
    const codes = this.#letters(text).map(letter => {
      const known = this.#used.get(letter)
      if (known) return known.cid
      const glyph = this.#font.glyph(letter)
      const cid = this.#used.size + 1
      this.#used.set(letter, { cid, glyph, letter, width: (this.#font.advance(glyph) * 1000) / this.#font.unitsPerEm })
      return cid
    })
    return `<${codes.map(hexadecimal).join('')}>`
  }

  /** Writes the font as `object`: a composite font of a TrueType subset (ISO 32000-1 §9.7, ISO 19005-2 §6.2.11). */
  async embed(writer: PdfWriter, object: ObjectNumber): Promise<void> {
    const glyphs = [...this.#used.values()]
    const bytes = subsetTrueType(
      this.#font,
      glyphs.map(({ glyph }) => glyph),
    )
    const font = this.#font
    const face = FACES[this.face]
    const scale = (units: number) => pdfNumber((units * 1000) / font.unitsPerEm)
    const name = `${subsetTag(bytes)}+${face.name}`

    const file = writer.reserve()
    await writer.deflatedStream(file, `/Length1 ${bytes.byteLength}`, bytes)
    const descriptor = writer.reserve()
    await writer.object(
      descriptor,
      `<< /Type /FontDescriptor /FontName /${name} /Flags ${face.flags} ` +
        `/FontBBox [${font.box.map(scale).join(' ')}] /ItalicAngle ${pdfNumber(face.italicAngle)} ` +
        `/Ascent ${scale(font.ascent)} /Descent ${scale(font.descent)} /CapHeight ${scale(CAP_HEIGHT)} ` +
        `/StemV ${face.stemWidth} /FontFile2 ${reference(file)} >>`,
    )
    const descendant = writer.reserve()
    await writer.object(
      descendant,
      `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${name} /CIDToGIDMap /Identity ` +
        '/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> ' +
        `/FontDescriptor ${reference(descriptor)} /W [${glyphs.map(({ cid, width }) => `${cid} [${pdfNumber(width)}]`).join(' ')}] >>`,
    )
    const unicode = writer.reserve()
    await writer.deflatedStream(unicode, '', unicodeMap(glyphs.map(({ letter }) => letter)))
    await writer.object(
      object,
      `<< /Type /Font /Subtype /Type0 /BaseFont /${name} /Encoding /Identity-H /DescendantFonts [${reference(descendant)}] ` +
        `/ToUnicode ${reference(unicode)} >>`,
    )
  }
}

/** Six capitals before the name of a subset (ISO 32000-1 §9.6.4), taken from its bytes so that equal subsets have equal names. */
function subsetTag(bytes: Uint8Array): string {
  const digest = createHash('sha256').update(bytes).digest()
  return [...digest.subarray(0, 6)].map(byte => String.fromCharCode(65 + (byte % 26))).join('')
}
