import sharp from 'sharp'
import { composePages } from '../../electron/document/index.ts'
import type { TemporaryFolder } from '../support/temporary-folder.ts'

/** A scanned document of which the size counts, not what it shows. */
export interface Scan {
  readonly megabytes: number
  readonly pages: number
}

export const SCANS: readonly Scan[] = [
  { megabytes: 1, pages: 1 },
  { megabytes: 11, pages: 10 },
  { megabytes: 110, pages: 100 },
  { megabytes: 1000, pages: 900 },
]

/** Makes scans: A4 at 300 dpi, colour, one JPEG of 1.1 MB a page. */
export async function scanMaker(folder: TemporaryFolder): Promise<(scan: Scan, path: string) => Promise<void>> {
  const path = folder.file('page.jpg')
  const [widthPx, heightPx, dpi] = [2480, 3508, 300]
  // paper is never even: this much noise gives the size that scanners' files have
  const noise = { type: 'gaussian', mean: 225, sigma: 6.7 } as const
  await sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: '#fff', noise } })
    .jpeg({ quality: 85 })
    .toFile(path)
  const properties = { title: 'Bản quét (mẫu)', createdAt: new Date(0) }
  return async ({ pages }, out) => {
    const page = { path, mediaType: 'image/jpeg', widthPx, heightPx, dpi } as const
    await composePages(
      Array.from({ length: pages }, () => page),
      properties,
      out,
    )
  }
}
