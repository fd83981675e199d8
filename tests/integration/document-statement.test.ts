import { existsSync, readFileSync } from 'node:fs'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { composeCertifiedCopy } from '../../electron/document/index.ts'
import type { CertifiedCopyLayout, Rectangle } from '../../electron/document/types.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { check, copyRequest, draw, run, STATEMENT, scannedPage, textOf } from './document-support.ts'

const LINES = [
  'CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH',
  'Số chứng thực 127 quyển số 01/2026-SCT/BS',
  'Ngày 05 tháng 02 năm 2026',
  'NGƯỜI THỰC HIỆN CHỨNG THỰC',
  'KT. CHỦ TỊCH',
  'PHÓ CHỦ TỊCH',
  'Nguyễn Thị Ước Mơ (mẫu)',
]
const SEAL = (36 / 25.4) * 72

/** Size of the last page in points, as poppler reads it. */
function lastPageSize(pdf: string, pageCount: number): { readonly width: number; readonly height: number } {
  const line = run('pdfinfo', '-f', String(pageCount), '-l', String(pageCount), pdf)
  const [, width, height] = /size: +([\d.]+) x ([\d.]+) pts/.exec(line) ?? []
  return { width: Number(width), height: Number(height) }
}

function expectMarks(
  { signatureRectangle: signature, sealRectangle: seal }: CertifiedCopyLayout,
  page: { readonly width: number; readonly height: number },
) {
  const inside = (rectangle: Rectangle) => {
    expect(rectangle.x).toBeGreaterThanOrEqual(0)
    expect(rectangle.y).toBeGreaterThanOrEqual(0)
    expect(rectangle.x + rectangle.width).toBeLessThanOrEqual(page.width)
    expect(rectangle.y + rectangle.height).toBeLessThanOrEqual(page.height)
  }
  inside(signature)
  inside(seal)
  expect(seal.width).toBeCloseTo(SEAL, 6)
  expect(seal.height).toBeCloseTo(SEAL, 6)
  expect((seal.x + seal.width - signature.x) / signature.width).toBeCloseTo(1 / 3, 6)
  expect(seal.x).toBeLessThan(signature.x)
  expect(seal.y + seal.height / 2).toBeCloseTo(signature.y + signature.height / 2, 6)
}

describe('faults', () => {
  test('letters that no font covers are named and no file is made', async () => {
    using folder = temporaryFolder()
    const request = copyRequest([await scannedPage(folder.file('1.jpg'))], {
      statement: { ...STATEMENT, signerName: 'Trần 明 Đức' },
    })
    const attempt = composeCertifiedCopy(request, folder.file('a.pdf'))
    await expect(attempt).rejects.toMatchObject({ code: 'letters-without-font', parameters: { letters: '明' } })
    expect(existsSync(folder.file('a.pdf'))).toBe(false)
  })

  test('a statement that lacks a part is refused by name of the part', async () => {
    using folder = temporaryFolder()
    const page = await scannedPage(folder.file('1.jpg'))
    const wrong = [
      ['number', { ...STATEMENT, number: ' ' }],
      ['book', { ...STATEMENT, book: '' }],
      ['date', { ...STATEMENT, date: '2026-13-05' }],
      ['signerTitle', { ...STATEMENT, signerTitle: [] }],
      ['signerName', { ...STATEMENT, signerName: '\u200b' }],
    ] as const
    for (const [field, statement] of wrong) {
      const attempt = composeCertifiedCopy(copyRequest([page], { statement }), folder.file('a.pdf'))
      await expect(attempt).rejects.toMatchObject({ code: 'statement-invalid', parameters: { field } })
    }
    const seal = composeCertifiedCopy(copyRequest([page], { sealDiameterMm: 0 }), folder.file('a.pdf'))
    await expect(seal).rejects.toMatchObject({ code: 'statement-invalid', parameters: { field: 'seal' } })
  })

  test('a full last page is not written over, also when the last page is asked for', async () => {
    using folder = temporaryFolder()
    const page = await scannedPage(folder.file('1.jpg'), { filled: 0.98 })
    const attempt = composeCertifiedCopy(copyRequest([page], { placement: 'last-page' }), folder.file('a.pdf'))
    await expect(attempt).rejects.toMatchObject({ code: 'statement-no-room' })
  })
})

