import { replaceDurably } from '../files.ts'
import { dateWords, fillLine, receiptText } from './legal-text.ts'
import { DocumentFonts, PageContent, type TextStyle, writePage } from './page-content.ts'
import { A4, POINTS_PER_MILLIMETRE } from './paper.ts'
import { finishArchive } from './pdf-archive.ts'
import { PdfWriter } from './pdf-writer.ts'
import { vietnamDay } from './register.ts'
import { wrapText } from './text.ts'

/** What the paper says that a citizen takes home when the copies are not made at once. */
export interface Receipt {
  readonly officeName: string
  /** By which the office finds the request again. */
  readonly code: string
  readonly requesterName: string
  readonly phone: string | null
  readonly email: string | null
  readonly papers: readonly { readonly title: string; readonly issuer: string; readonly copyCount: number }[]
  readonly receivedAt: Date
  readonly dueAt: Date
  readonly officerName: string
}

/** Margins of NĐ 30/2020 Phụ lục I: left 30 mm, right 15 mm, above and below 20 mm. */
const LEFT = 30 * POINTS_PER_MILLIMETRE
const RIGHT = A4.width - 15 * POINTS_PER_MILLIMETRE
const TOP = A4.height - 20 * POINTS_PER_MILLIMETRE
const BOTTOM = 20 * POINTS_PER_MILLIMETRE
const LEADING = 19
/** Room for the two signatures. */
const SIGNING = 110

const INK = '#000000'
const style = (face: TextStyle['face'], size = 13): TextStyle => ({ face, size, colour: INK })

/**
 * Writes the receipt with the appointment (giấy tiếp nhận hồ sơ và hẹn trả kết quả; TT 01/2020 Điều 2: hour and day) to a PDF/A-2b file.
 * The same receipt gives the same bytes.
 * @throws DocumentError legal-text-invalid, letters-without-font; errors of the file system as they are
 */
export async function renderReceipt(receipt: Receipt, out: string): Promise<{ readonly pageCount: number }> {
  const text = receiptText()
  return replaceDurably(out, async file => {
    const writer = new PdfWriter(file)
    const pageTree = writer.reserve()
    const fonts = new DocumentFonts(writer)
    const sheets = drawReceipt(receipt, fonts)
    const pages = []
    for (const sheet of sheets) pages.push(await writePage(writer, pageTree, A4, sheet.bytes, fonts.resources))
    await fonts.embed()
    await finishArchive(writer, pageTree, pages, { title: text.title, createdAt: receipt.receivedAt })
    return { pageCount: pages.length }
  })
}

function drawReceipt(receipt: Receipt, fonts: DocumentFonts): readonly PageContent[] {
  const text = receiptText()
  const pages = [new PageContent(fonts)]
  let page = pages[0] ?? new PageContent(fonts)
  let y = drawHead(page, receipt)

  const line = (words: string, used: TextStyle = style('regular'), indent = 0) => {
    for (const part of wrapText(words, RIGHT - LEFT - indent, each => page.width(each, used))) {
      if (y < BOTTOM) {
        page = new PageContent(fonts)
        pages.push(page)
        y = TOP
      }
      page.text(part, LEFT + indent, y, used)
      y -= LEADING
    }
  }
  line(fillLine(text.requesterLine, { name: receipt.requesterName }))
  if (receipt.phone) line(fillLine(text.phoneLine, { phone: receipt.phone }))
  if (receipt.email) line(fillLine(text.emailLine, { email: receipt.email }))
  line(text.subjectLine)
  line(text.papersLine)
  for (const [index, { title, issuer, copyCount }] of receipt.papers.entries())
    line(fillLine(text.paperLine, { position: index + 1, title, issuer, copies: copyCount }), style('regular'), 18)
  line(fillLine(text.receivedLine, momentWords(receipt.receivedAt)))
  line(fillLine(text.dueLine, momentWords(receipt.dueAt)), style('bold'))
  line(text.deliveryLine)

  if (y - SIGNING < BOTTOM) {
    page = new PageContent(fonts)
    pages.push(page)
    y = TOP
  }
  const quarter = (RIGHT - LEFT) / 4
  for (const [middle, role, name] of [
    [LEFT + quarter, text.requesterSign, receipt.requesterName],
    [RIGHT - quarter, text.officerSign, receipt.officerName],
  ] as const) {
    page.centred(role, middle, y - 24, style('bold'))
    page.centred(text.signNote, middle, y - 42, style('italic', 12))
    page.centred(name, middle, y - SIGNING, style('bold'))
  }
  return pages
}

/** Office on the left, state and motto on the right, title below. @returns where the text goes on */
function drawHead(page: PageContent, { officeName, code }: Receipt): number {
  const text = receiptText()
  const office = LEFT + (RIGHT - LEFT) * 0.2
  const state = RIGHT - (RIGHT - LEFT) * 0.29
  const bold = style('bold', 12)
  let left = TOP
  for (const words of wrapText(officeName.toLocaleUpperCase('vi'), (RIGHT - LEFT) * 0.38, part =>
    page.width(part, bold),
  )) {
    page.centred(words, office, left, bold)
    left -= 15
  }
  page.centred(text.state, state, TOP, bold)
  page.centred(text.motto, state, TOP - 16, style('bold', 13))
  const underline = page.width(text.motto, style('bold', 13)) / 2
  page.line(state - underline, TOP - 21, state + underline, TOP - 21, 0.8, INK)
  const title = Math.min(left, TOP - 21) - 40
  const middle = (LEFT + RIGHT) / 2
  page.centred(text.title, middle, title, style('bold', 14))
  page.centred(fillLine(text.codeLine, { code }), middle, title - 20, style('regular'))
  return title - 52
}

/** Hour and day in Vietnam (UTC+7), as official papers write them. */
function momentWords(time: Date) {
  const clock = new Date(time.getTime() + 7 * 3_600_000).toISOString().slice(11, 16)
  return { hour: clock.slice(0, 2), minute: clock.slice(3), ...dateWords(vietnamDay(time)) }
}
