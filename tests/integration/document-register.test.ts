import { readFileSync } from 'node:fs'
import ExcelJS from 'exceljs'
import { describe, expect, test } from 'vitest'
import {
  type RegisterPrint,
  type RegisterRow,
  renderRegisterPdf,
  renderRegisterXlsx,
} from '../../electron/document/index.ts'
import { registerText } from '../../electron/document/legal-text.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { check, run, textOf } from './document-support.ts'

const TITLES = [
  'Giấy khai sinh',
  'Bằng tốt nghiệp',
  'Giấy chứng nhận kết hôn',
  'Quyết định về việc công nhận tổ hợp tác (mẫu)',
]

function row(index: number): RegisterRow {
  return {
    number: String(index + 1).padStart(2, '0'),
    book: '01/2026-SCT/BS',
    date: `2026-11-${String(1 + (index % 28)).padStart(2, '0')}`,
    requesterName: 'Nguyễn Thị Ước Mơ (mẫu)',
    title: TITLES[index % TITLES.length] ?? '',
    signer: 'Lê Đức Thắng (mẫu), Chủ tịch',
    copyCount: 1,
    fee: 4000,
    note: '',
    state: 'certified',
  }
}

const PRINT: RegisterPrint = {
  officeName: 'Ủy ban nhân dân xã Thanh Bình (mẫu)',
  books: [{ label: '01/2026-SCT/BS', openedAt: new Date('2026-01-01T18:00:00Z'), closedAt: null }],
  from: '2026-11-01',
  to: '2026-11-30',
  rows: Array.from({ length: 60 }, (_, index) =>
    index === 6
      ? { ...row(index), state: 'void', note: 'Hủy số: người yêu cầu rút hồ sơ', copyCount: 0, fee: 0 }
      : row(index),
  ),
  audit: { sequence: 412, hash: 'ab'.repeat(32) },
  printedAt: new Date('2026-11-30T10:00:00Z'),
}

describe('the register as PDF', () => {
  test('has cover, all numbers with none missing, the head on each page, page numbers and the closing count', async () => {
    using folder = temporaryFolder()
    const out = folder.file('register.pdf')
    const { pageCount } = await renderRegisterPdf(PRINT, out)
    check(out)
    expect(run('pdfinfo', out)).toMatch(/Page size: +841\.89 x 595\.2\d+ pts/)
    expect(textOf(out, 1)).toEqual([
      'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM',
      'Độc lập - Tự do - Hạnh phúc',
      'ỦY BAN NHÂN DÂN XÃ THANH BÌNH (MẪU)',
      'SỔ CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH',
      'Từ ngày 01/11/2026 đến ngày 30/11/2026',
      'Quyển số: 01/2026-SCT/BS',
      expect.stringMatching(/^Mở sổ ngày 02\/01\/2026 +Khóa sổ ngày …/),
    ])
    const numbers: string[] = []
    for (let page = 2; page <= pageCount; page++) {
      const lines = textOf(out, page)
      expect(lines.some(line => /^\(1\) +\(2\) +\(3\) +\(4\) +\(5\) +\(6\) +\(7\) +\(8\)$/.test(line))).toBe(true)
      expect(lines.at(-1)).toBe(`Trang ${page - 1}/${pageCount - 1}`)
      numbers.push(...lines.flatMap(line => /^(\d{2}) +\d{2}\/11\/2026 /.exec(line)?.[1] ?? []))
    }
    expect(numbers).toEqual(PRINT.rows.map(({ number }) => number))
    const text = textOf(out).join(' ').replace(/ +/g, ' ')
    expect(text).toContain('Cộng: 60 số chứng thực, trong đó 1 số đã hủy; 59 bản sao đã được chứng thực.')
    expect(text).toContain('Tổng số phí chứng thực: 236.000 đồng.')
    expect(text).toContain(`đến sự kiện số 412, mã băm ${'ab'.repeat(32)}`)
    expect(text).toContain('NGƯỜI THỰC HIỆN CHỨNG THỰC')
  })

  test('is the same file each time; a month without work and an endless title are printed too', async () => {
    using folder = temporaryFolder()
    await renderRegisterPdf(PRINT, folder.file('a.pdf'))
    await renderRegisterPdf(PRINT, folder.file('b.pdf'))
    expect(readFileSync(folder.file('a.pdf')).equals(readFileSync(folder.file('b.pdf')))).toBe(true)

    await renderRegisterPdf({ ...PRINT, rows: [] }, folder.file('empty.pdf'))
    expect(textOf(folder.file('empty.pdf'))).toContain('Không phát sinh việc chứng thực bản sao.')

    const title = Array.from({ length: 400 }, (_, index) => `từ${index}`).join(' ')
    await renderRegisterPdf({ ...PRINT, rows: [{ ...row(0), title }] }, folder.file('long.pdf'))
    check(folder.file('long.pdf'))
    const words = textOf(folder.file('long.pdf')).join(' ').match(/từ\d+/g)
    expect(words).toEqual(title.split(' '))
  })
})

describe('the register as workbook', () => {
  test('has the form’s columns, real days and amounts, and repeats its head when printed', async () => {
    using folder = temporaryFolder()
    await renderRegisterXlsx(PRINT, folder.file('register.xlsx'))
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.readFile(folder.file('register.xlsx'))
    const sheet = workbook.worksheets[0]
    expect(sheet?.getRow(5).values).toEqual([undefined, ...Object.values(registerText().columns)])
    expect(sheet?.pageSetup.printTitlesRow).toBe('5:6')
    expect(sheet?.pageSetup).toMatchObject({ orientation: 'landscape', paperSize: 9 })
    const first = sheet?.getRow(7)
    expect(first?.getCell(2).value).toEqual(new Date('2026-11-01T00:00:00Z'))
    expect(first?.getCell(2).numFmt).toBe('dd/mm/yyyy')
    expect([first?.getCell(1).value, first?.getCell(6).value, first?.getCell(7).value]).toEqual(['01', 1, 4000])
    const voided = sheet?.getRow(13)
    expect([voided?.getCell(6).value, voided?.getCell(8).value]).toEqual([null, 'Hủy số: người yêu cầu rút hồ sơ'])
    expect(sheet?.getRow(7 + 60 + 1).getCell(1).value).toContain('60 số chứng thực')
  })

  test('takes a title that looks like a formula as a title', async () => {
    using folder = temporaryFolder()
    await renderRegisterXlsx(
      { ...PRINT, rows: [{ ...row(0), title: '=HYPERLINK("http://example.com")' }] },
      folder.file('a.xlsx'),
    )
    const workbook = new ExcelJS.Workbook()
    await workbook.xlsx.readFile(folder.file('a.xlsx'))
    const cell = workbook.worksheets[0]?.getRow(7).getCell(4)
    expect(cell?.type).toBe(ExcelJS.ValueType.String)
    expect(cell?.value).toBe('=HYPERLINK("http://example.com")')
  })
})