describe('the statement', () => {
  test.each([
    ['A4', { widthMm: 210, heightMm: 297 }, 1],
    ['A4 landscape', { widthMm: 297, heightMm: 210, filled: 0.45 }, 1],
    ['A5', { widthMm: 148, heightMm: 210, filled: 0.3 }, 1],
    ['A3', { widthMm: 297, heightMm: 420 }, 1],
    ['A4, full', { widthMm: 210, heightMm: 297, filled: 0.98 }, 2],
    ['A5 landscape, full', { widthMm: 210, heightMm: 148, filled: 0.9 }, 2],
    ['an identity card', { widthMm: 85.6, heightMm: 54, filled: 0.1 }, 2],
  ])('stands whole on the last page: %s', async (_, size, pageCount) => {
    using folder = temporaryFolder()
    const out = folder.file('a.pdf')
    const layout = await composeCertifiedCopy(copyRequest([await scannedPage(folder.file('1.jpg'), size)]), out)
    expect(layout).toMatchObject({ pageCount, statementPage: pageCount })
    check(out)
    expect(textOf(out, pageCount)).toEqual(expect.arrayContaining(LINES))
    if (pageCount > 1) expect(textOf(out, 1)).toEqual([])
    expectMarks(layout, lastPageSize(out, pageCount))
    for (const line of run('pdffonts', out).trim().split('\n').slice(2)) {
      expect(line).toMatch(/^[A-Z]{6}\+Tinos-\w+ +CID TrueType +Identity-H +yes yes yes/)
    }
  })

  test('covers nothing that the page shows, and leaves the page as it is', async () => {
    using folder = temporaryFolder()
    const page = await scannedPage(folder.file('1.jpg'), { filled: 0.5 })
    const out = folder.file('a.pdf')
    const { sealRectangle, signatureRectangle } = await composeCertifiedCopy(copyRequest([page]), out)
    expect(readFileSync(out).includes(readFileSync(page.path))).toBe(true)
    const { data, info } = await draw(out, folder.path)
    const bare = await sharp(page.path).resize(info.width, info.height, { fit: 'fill' }).raw().toBuffer()
    let changed = 0
    for (let y = 0; y < info.height * 0.5; y++) {
      for (let x = 0; x < info.width; x++) {
        const at = (y * info.width + x) * 3
        if (Math.abs((data[at] ?? 0) - (bare[at] ?? 0)) > 60) changed++
      }
    }
    expect(changed / (info.width * info.height)).toBeLessThan(0.005)
    for (const mark of [sealRectangle, signatureRectangle]) expect(mark.y + mark.height).toBeLessThan(info.height / 2)
  })

  test('finds its place on the page as the officer turned it', async () => {
    using folder = temporaryFolder()
    const page = await scannedPage(folder.file('1.jpg'), { widthMm: 297, heightMm: 210, filled: 0.9 })
    const upright = {
      ...(await scannedPage(folder.file('2.jpg'), { widthMm: 210, heightMm: 297 })),
      rotation: 180 as const,
    }
    const turned = await composeCertifiedCopy(
      copyRequest([{ ...page, rotation: 90 }], { placement: 'auto' }),
      folder.file('a.pdf'),
    )
    expect(turned.pageCount).toBe(2)
    const layout = await composeCertifiedCopy(copyRequest([upright]), folder.file('b.pdf'))
    expect(layout.pageCount).toBe(1)
    expect(layout.sealRectangle.y).toBeGreaterThan(842 / 2)
  })

  test('goes to a page of its own when that is asked for, with office, title and number of pages', async () => {
    using folder = temporaryFolder()
    const pages = [await scannedPage(folder.file('1.jpg')), await scannedPage(folder.file('2.jpg'))]
    const layout = await composeCertifiedCopy(copyRequest(pages, { placement: 'new-page' }), folder.file('a.pdf'))
    expect(layout).toMatchObject({ pageCount: 3, statementPage: 3 })
    expect(textOf(folder.file('a.pdf'), 3)).toEqual(
      expect.arrayContaining([
        'ỦY BAN NHÂN DÂN XÃ THANH BÌNH (MẪU)',
        'của bản sao điện tử: Giấy khai sinh',
        'Bản sao gồm 2 trang và trang lời chứng này.',
        ...LINES,
      ]),
    )
    expectMarks(layout, lastPageSize(folder.file('a.pdf'), 3))
  })

  test('is the same file for composed and decomposed input, and each time', async () => {
    using folder = temporaryFolder()
    const request = copyRequest([await scannedPage(folder.file('1.jpg'), { filled: 0.98 })])
    const { statement, title } = request
    const decomposed = {
      ...request,
      title: title.normalize('NFD'),
      statement: {
        ...statement,
        officeName: statement.officeName.normalize('NFD'),
        signerTitle: statement.signerTitle.map(line => line.normalize('NFD')),
        signerName: statement.signerName.normalize('NFD'),
      },
    }
    const layouts = [
      await composeCertifiedCopy(request, folder.file('a.pdf')),
      await composeCertifiedCopy(request, folder.file('b.pdf')),
      await composeCertifiedCopy(decomposed, folder.file('c.pdf')),
    ]
    expect(new Set(layouts.map(layout => JSON.stringify(layout))).size).toBe(1)
    const first = readFileSync(folder.file('a.pdf'))
    expect(first.equals(readFileSync(folder.file('b.pdf')))).toBe(true)
    expect(first.equals(readFileSync(folder.file('c.pdf')))).toBe(true)
  })

  test('takes long titles and names on several lines, still inside the page', async () => {
    using folder = temporaryFolder()
    const statement = {
      ...STATEMENT,
      signerTitle: ['TUQ. CHỦ TỊCH', 'GIÁM ĐỐC TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG PHƯỜNG HÒA BÌNH (MẪU)'],
      signerName: 'Công Tằng Tôn Nữ Nguyễn Phước Thị Minh Nguyệt Ánh (mẫu)',
    }
    const request = copyRequest([await scannedPage(folder.file('1.jpg'))], { statement })
    const layout = await composeCertifiedCopy(request, folder.file('a.pdf'))
    expectMarks(layout, lastPageSize(folder.file('a.pdf'), layout.pageCount))
    expect(textOf(folder.file('a.pdf')).join(' ')).toContain(statement.signerTitle[1])
  })
})
