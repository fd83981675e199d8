import type { TrueTypeFont } from './truetype.ts'

/** Tables a TrueType font inside a PDF must have (ISO 32000-1 §9.9), those that hold one entry per glyph made anew. */
const KEPT_TABLES = ['cvt ', 'fpgm', 'prep'] as const

/** Flags of a component of a composite glyph (OpenType, glyf table). */
const ARGUMENTS_ARE_WORDS = 0x0001
const HAS_SCALE = 0x0008
const MORE_COMPONENTS = 0x0020
const HAS_TWO_SCALES = 0x0040
const HAS_MATRIX = 0x0080

/** Positions, within a composite glyph, of the glyph numbers it is made of; none in a simple glyph. */
function componentPositions(glyph: Buffer): readonly number[] {
  if (glyph.length < 10 || glyph.readInt16BE(0) >= 0) return []
  const positions: number[] = []
  let position = 10
  let flags: number
  do {
    flags = glyph.readUInt16BE(position)
    positions.push(position + 2)
    position += 4 + (flags & ARGUMENTS_ARE_WORDS ? 4 : 2)
    position += flags & HAS_SCALE ? 2 : flags & HAS_TWO_SCALES ? 4 : flags & HAS_MATRIX ? 8 : 0
  } while (flags & MORE_COMPONENTS)
  return positions
}

function padded(bytes: Buffer): Buffer {
  return bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))])
}

function checksum(table: Buffer): number {
  const words = padded(table)
  let sum = 0
  for (let position = 0; position < words.length; position += 4) sum = (sum + words.readUInt32BE(position)) >>> 0
  return sum
}

function buildFont(tables: ReadonlyMap<string, Buffer>): Buffer {
  const names = [...tables.keys()].sort()
  const power = 2 ** Math.floor(Math.log2(names.length))
  const header = Buffer.alloc(12 + names.length * 16)
  header.writeUInt32BE(0x0001_0000, 0)
  header.writeUInt16BE(names.length, 4)
  header.writeUInt16BE(power * 16, 6)
  header.writeUInt16BE(Math.log2(power), 8)
  header.writeUInt16BE((names.length - power) * 16, 10)
  const parts: Buffer[] = [header]
  let start = header.length
  names.forEach((name, index) => {
    const table = tables.get(name) ?? Buffer.alloc(0)
    header.write(name, 12 + index * 16, 'latin1')
    header.writeUInt32BE(checksum(table), 16 + index * 16)
    header.writeUInt32BE(start, 20 + index * 16)
    header.writeUInt32BE(table.length, 24 + index * 16)
    parts.push(padded(table))
    start += padded(table).length
  })
  return Buffer.concat(parts)
}

/**
 * A TrueType font with only `glyphs`, numbered 1, 2, … in their order (0 stays the sign for a missing letter), and the parts that composite
 * letters such as "ế" are made of after them. Offsets are always four bytes wide, so glyphs of odd length stay whole.
 */
export function subsetTrueType(font: TrueTypeFont, glyphs: readonly number[]): Uint8Array {
  const order = [0, ...glyphs]
  const numbers = new Map(order.map((glyph, index) => [glyph, index]))
  const outlines: Buffer[] = []
  for (let index = 0; index < order.length; index++) {
    const outline = Buffer.from(font.outline(order[index] ?? 0))
    for (const position of componentPositions(outline)) {
      const component = outline.readUInt16BE(position)
      const number = numbers.get(component) ?? order.push(component) - 1
      numbers.set(component, number)
      outline.writeUInt16BE(number, position)
    }
    outlines.push(padded(outline))
  }

  const loca = Buffer.alloc((order.length + 1) * 4)
  let end = 0
  outlines.forEach((outline, index) => {
    end += outline.length
    loca.writeUInt32BE(end, (index + 1) * 4)
  })
  const hmtx = Buffer.alloc(order.length * 4)
  order.forEach((glyph, index) => {
    hmtx.writeUInt16BE(font.advance(glyph), index * 4)
    hmtx.writeInt16BE(font.leftBearing(glyph), index * 4 + 2)
  })
  const table = (name: string) => Buffer.from(font.tables.get(name) ?? [])
  const [head, hhea, maxp] = [table('head'), table('hhea'), table('maxp')]
  hhea.writeUInt16BE(order.length, 34)
  maxp.writeUInt16BE(order.length, 4)
  head.writeInt16BE(1, 50)
  head.writeUInt32BE(0, 8)

  const made = new Map<string, Buffer>([
    ['head', head],
    ['hhea', hhea],
    ['maxp', maxp],
    ['hmtx', hmtx],
    ['loca', loca],
    ['glyf', Buffer.concat(outlines)],
  ])
  for (const name of KEPT_TABLES) {
    const bytes = font.tables.get(name)
    if (bytes) made.set(name, bytes)
  }
  // The sum over the whole file, with this field nought, makes up to 0xB1B0AFBA (OpenType, head table).
  head.writeUInt32BE((0xb1b0afba - checksum(buildFont(made)) + 0x1_0000_0000) % 0x1_0000_0000, 8)
  return buildFont(made)
}
