import type ExcelJS from 'exceljs'
import { writeFileDurably } from '../files.ts'
import { fillLine, registerText } from './legal-text.ts'
import {
  REGISTER_COLUMNS,
  type RegisterColumn,
  type RegisterPrint,
  registerTotals,
  writtenAmount,
  writtenDay,
} from './register.ts'

/** Widths in characters, and the form of numbers and days. */
const COLUMNS: Readonly<
  Record<RegisterColumn, { readonly width: number; readonly format?: string; readonly centred?: true }>
> = {
  number: { width: 12, centred: true },
  date: { width: 13, format: 'dd/mm/yyyy', centred: true },
  requester: { width: 26 },
  title: { width: 38 },
  signer: { width: 30 },
  copies: { width: 11, format: '0', centred: true },
  fee: { width: 13, format: '#,##0' },
  note: { width: 30 },
}
const LAST = REGISTER_COLUMNS.length
const FONT = 'Times New Roman'
const LINE = { style: 'thin' } as const
const BORDER = { top: LINE, left: LINE, bottom: LINE, right: LINE } as const

/**
 * Writes the register as a workbook at `out`: the columns of the form with real dates and amounts, heading rows repeated on each printed
 * page, closing count. All texts are plain strings, never formulas.
 * @throws DocumentError legal-text-invalid; errors of the file system as they are
 */
export async function renderRegisterXlsx(print: RegisterPrint, out: string): Promise<void> {
  const text = registerText()
  // Loaded only here: it is large, and the desk prints a workbook once a month.
  const { default: excel } = await import('exceljs')
  const workbook = new excel.Workbook()
  workbook.created = print.printedAt
  workbook.modified = print.printedAt
  workbook.creator = 'Certified Copy Desk'
  const sheet = workbook.addWorksheet('SCT-BS', {
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
    headerFooter: { oddFooter: '&R&P/&N' },
  })
  REGISTER_COLUMNS.forEach((column, index) => {
    sheet.getColumn(index + 1).width = COLUMNS[column].width
  })

  const heading = (words: string, bold: boolean, size: number) => {
    const row = sheet.addRow([words])
    sheet.mergeCells(row.number, 1, row.number, LAST)
    row.getCell(1).font = { name: FONT, bold, size }
    row.getCell(1).alignment = { horizontal: 'center', vertical: 'middle', wrapText: true }
  }
  heading(print.officeName.toLocaleUpperCase('vi').normalize('NFC'), true, 13)
  heading(text.title, true, 16)
  heading(print.books.map(book => fillLine(text.bookLine, { book: book.label })).join('; '), true, 13)
  heading(fillLine(text.periodLine, { from: writtenDay(print.from), to: writtenDay(print.to) }), false, 12)

  const cells = (
    values: readonly ExcelJS.CellValue[],
    style: { readonly bold: boolean; readonly centred: boolean },
  ) => {
    const row = sheet.addRow([...values])
    REGISTER_COLUMNS.forEach((column, index) => {
      const cell = row.getCell(index + 1)
      const { format, centred } = COLUMNS[column]
      cell.font = { name: FONT, size: 11, bold: style.bold }
      cell.border = BORDER
      cell.alignment = {
        vertical: 'top',
        wrapText: true,
        ...(style.centred || centred ? { horizontal: 'center' } : {}),
      }
      if (format) cell.numFmt = format
    })
    return row
  }
  const head = cells(
    REGISTER_COLUMNS.map(column => text.columns[column]),
    { bold: true, centred: true },
  )
  const numbers = cells(
    REGISTER_COLUMNS.map((_, index) => `(${index + 1})`),
    { bold: false, centred: true },
  )
  sheet.pageSetup.printTitlesRow = `${head.number}:${numbers.number}`
  sheet.views = [{ state: 'frozen', ySplit: numbers.number }]

  for (const entry of print.rows) {
    const isVoid = entry.state === 'void'
    cells(
      [
        print.books.length > 1 ? `${entry.number} ${entry.book}` : entry.number,
        new Date(`${entry.date}T00:00:00Z`),
        entry.requesterName.normalize('NFC'),
        entry.title.normalize('NFC'),
        entry.signer.normalize('NFC'),
        isVoid ? null : entry.copyCount,
        isVoid ? null : entry.fee,
        entry.note.normalize('NFC'),
      ],
      { bold: false, centred: false },
    )
  }

  const { fee, ...counts } = registerTotals(print.rows)
  const closing = (words: string) => {
    const row = sheet.addRow([words])
    sheet.mergeCells(row.number, 1, row.number, LAST)
    row.getCell(1).font = { name: FONT, size: 12 }
  }
  sheet.addRow([])
  if (counts.numbers === 0) {
    closing(text.emptyLine)
  } else {
    closing(fillLine(text.countLine, counts))
    closing(fillLine(text.feeLine, { fee: writtenAmount(fee) }))
  }
  if (print.audit) closing(fillLine(text.auditLine, print.audit))
  await writeFileDurably(out, Buffer.from(await workbook.xlsx.writeBuffer()))
}
