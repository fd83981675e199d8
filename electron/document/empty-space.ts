import { basename } from 'node:path'
import sharp from 'sharp'
import { DocumentError } from './errors.ts'
import type { PageImage, Rectangle } from './types.ts'

/** Side of the squares that are judged empty or not, points. */
const CELL = 6
/** Grey levels (of 255) by which the lightest and darkest point of an empty square may differ: paper grain and compression, not writing. */
const GRAIN = 22
/** Grey levels by which an empty square may differ from the paper on the whole: soft shadows, not a printed ground. */
const SHADE = 26
/** The paper is the lighter part of the page; on anything darker than this nobody could read the statement. */
const DARKEST_PAPER = 160
/** Kept free between the statement and what the page shows, points. */
const AIR = 12
/** Squares kept free above it besides, where there is room for them. */
const EXTRA_AIR_ABOVE = 3

/** Squares of a page in rows from the top, true where something is printed, written or shaded. */
export interface PageMap {
  readonly columns: number
  readonly rows: number
  readonly taken: readonly boolean[]
}

/** Judges the squares of a picture of one pixel per point, three bytes a pixel. Pure. */
export function mapPicture(pixels: Uint8Array, width: number, height: number): PageMap {
  const columns = Math.floor(width / CELL)
  const rows = Math.floor(height / CELL)
  const squares = Array.from({ length: columns * rows }, (_, index) => {
    const left = (index % columns) * CELL
    const top = Math.floor(index / columns) * CELL
    const low = [255, 255, 255]
    const high = [0, 0, 0]
    const sum = [0, 0, 0]
    for (let y = top; y < top + CELL; y++) {
      for (let x = left; x < left + CELL; x++) {
        for (let channel = 0; channel < 3; channel++) {
          const value = pixels[(y * width + x) * 3 + channel] ?? 0
          low[channel] = Math.min(low[channel] ?? 0, value)
          high[channel] = Math.max(high[channel] ?? 0, value)
          sum[channel] = (sum[channel] ?? 0) + value
        }
      }
    }
    const contrast = Math.max(...high.map((value, channel) => value - (low[channel] ?? 0)))
    return { contrast, mean: sum.map(value => value / (CELL * CELL)) }
  })
  const paper = [0, 1, 2].map(channel => {
    const means = squares.map(square => square.mean[channel] ?? 0).sort((one, other) => one - other)
    return means[Math.floor(means.length * 0.9)] ?? 255
  })
  const isDark = paper.reduce((sum, value) => sum + value, 0) / 3 < DARKEST_PAPER
  const taken = squares.map(
    ({ contrast, mean }) =>
      isDark || contrast > GRAIN || mean.some((value, channel) => Math.abs(value - (paper[channel] ?? 255)) > SHADE),
  )
  return { columns, rows, taken }
}

/**
 * Finds room for `width` × `height` points on a page: as far right as it goes (where signatures stand), there in the lowest empty band, and
 * in that close under what stands above. Never nearer than `margin` to the page's edge. Pure.
 * @returns the rectangle in the page's space (origin lower left), or null when there is no room
 */
export function findRoom(
  map: PageMap,
  page: { readonly width: number; readonly height: number },
  size: { readonly width: number; readonly height: number },
  margin: number,
): Rectangle | null {
  const across = Math.ceil((size.width + 2 * AIR) / CELL)
  const down = Math.ceil((size.height + 2 * AIR) / CELL)
  const first = Math.ceil(Math.max(0, margin - AIR) / CELL)
  const lastColumn = Math.floor((page.width - margin + AIR) / CELL) - across
  const lastRow = Math.floor((page.height - margin + AIR) / CELL) - down
  if (lastColumn + across > map.columns || lastRow + down > map.rows) return null

  const stride = map.columns + 1
  const sums = new Uint32Array(stride * (map.rows + 1))
  for (let row = 0; row < map.rows; row++) {
    for (let column = 0; column < map.columns; column++) {
      sums[(row + 1) * stride + column + 1] =
        (map.taken[row * map.columns + column] ? 1 : 0) +
        (sums[row * stride + column + 1] ?? 0) +
        (sums[(row + 1) * stride + column] ?? 0) -
        (sums[row * stride + column] ?? 0)
    }
  }
  const isFree = (column: number, row: number) =>
    (sums[(row + down) * stride + column + across] ?? 0) -
      (sums[row * stride + column + across] ?? 0) -
      (sums[(row + down) * stride + column] ?? 0) +
      (sums[row * stride + column] ?? 0) ===
    0

  for (let column = lastColumn; column >= first; column--) {
    for (let row = lastRow; row >= first; row--) {
      if (!isFree(column, row)) continue
      let top = row
      while (top > first && isFree(column, top - 1)) top--
      top = Math.min(row, top + EXTRA_AIR_ABOVE)
      return {
        x: column * CELL + AIR,
        y: page.height - top * CELL - AIR - size.height,
        width: size.width,
        height: size.height,
      }
    }
  }
  return null
}

/**
 * Draws a page small (one pixel per point, upright) and maps where it is empty.
 * @throws DocumentError image-damaged
 */
export async function mapPage(
  image: PageImage,
  page: { readonly width: number; readonly height: number },
): Promise<PageMap> {
  const width = Math.max(1, Math.floor(page.width))
  const height = Math.max(1, Math.floor(page.height))
  const onSide = image.rotation === 90 || image.rotation === 270
  try {
    const small = await sharp(image.path, { failOn: 'error' })
      .autoOrient()
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .resize(onSide ? height : width, onSide ? width : height, { fit: 'fill' })
      .png({ compressionLevel: 1 })
      .toBuffer()
    const pixels = await sharp(small)
      .rotate(image.rotation ?? 0)
      .removeAlpha()
      .raw()
      .toBuffer()
    return mapPicture(pixels, width, height)
  } catch (cause) {
    throw new DocumentError('image-damaged', { file: basename(image.path) }, { cause })
  }
}
