// Draws the program's icons from resources/icons/icon.svg: PNG files by size for Linux, one ICO file for Windows. Their results are kept in
// the repository, so that packing needs nothing of this: `node scripts/icons.mjs` after the drawing was changed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'resources', 'icons')
const drawing = join(folder, 'icon.svg')
const LINUX = [16, 24, 32, 48, 64, 128, 256, 512]
const WINDOWS = [16, 24, 32, 48, 64, 128, 256]

/** The SVG is drawn anew for each size, so that thin lines stay sharp. */
const png = size =>
  sharp(drawing, { density: (72 * size) / 512 })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toBuffer()

/** ICO: a head, one entry of 16 bytes for each picture, then the pictures as PNG, which Windows reads since Vista. */
function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = head.length
  for (const [index, { size, bytes }] of pictures.entries()) {
    const entry = 6 + 16 * index
    // 256 is written as 0.
    head.writeUInt8(size % 256, entry)
    head.writeUInt8(size % 256, entry + 1)
    head.writeUInt16LE(1, entry + 4)
    head.writeUInt16LE(32, entry + 6)
    head.writeUInt32LE(bytes.length, entry + 8)
    head.writeUInt32LE(offset, entry + 12)
    offset += bytes.length
  }
  return Buffer.concat([head, ...pictures.map(({ bytes }) => bytes)])
}

mkdirSync(join(folder, 'linux'), { recursive: true })
for (const size of LINUX) writeFileSync(join(folder, 'linux', `${size}x${size}.png`), await png(size))
writeFileSync(
  join(folder, 'icon.ico'),
  ico(await Promise.all(WINDOWS.map(async size => ({ size, bytes: await png(size) })))),
)
