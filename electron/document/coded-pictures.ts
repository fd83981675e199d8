/** What the codings of scanners' pictures say of their size, and whether they are whole, read from their frame alone. */

export interface CodedPicture {
  readonly pixels: number
}

const END_OF_CODESTREAM = Buffer.from([0xff, 0xd9])

/** A JPEG 2000 (ITU-T T.800 Annex A): its SIZ marker, and an end, which no other bytes of it can spell. @returns null where it is cut or none */
export function readJpx(bytes: Uint8Array): CodedPicture | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const at = view.indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]))
  if (at < 0 || at + 24 > view.length || view.indexOf(END_OF_CODESTREAM, at) < 0) return null
  const side = (from: number) => Math.max(0, view.readUInt32BE(at + from) - view.readUInt32BE(at + from + 8))
  return { pixels: side(8) * side(12) }
}

/** Kinds of segments (ITU-T T.88 §7.3): the page, and the regions that are drawn at once, with the least bytes of their heads (§7.4). */
const PAGE_INFORMATION = 48
const REGION_HEADS: ReadonlyMap<number, number> = new Map([
  [6, 19],
  [7, 19],
  [22, 34],
  [23, 34],
  [38, 18],
  [39, 18],
  [42, 18],
  [43, 18],
])
const UNKNOWN = 0xffffffff

/**
 * A JBIG2 as it is embedded in a PDF: segments, each whole, with a page and at least one region that has data.
 * @returns null where it is cut or none
 */
export function readJbig2(bytes: Uint8Array): CodedPicture | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let pixels = 0
  let drawn = false
  try {
    while (at < view.length) {
      const number = view.readUInt32BE(at)
      const head = view.readUInt8(at + 4)
      const kind = head & 0x3f
      const short = view.readUInt8(at + 5) >> 5
      const count = short === 7 ? view.readUInt32BE(at + 5) & 0x1fffffff : short
      at += short === 7 ? 9 + Math.ceil((count + 1) / 8) : 6
      at += count * (number <= 256 ? 1 : number <= 65536 ? 2 : 4) + (head & 0x40 ? 4 : 1)
      const length = view.readUInt32BE(at)
      at += 4
      const least = REGION_HEADS.get(kind)
      if (kind === PAGE_INFORMATION) {
        const height = view.readUInt32BE(at + 4)
        pixels = Math.max(pixels, view.readUInt32BE(at) * (height === UNKNOWN ? 1 : height))
      }
      if (least !== undefined) {
        const flags = view.readUInt8(at + 17)
        // A generic region (§7.4.6) names the pixels that it adapts to, unless it is coded as a fax.
        const adaptive = kind === 38 || kind === 39 ? adaptivePixels(flags) : 0
        if (length <= least + adaptive) return null
        pixels = Math.max(pixels, view.readUInt32BE(at) * view.readUInt32BE(at + 4))
        drawn = true
      }
      // Only the last region of a scan that was written while it came has no length.
      if (length === UNKNOWN) break
      at += length
      if (at > view.length) return null
    }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
  return drawn ? { pixels } : null
}

const adaptivePixels = (flags: number): number => (flags & 1 ? 0 : (flags & 6) === 0 ? 8 : 2)

const TIFF_LONG = 4

/** A Group 4 fax (ITU-T T.6) as a TIFF of one strip, which a reader of pictures can judge. */
export function faxAsTiff(data: Uint8Array, columns: number, rows: number): Uint8Array {
  const entries = [
    [256, columns],
    [257, rows],
    [258, 1],
    [259, 4],
    [262, 0],
    [273, 0],
    [277, 1],
    [278, rows],
    [279, data.byteLength],
  ] as const
  const head = Buffer.alloc(8 + 2 + entries.length * 12 + 4)
  head.write('II*\0', 'latin1')
  head.writeUInt32LE(8, 4)
  head.writeUInt16LE(entries.length, 8)
  for (const [index, [tag, value]] of entries.entries()) {
    const at = 10 + index * 12
    head.writeUInt16LE(tag, at)
    head.writeUInt16LE(TIFF_LONG, at + 2)
    head.writeUInt32LE(1, at + 4)
    head.writeUInt32LE(tag === 273 ? head.length : value, at + 8)
  }
  return Buffer.concat([head, data])
}
