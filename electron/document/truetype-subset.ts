/** Tables a TrueType font inside a PDF must have (ISO 32000-1 §9.9), those that hold one entry per glyph made anew. */
const KEPT_TABLES = ['cvt ', 'fpgm', 'prep'] as const

/** Flags of a component of a composite glyph (OpenType, glyf table). */
const ARGUMENTS_ARE_WORDS = 0x0001
const HAS_SCALE = 0x0008
const MORE_COMPONENTS = 0x0020
const HAS_TWO_SCALES = 0x0040
const HAS_MATRIX = 0x0080

function readTables(font: Buffer): ReadonlyMap<string, Buffer> {
  const tables = new Map<string, Buffer>()
  for (let index = 0; index < font.readUInt16BE(4); index++) {
    const entry = 12 + index * 16
    const start = font.readUInt32BE(entry + 8)
    tables.set(font.toString('latin1', entry, entry + 4), font.subarray(start, start + font.readUInt32BE(entry + 12)))
  }
  return tables
}

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

function checksum(table: Buffer): number {
  let sum = 0
  for (let position = 0; position < table.length; position += 4) {
    let word = 0
    for (let byte = 0; byte < 4; byte++) word = word * 256 + (table[position + byte] ?? 0)
    sum = (sum + word) % 0x1_0000_0000
  }
  return sum
}

function padded(bytes: Buffer): Buffer {
  return bytes.length % 4 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(4 - (bytes.length % 4))])
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
 * @param fontFile a sound font with glyf outlines
 */
export function subsetTrueType(fontFile: Uint8Array, glyphs: readonly number[]): Uint8Array {
  const tables = readTables(Buffer.from(fontFile.buffer, fontFile.byteOffset, fontFile.byteLength))
  const table = (name: string): Buffer => {
    const bytes = tables.get(name)
    if (!bytes) throw new Error(`the font has no table ${name}`)
    return bytes
  }
  const head = Buffer.from(table('head'))
  const longOffsets = head.readInt16BE(50) === 1
  const offset = (glyph: number) =>
    longOffsets ? table('loca').readUInt32BE(glyph * 4) : table('loca').readUInt16BE(glyph * 2) * 2

  const order = [0, ...glyphs]
  const numbers = new Map(order.map((glyph, index) => [glyph, index]))
  const outlines: Buffer[] = []
  for (let index = 0; index < order.length; index++) {
    const glyph = order[index] ?? 0
    const outline = Buffer.from(table('glyf').subarray(offset(glyph), offset(glyph + 1)))
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
  const metrics = table('hhea').readUInt16BE(34)
  const hmtx = Buffer.alloc(order.length * 4)
  order.forEach((glyph, index) => {
    const advance = table('hmtx').readUInt16BE(Math.min(glyph, metrics - 1) * 4)
    const bearing = table('hmtx').readInt16BE(glyph < metrics ? glyph * 4 + 2 : metrics * 4 + (glyph - metrics) * 2)
    hmtx.writeUInt16BE(advance, index * 4)
    hmtx.writeInt16BE(bearing, index * 4 + 2)
  })
  const hhea = Buffer.from(table('hhea'))
  hhea.writeUInt16BE(order.length, 34)
  const maxp = Buffer.from(table('maxp'))
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
    const bytes = tables.get(name)
    if (bytes) made.set(name, bytes)
  }
  // The sum over the whole file, with this field nought, makes up to 0xB1B0AFBA (OpenType, head table).
  head.writeUInt32BE((0xb1b0afba - checksum(buildFont(made)) + 0x1_0000_0000) % 0x1_0000_0000, 8)
  return buildFont(made)
}
