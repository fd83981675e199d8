import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import sharp from 'sharp'
import type { CertifiedCopyRequest, PageImage, Statement } from '../../electron/document/types.ts'

/** Runs a program of poppler or qpdf and gives what it printed. */
export function run(program: string, ...parameters: readonly string[]): string {
  return execFileSync(program, parameters, { encoding: 'utf8', maxBuffer: 64_000_000 })
}

/** qpdf finds nothing wrong, not even a warning (which would end with code 3). */
export function check(pdf: string): string {
  return run('qpdf', '--check', pdf)
}

/** Text of a PDF as a reader copies it, line by line. */
export function textOf(pdf: string, page?: number): readonly string[] {
  const range = page === undefined ? [] : ['-f', String(page), '-l', String(page)]
  return run('pdftotext', ...range, '-layout', pdf, '-')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
}

/** A page drawn by poppler, one pixel per point. */
export async function draw(pdf: string, folder: string, page = 1) {
  run('pdftoppm', '-r', '72', '-f', String(page), '-l', String(page), '-singlefile', '-png', pdf, join(folder, 'drawn'))
  return sharp(join(folder, 'drawn.png')).removeAlpha().raw().toBuffer({ resolveWithObject: true })
}

/** Average colour of a small square around (x, y), from the upper left corner, of a drawn page. */
export function colourAt(drawn: Awaited<ReturnType<typeof draw>>, x: number, y: number): readonly number[] {
  const { data, info } = drawn
  const samples: number[][] = []
  for (let row = y - 2; row <= y + 2; row++) {
    for (let column = x - 2; column <= x + 2; column++) {
      const at = (row * info.width + column) * info.channels
      samples.push([data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0])
    }
  }
  return [0, 1, 2].map(channel => Math.round(samples.reduce((sum, s) => sum + (s[channel] ?? 0), 0) / samples.length))
}

/** A blank scan with a dark block over its upper part. @param filled part of the height that is taken */
export async function scannedPage(
  path: string,
  { widthMm = 210, heightMm = 297, filled = 0.4, dpi = 150 } = {},
): Promise<PageImage> {
  const widthPx = Math.round((widthMm / 25.4) * dpi)
  const heightPx = Math.round((heightMm / 25.4) * dpi)
  const block = { width: Math.round(widthPx * 0.8), height: Math.max(1, Math.round(heightPx * filled * 0.95)) }
  await sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: '#f7f4ea' } })
    .composite([
      {
        input: { create: { ...block, channels: 3, background: '#404040' } },
        left: Math.round(widthPx * 0.1),
        top: Math.round(heightPx * 0.03),
      },
    ])
    .jpeg({ quality: 80 })
    .toFile(path)
  return { path, mediaType: 'image/jpeg', widthPx, heightPx, dpi }
}

export const STATEMENT: Statement = {
  number: '127',
  book: '01/2026-SCT/BS',
  date: '2026-02-05',
  officeName: 'Ủy ban nhân dân xã Thanh Bình (mẫu)',
  signerTitle: ['KT. CHỦ TỊCH', 'PHÓ CHỦ TỊCH'],
  signerName: 'Nguyễn Thị Ước Mơ (mẫu)',
}

export function copyRequest(
  pages: readonly PageImage[],
  change: Partial<CertifiedCopyRequest> = {},
): CertifiedCopyRequest {
  return {
    form: 1,
    pages,
    statement: STATEMENT,
    placement: 'auto',
    title: 'Giấy khai sinh',
    createdAt: new Date('2026-02-05T02:03:04Z'),
    sealDiameterMm: 36,
    chain: { sequence: 412, hash: 'c0de'.repeat(16) },
    ...change,
  }
}
