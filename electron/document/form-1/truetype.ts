export type Box = readonly [left: number, bottom: number, right: number, top: number]

/** A TrueType font as far as setting and reading text needs it (OpenType 1.9). Lengths in units of the font. */
export interface TrueTypeFont {
  readonly unitsPerEm: number
  readonly ascent: number
  readonly descent: number
  /** Around all glyphs. */
  readonly box: Box
  readonly tables: ReadonlyMap<string, Buffer>
  /** Number of the glyph that draws a character; 0 where the font has none. */
  glyph(letter: string): number
  advance(glyph: number): number
  leftBearing(glyph: number): number
  /** The glyph's description in table glyf; empty where it draws nothing. */
  outline(glyph: number): Buffer
  /** Around one glyph; null where it draws nothing. */
  glyphBox(glyph: number): Box | null
}

/** @param file a sound font with glyf outlines and a cmap of format 4 */
export function openTrueType(file: Uint8Array): TrueTypeFont {
  const tables = readTables(Buffer.from(file.buffer, file.byteOffset, file.byteLength))
  const table = (name: string): Buffer => {
    const bytes = tables.get(name)
    if (!bytes) throw new Error(`the font has no table ${name}`)
    return bytes
  }
  const [head, hhea, hmtx, loca, glyf] = [table('head'), table('hhea'), table('hmtx'), table('loca'), table('glyf')]
  const glyphs = readCharacters(table('cmap'))
  const metrics = hhea.readUInt16BE(34)
  const longOffsets = head.readInt16BE(50) === 1
  const offset = (glyph: number) => (longOffsets ? loca.readUInt32BE(glyph * 4) : loca.readUInt16BE(glyph * 2) * 2)
  const outline = (glyph: number) => glyf.subarray(offset(glyph), offset(glyph + 1))
  return {
    unitsPerEm: head.readUInt16BE(18),
    ascent: hhea.readInt16BE(4),
    descent: hhea.readInt16BE(6),
    box: readBox(head, 36),
    tables,
    glyph: letter => glyphs.get(letter.codePointAt(0) ?? 0) ?? 0,
    advance: glyph => hmtx.readUInt16BE(Math.min(glyph, metrics - 1) * 4),
    leftBearing: glyph => hmtx.readInt16BE(glyph < metrics ? glyph * 4 + 2 : metrics * 4 + (glyph - metrics) * 2),
    outline,
    glyphBox: glyph => {
      const description = outline(glyph)
      return description.length === 0 ? null : readBox(description, 2)
    },
  }
}

function readTables(font: Buffer): ReadonlyMap<string, Buffer> {
  const tables = new Map<string, Buffer>()
  for (let index = 0; index < font.readUInt16BE(4); index++) {
    const entry = 12 + index * 16
    const start = font.readUInt32BE(entry + 8)
    tables.set(font.toString('latin1', entry, entry + 4), font.subarray(start, start + font.readUInt32BE(entry + 12)))
  }
  return tables
}

function readBox(bytes: Buffer, at: number): Box {
  return [bytes.readInt16BE(at), bytes.readInt16BE(at + 2), bytes.readInt16BE(at + 4), bytes.readInt16BE(at + 6)]
}

/** Glyph numbers by character, from the segments of the subtable for Unicode's first plane (platform 3, encoding 1, format 4). */
function readCharacters(cmap: Buffer): ReadonlyMap<number, number> {
  const found = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) => 4 + index * 8).find(
    entry => cmap.readUInt16BE(entry) === 3 && cmap.readUInt16BE(entry + 2) === 1,
  )
  const subtable = cmap.subarray(found === undefined ? cmap.length : cmap.readUInt32BE(found + 4))
  if (subtable.length === 0 || subtable.readUInt16BE(0) !== 4) throw new Error('the font has no cmap of format 4')
  const size = subtable.readUInt16BE(6)
  const [ends, starts, deltas, ranges] = [14, 16 + size, 16 + 2 * size, 16 + 3 * size]
  const glyphs = new Map<number, number>()
  for (let segment = 0; segment < size; segment += 2) {
    const range = subtable.readUInt16BE(ranges + segment)
    const delta = subtable.readUInt16BE(deltas + segment)
    const start = subtable.readUInt16BE(starts + segment)
    const end = Math.min(subtable.readUInt16BE(ends + segment), 0xfffe)
    for (let character = start; character <= end; character++) {
      const listed = range === 0 ? character : subtable.readUInt16BE(ranges + segment + range + 2 * (character - start))
      const glyph = range !== 0 && listed === 0 ? 0 : (listed + delta) & 0xffff
      if (glyph !== 0) glyphs.set(character, glyph)
    }
  }
  return glyphs
}
