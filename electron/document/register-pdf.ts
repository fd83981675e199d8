import { replaceDurably } from '../files.ts'
import { dateWords, fillLine, type RegisterText, registerText } from './legal-text.ts'
import { DocumentFonts, PageContent, type TextStyle, writePage } from './page-content.ts'
import { A4, POINTS_PER_MILLIMETRE } from './paper.ts'
import { finishArchive } from './pdf-archive.ts'
import { PdfWriter } from './pdf-writer.ts'
import {
  REGISTER_COLUMNS,
  type RegisterColumn,
  type RegisterPrint,
  type RegisterRow,
  registerTotals,
  vietnamDay,
  writtenAmount,
  writtenDay,
} from './register.ts'
import { wrapText } from './text.ts'

const PAGE = { width: A4.height, height: A4.width } as const
const millimetres = (length: number) => length * POINTS_PER_MILLIMETRE
/** Bound on the left (NĐ 30/2020 Phụ lục I: left 30 mm, right 15 mm). */
const LEFT = millimetres(27)
const RIGHT = PAGE.width - millimetres(15)
const TOP = PAGE.height - millimetres(18)
const BOTTOM = millimetres(18)
const MIDDLE = (LEFT + RIGHT) / 2

/** Widths in parts of the table, and how a cell is set. */
const COLUMNS: Readonly<
  Record<RegisterColumn, { readonly share: number; readonly align: 'left' | 'centre' | 'right' }>
> = {
  number: { share: 22, align: 'centre' },
  date: { share: 24, align: 'centre' },
  requester: { share: 43, align: 'left' },
  title: { share: 56, align: 'left' },
  signer: { share: 42, align: 'left' },
  copies: { share: 19, align: 'centre' },
  fee: { share: 20, align: 'right' },
  note: { share: 29, align: 'left' },
}
const SHARES = REGISTER_COLUMNS.reduce((sum, column) => sum + COLUMNS[column].share, 0)
/** Where the columns' lines stand, from the table's left edge to its right. */
const EDGES = [0, ...REGISTER_COLUMNS.keys()].map((_, index) => {
  const before = REGISTER_COLUMNS.slice(0, index).reduce((sum, column) => sum + COLUMNS[column].share, 0)
  return LEFT + ((RIGHT - LEFT) * before) / SHARES
})

const INK = '#000000'
const CELL: TextStyle = { face: 'regular', size: 11, colour: INK }
const HEAD: TextStyle = { face: 'bold', size: 10.5, colour: INK }
const SMALL: TextStyle = { face: 'italic', size: 10, colour: INK }
const CELL_LEADING = 14
const PADDING = 4
/** Lines of one entry on one page at most; a longer entry goes on overleaf. */
const LINES_PER_PAGE = 15
/** Room for the count and for name, signature and seal under it. */
const CLOSING_HEIGHT = 190

type Cells = readonly (readonly string[])[]

function entryCells(line: RegisterRow, severalBooks: boolean): Readonly<Record<RegisterColumn, string>> {
  const isVoid = line.state === 'void'
  return {
    number: severalBooks ? `${line.number} ${line.book}` : line.number,
    date: writtenDay(line.date),
    requester: line.requesterName,
    title: line.title,
    signer: line.signer,
    copies: isVoid ? '–' : String(line.copyCount),
    fee: isVoid ? '–' : writtenAmount(line.fee),
    note: line.note,
  }
}

/** Sets one page after another; the cover is the first. */
class RegisterSheets {
  readonly pages: PageContent[] = []
  readonly #fonts: DocumentFonts
  readonly #text: RegisterText
  #y = 0

  constructor(fonts: DocumentFonts, text: RegisterText) {
    this.#fonts = fonts
    this.#text = text
  }

