import sharp from 'sharp'
import { between, type Chance } from './paper-ink.ts'

export const SCAN_DPI = 300
const MILLIMETRES_PER_INCH = 25.4
/** Sheets lower than this, cards, have never been folded. */
const SMALLEST_FOLDED = 120

/** A sheet as it is drawn: size in millimetres, colour of the paper, and what is printed on it, as SVG in millimetres. */
export interface Sheet {
  readonly width: number
  readonly height: number
  readonly paper: string
  readonly ink: string
}

export interface ScannedSheet {
  readonly jpeg: Uint8Array
  readonly widthPx: number
  readonly heightPx: number
}

/** Paper laid slightly askew on the glass: its shadow along two edges, the fold, a light from one side. */
function onTheGlass(sheet: Sheet, chance: Chance, widthPx: number, heightPx: number): string {
  const { width, height } = sheet
  const angle = between(chance, 0.12, 0.45) * (chance() < 0.5 ? -1 : 1)
  const shiftX = between(chance, -0.6, 0.6)
  const shiftY = between(chance, -0.6, 0.6)
  const fold = between(chance, 0.47, 0.53) * height
  const turn = `translate(${shiftX.toFixed(3)} ${shiftY.toFixed(3)}) rotate(${angle.toFixed(4)} ${width / 2} ${height / 2})`
  const inset = 0.35
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="0 0 ${width} ${height}"><defs>` +
    '<linearGradient id="light" x1="0" y1="0" x2="1" y2="0.06"><stop offset="0" stop-color="#000" stop-opacity="0.06"/>' +
    '<stop offset="0.12" stop-color="#000" stop-opacity="0"/><stop offset="0.8" stop-color="#000" stop-opacity="0"/><stop offset="0.95" stop-color="#000" stop-opacity="0.015"/>' +
    '<stop offset="1" stop-color="#000" stop-opacity="0.07"/></linearGradient>' +
    '<linearGradient id="fold" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#000" stop-opacity="0"/>' +
    '<stop offset="0.48" stop-color="#000" stop-opacity="0.035"/><stop offset="0.52" stop-color="#fff" stop-opacity="0.06"/>' +
    '<stop offset="1" stop-color="#fff" stop-opacity="0"/></linearGradient></defs>' +
    `<rect width="${width}" height="${height}" fill="#d9d8d4"/>` +
    `<g transform="${turn}">` +
    [1.5, 1, 0.5]
      .map(
        blur =>
          `<rect x="${inset + blur * 0.5}" y="${inset + blur * 0.5}" width="${width - 2 * inset}" height="${height - 2 * inset}" fill="#000" fill-opacity="0.1"/>`,
      )
      .join('') +
    `<rect x="${inset}" y="${inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" fill="${sheet.paper}"/>` +
    sheet.ink +
    (height > SMALLEST_FOLDED
      ? `<rect x="${inset}" y="${(fold - 2).toFixed(2)}" width="${width - 2 * inset}" height="4" fill="url(#fold)"/>`
      : '') +
    '</g>' +
    `<rect width="${width}" height="${height}" fill="url(#light)"/></svg>`
  )
}

/** Grain of sensor and paper: small, even, the same in all three colours. Changes `pixels`. */
function addGrain(pixels: Uint8Array, rowBytes: number, chance: Chance): void {
  const table = Int8Array.from({ length: 8191 }, () => Math.round((chance() + chance() + chance() - 1.5) * 9))
  for (let row = 0; row < pixels.length; row += rowBytes) {
    let at = Math.floor(chance() * table.length)
    for (let index = row; index + 2 < row + rowBytes; index += 3) {
      at = at + 1 === table.length ? 0 : at + 1
      const grain = table[at] ?? 0
      for (let channel = index; channel < index + 3; channel++) {
        pixels[channel] = Math.min(255, Math.max(0, (pixels[channel] ?? 0) + grain))
      }
    }
  }
}

/** Turns a drawn sheet into what a flatbed at 300 dpi would send: JPEG of quality 85. */
export async function scanSheet(sheet: Sheet, chance: Chance): Promise<ScannedSheet> {
  const widthPx = Math.round((sheet.width / MILLIMETRES_PER_INCH) * SCAN_DPI)
  const heightPx = Math.round((sheet.height / MILLIMETRES_PER_INCH) * SCAN_DPI)
  const svg = onTheGlass(sheet, chance, widthPx, heightPx)
  const { data, info } = await sharp(Buffer.from(svg), { unlimited: true })
    .flatten({ background: '#fff' })
    .removeAlpha()
    .blur(0.7)
    .raw()
    .toBuffer({ resolveWithObject: true })
  addGrain(data, info.width * 3, chance)
  const jpeg = await sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
    .withDensity(SCAN_DPI)
    .jpeg({ quality: 85 })
    .toBuffer()
  return { jpeg, widthPx: info.width, heightPx: info.height }
}
