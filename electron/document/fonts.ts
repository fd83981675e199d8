import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fontkit, { type Font } from '@pdf-lib/fontkit'
import { DocumentError } from './errors.ts'
import { type ObjectNumber, type PdfWriter, pdfNumber, reference } from './pdf-writer.ts'
import { composeText } from './text.ts'
import { subsetTrueType } from './truetype-subset.ts'

/** Tinos has the widths of Times New Roman, which NĐ 30/2020 Phụ lục I asks for, and every Vietnamese letter. */
const FACES = {
  regular: { file: '400Regular/Tinos_400Regular.ttf', stemWidth: 80 },
  bold: { file: '700Bold/Tinos_700Bold.ttf', stemWidth: 140 },
  italic: { file: '400Regular_Italic/Tinos_400Regular_Italic.ttf', stemWidth: 76 },
} as const

export type Face = keyof typeof FACES

const packages = createRequire(import.meta.url)

/** The file of a face of Tinos. */
export function readFace(face: Face): Uint8Array {
  return readFileSync(packages.resolve(`@expo-google-fonts/tinos/${FACES[face].file}`))
}

/** Characters of `text` that the font lacks, each once. */
function missingLetters(font: Font, text: string): readonly string[] {
  return [...new Set(text)].filter(letter => !font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0))
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
  readonly #file: Uint8Array
  readonly #font: Font
  readonly #used = new Map<string, UsedGlyph>()

  constructor(face: Face) {
    this.face = face
    this.#file = readFace(face)
    this.#font = fontkit.create(Buffer.from(this.#file))
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
    for (const letter of this.#letters(text)) {
      units += this.#font.glyphForCodePoint(letter.codePointAt(0) ?? 0).advanceWidth
    }
    return (units * size) / this.#font.unitsPerEm
  }

  /** `text` as the operand of a text-showing operator. @throws DocumentError letters-without-font */
  encode(text: string): string {
    const codes = this.#letters(text).map(letter => {
      const known = this.#used.get(letter)
      if (known) return known.cid
      const glyph = this.#font.glyphForCodePoint(letter.codePointAt(0) ?? 0)
      const cid = this.#used.size + 1
      this.#used.set(letter, {
        cid,
        glyph: glyph.id,
        letter,
        width: (glyph.advanceWidth * 1000) / this.#font.unitsPerEm,
      })
      return cid
    })
    return `<${codes.map(hexadecimal).join('')}>`
  }

  /** Writes the font as `object`: a composite font of a TrueType subset (ISO 32000-1 §9.7, ISO 19005-2 §6.2.11). */
  async embed(writer: PdfWriter, object: ObjectNumber): Promise<void> {
    const glyphs = [...this.#used.values()]
    const bytes = subsetTrueType(
      this.#file,
      glyphs.map(({ glyph }) => glyph),
    )
    const font = this.#font
    const scale = (units: number) => pdfNumber((units * 1000) / font.unitsPerEm)
    const name = `${subsetTag(bytes)}+${font.postscriptName}`

    const file = writer.reserve()
    await writer.deflatedStream(file, `/Length1 ${bytes.byteLength}`, bytes)
    const descriptor = writer.reserve()
    const { minX, minY, maxX, maxY } = font.bbox
    await writer.object(
      descriptor,
      `<< /Type /FontDescriptor /FontName /${name} /Flags ${this.face === 'italic' ? 70 : 6} ` +
        `/FontBBox [${[minX, minY, maxX, maxY].map(scale).join(' ')}] /ItalicAngle ${pdfNumber(font.italicAngle)} ` +
        `/Ascent ${scale(font.ascent)} /Descent ${scale(font.descent)} /CapHeight ${scale(font.capHeight)} ` +
        `/StemV ${FACES[this.face].stemWidth} /FontFile2 ${reference(file)} >>`,
    )
    const descendant = writer.reserve()
    await writer.object(
      descendant,
      `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${name} /CIDToGIDMap /Identity ` +
        '/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> ' +
        `/FontDescriptor ${reference(descriptor)} /W [${glyphs.map(({ cid, width }) => `${cid} [${pdfNumber(width)}]`).join(' ')}] >>`,
    )
    const unicode = writer.reserve()
    await writer.deflatedStream(unicode, '', unicodeMap(glyphs))
    await writer.object(
      object,
      `<< /Type /Font /Subtype /Type0 /BaseFont /${name} /Encoding /Identity-H /DescendantFonts [${reference(descendant)}] ` +
        `/ToUnicode ${reference(unicode)} >>`,
    )
  }
}

function hexadecimal(code: number): string {
  return code.toString(16).toUpperCase().padStart(4, '0')
}

/** Six capitals before the name of a subset (ISO 32000-1 §9.6.4), taken from its bytes so that equal subsets have equal names. */
function subsetTag(bytes: Uint8Array): string {
  const digest = createHash('sha256').update(bytes).digest()
  return [...digest.subarray(0, 6)].map(byte => String.fromCharCode(65 + (byte % 26))).join('')
}

/** ToUnicode CMap (ISO 32000-1 §9.10.3); a block holds at most 100 entries. */
export function unicodeMap(glyphs: readonly Pick<UsedGlyph, 'cid' | 'letter'>[]): string {
  const entries = glyphs.map(
    ({ cid, letter }) =>
      `<${hexadecimal(cid)}> <${Buffer.from(letter, 'utf16le').swap16().toString('hex').toUpperCase()}>`,
  )
  const blocks: string[] = []
  for (let start = 0; start < entries.length; start += 100) {
    const block = entries.slice(start, start + 100)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
${blocks.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`
}