  get #page(): PageContent {
    return this.pages.at(-1) ?? this.#turn()
  }

  #turn(): PageContent {
    const page = new PageContent(this.#fonts)
    this.pages.push(page)
    this.#y = TOP
    return page
  }

  cover(print: RegisterPrint): void {
    const page = this.#turn()
    const line = (words: string, y: number, style: TextStyle) => page.centred(words, MIDDLE, y, style)
    const bold = (size: number): TextStyle => ({ face: 'bold', size, colour: INK })
    line(this.#text.state, TOP - 20, bold(13))
    line(this.#text.motto, TOP - 40, bold(14))
    const underline = page.width(this.#text.motto, bold(14)) / 2
    page.line(MIDDLE - underline, TOP - 46, MIDDLE + underline, TOP - 46, 0.8, INK)
    line(print.officeName.toLocaleUpperCase('vi'), TOP - 110, bold(14))

    let y = TOP - 210
    for (const words of wrapText(this.#text.title, RIGHT - LEFT, part => page.width(part, bold(24)))) {
      line(words, y, bold(24))
      y -= 34
    }
    y -= 6
    const plain: TextStyle = { face: 'regular', size: 14, colour: INK }
    line(fillLine(this.#text.periodLine, { from: writtenDay(print.from), to: writtenDay(print.to) }), y, {
      ...plain,
      face: 'italic',
    })
    y -= 44
    for (const book of print.books) {
      const closed = book.closedAt ? writtenDay(vietnamDay(book.closedAt)) : '……/……/…………'
      line(fillLine(this.#text.bookLine, { book: book.label }), y, bold(16))
      page.centred(
        fillLine(this.#text.openedLine, { date: writtenDay(vietnamDay(book.openedAt)) }),
        MIDDLE - 110,
        y - 24,
        plain,
      )
      page.centred(fillLine(this.#text.closedLine, { date: closed }), MIDDLE + 110, y - 24, plain)
      y -= 58
    }
  }

  /** Draws one row of the table, lines around it, its text from the top. */
  #row(cells: Cells, style: TextStyle, leading: number, alignment: 'centre' | 'by-column'): void {
    const page = this.#page
    const height = Math.max(...cells.map(cell => cell.length)) * leading + 2 * PADDING
    REGISTER_COLUMNS.forEach((column, index) => {
      const left = EDGES[index] ?? LEFT
      const right = EDGES[index + 1] ?? RIGHT
      const align = alignment === 'centre' ? 'centre' : COLUMNS[column].align
      cells[index]?.forEach((words, row) => {
        const y = this.#y - PADDING - style.size * 0.95 - row * leading
        const width = page.width(words, style)
        const x =
          align === 'left' ? left + PADDING : align === 'right' ? right - PADDING - width : (left + right - width) / 2
        page.text(words, x, y, style)
      })
    })
    for (const x of EDGES) page.line(x, this.#y, x, this.#y - height, 0.5, INK)
    page.line(LEFT, this.#y, RIGHT, this.#y, 0.5, INK)
    page.line(LEFT, this.#y - height, RIGHT, this.#y - height, 0.5, INK)
    this.#y -= height
  }

  #wrap(texts: Readonly<Record<RegisterColumn, string>>, style: TextStyle): Cells {
    return REGISTER_COLUMNS.map((column, index) => {
      const width = (EDGES[index + 1] ?? RIGHT) - (EDGES[index] ?? LEFT) - 2 * PADDING
      return wrapText(texts[column], width, part => this.#page.width(part, style))
    })
  }

  /** A new page with the table's head: the headings and the columns' numbers. */
  #tablePage(): void {
    this.#turn()
    this.#row(this.#wrap(this.#text.columns, HEAD), HEAD, 13, 'centre')
    this.#row(
      REGISTER_COLUMNS.map((_, index) => [`(${index + 1})`]),
      SMALL,
      12,
      'centre',
    )
  }

  table(print: RegisterPrint): void {
    this.#tablePage()
    for (const line of print.rows) {
      const cells = this.#wrap(entryCells(line, print.books.length > 1), CELL)
      const lines = Math.max(...cells.map(cell => cell.length))
      for (let from = 0; from < lines; from += LINES_PER_PAGE) {
        const part = cells.map(cell => cell.slice(from, from + LINES_PER_PAGE))
        const height = Math.min(lines - from, LINES_PER_PAGE) * CELL_LEADING + 2 * PADDING
        // The signature under the count never stands alone: the last entry goes overleaf with it.
        const isLast = line === print.rows.at(-1) && from + LINES_PER_PAGE >= lines
        if (this.#y - height - (isLast ? CLOSING_HEIGHT : 0) < BOTTOM) this.#tablePage()
        this.#row(part, CELL, CELL_LEADING, 'by-column')
      }
    }
  }

  /** The count under the last entry, and the place for name, signature and seal; never parted from one another. */
  closing(print: RegisterPrint): void {
    const { fee, ...counts } = registerTotals(print.rows)
    if (this.#y - CLOSING_HEIGHT < BOTTOM) this.#turn()
    const page = this.#page
    const style: TextStyle = { face: 'regular', size: 13, colour: INK }
    const bold: TextStyle = { ...style, face: 'bold' }
    let y = this.#y - 26
    if (counts.numbers === 0) {
      page.text(this.#text.emptyLine, LEFT, y, style)
    } else {
      page.text(fillLine(this.#text.countLine, counts), LEFT, y, style)
      y -= 18
      page.text(fillLine(this.#text.feeLine, { fee: writtenAmount(fee) }), LEFT, y, style)
    }
    if (print.audit) {
      y -= 16
      page.text(fillLine(this.#text.auditLine, print.audit), LEFT, y, SMALL)
    }
    const middle = RIGHT - millimetres(50)
    page.centred(fillLine(this.#text.confirmationPlace, dateWords(vietnamDay(print.printedAt))), middle, y - 34, {
      ...style,
      face: 'italic',
    })
    page.centred(this.#text.confirmationLine, middle, y - 54, bold)
    page.centred(this.#text.confirmationNote, middle, y - 72, { ...style, face: 'italic', size: 12 })
  }

  /** Page numbers on every page but the cover. */
  number(): void {
    this.pages.slice(1).forEach((page, index) => {
      const words = fillLine(this.#text.pageLine, { page: index + 1, pages: this.pages.length - 1 })
      page.text(words, RIGHT - page.width(words, SMALL), BOTTOM - 16, SMALL)
    })
  }
}

/**
 * Prints the register to a PDF/A-2b file at `out`: cover, the eight columns of the form on A4 landscape, closing count with room for
 * signature and seal (NĐ 23/2015 Điều 13). The same print gives the same bytes.
 * @throws DocumentError legal-text-invalid, letters-without-font; errors of the file system as they are
 */
export async function renderRegisterPdf(print: RegisterPrint, out: string): Promise<{ readonly pageCount: number }> {
  const text = registerText()
  return replaceDurably(out, async file => {
    const writer = new PdfWriter(file)
    const pageTree = writer.reserve()
    const fonts = new DocumentFonts(writer)
    const sheets = new RegisterSheets(fonts, text)
    sheets.cover(print)
    sheets.table(print)
    sheets.closing(print)
    sheets.number()
    const pages = []
    for (const page of sheets.pages) pages.push(await writePage(writer, pageTree, PAGE, page.bytes, fonts.resources))
    await fonts.embed()
    const title = `${text.title} ${print.books.map(book => book.label).join(', ')}`
    await finishArchive(writer, pageTree, pages, { title, createdAt: print.printedAt })
    return { pageCount: pages.length }
  })
}
