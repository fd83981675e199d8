import { DocumentError } from '../../errors.ts'
import { dateWords, fillLine } from '../../legal-text.ts'
import type { PageContent, TextStyle } from '../../page-content.ts'
import { A4, POINTS_PER_MILLIMETRE } from '../../paper.ts'
import { cleanText, wrapText } from '../../text.ts'
import type { Rectangle, Statement } from '../../types.ts'
import { WORDS } from '../words.ts'

/** Sizes of NĐ 30/2020 Phụ lục I: titles and names 13–14, upright; distance of lines between single and one and a half. */
const SIZE = 13
const LEADING = 18
/** Between number and date on the one side and the person on the other. */
const GAP = 6
/** The signature's picture is twice as wide as high, and somewhat lower than the seal beside it. */
const SIGNATURE_ASPECT = 2
const SIGNATURE_TO_SEAL = 0.66

/** One piece of a line: the words, and whether it is a number that stands out in its own colour. */
interface Piece {
  readonly text: string
  readonly number: boolean
}

/** A line of the statement, its baseline `down` points under the block's upper edge. */
interface Line {
  readonly pieces: readonly Piece[]
  readonly face: 'regular' | 'bold'
  readonly down: number
}

/** The statement's block, measured: what stands where in it, in points from its upper left corner. */
export interface StatementBlock {
  readonly width: number
  readonly height: number
  readonly lines: readonly Line[]
  /** Upper edge of the room for signature and seal. */
  readonly marksDown: number
  readonly sealDiameter: number
}

/** Splits a line at its `{places}` and puts the values in. */
function pieces(line: string, values: Readonly<Record<string, string>>): readonly Piece[] {
  return line
    .split(/(\{\w+\})/)
    .filter(part => part !== '')
    .map(part => {
      const value = values[part.slice(1, -1)]
      return part.startsWith('{') && value !== undefined ? { text: value, number: true } : { text: part, number: false }
    })
}

function required(field: string, value: string): string {
  const clean = cleanText(value)
  if (clean === '') throw new DocumentError('statement-invalid', { field })
  return clean
}

function style(line: Pick<Line, 'face'>, piece: Piece): TextStyle {
  return { face: line.face, size: SIZE, colour: piece.number ? WORDS.colours.number : WORDS.colours.text }
}

/**
 * Measures the statement of Mẫu số 01 (NĐ 280/2025; NĐ 23/2015 Điều 20): heading, number and book, date, the person's title, room for
 * signature and seal, the person's name.
 * @throws DocumentError statement-invalid, letters-without-font
 */
export function measureStatement(statement: Statement, sealDiameterMm: number, content: PageContent): StatementBlock {
  if (!(sealDiameterMm >= 10 && sealDiameterMm <= 60)) throw new DocumentError('statement-invalid', { field: 'seal' })
  const sealDiameter = sealDiameterMm * POINTS_PER_MILLIMETRE
  const plain = (words: string): readonly Piece[] => [{ text: words, number: false }]

  const fixed = [
    { face: 'bold' as const, pieces: plain(WORDS.heading) },
    {
      face: 'regular' as const,
      pieces: pieces(WORDS.numberLine, {
        number: required('number', statement.number),
        book: required('book', statement.book),
      }),
    },
    { face: 'regular' as const, pieces: pieces(WORDS.dateLine, dateWords(statement.date)) },
  ]
  const width = Math.max(
    ...fixed.map(line => line.pieces.reduce((sum, piece) => sum + content.width(piece.text, style(line, piece)), 0)),
    // The seal stands to the left of the signature's first third, so the block must be wide enough on both sides of its middle.
    2 * (sealDiameter + (sealDiameter * SIGNATURE_TO_SEAL * SIGNATURE_ASPECT) / 6),
  )
  const bold: TextStyle = { face: 'bold', size: SIZE, colour: WORDS.colours.text }
  const wrapped = (words: string) => wrapText(words, width, part => content.width(part, bold))
  const person = wrapped(WORDS.personLine)
  const titles = statement.signerTitle.flatMap(title => wrapped(required('signerTitle', title)))
  const names = wrapped(required('signerName', statement.signerName))
  if (titles.length === 0) throw new DocumentError('statement-invalid', { field: 'signerTitle' })

  const above = [...fixed, ...[...person, ...titles].map(words => ({ face: 'bold' as const, pieces: plain(words) }))]
  const down = (index: number) => index * LEADING + (index >= fixed.length ? GAP : 0)
  const marksDown = down(above.length) + 2
  const namesDown = marksDown + sealDiameter + 2
  return {
    width,
    height: namesDown + names.length * LEADING,
    lines: [
      ...above.map((line, index) => ({ ...line, down: down(index) + SIZE })),
      ...names.map((name, index) => ({
        face: 'bold' as const,
        pieces: plain(name),
        down: namesDown + index * LEADING + SIZE,
      })),
    ],
    marksDown,
    sealDiameter,
  }
}

/**
 * Sets the block into `place` and says where the two marks go: the signature in the middle between title and name (NĐ 30/2020 Phụ lục I
 * II.7.d), the seal in its real size over the signature's left third (II.8.a).
 */
export function drawStatement(
  block: StatementBlock,
  place: Rectangle,
  content: PageContent,
): { readonly signatureRectangle: Rectangle; readonly sealRectangle: Rectangle } {
  const top = place.y + place.height
  const middle = place.x + place.width / 2
  for (const line of block.lines) {
    const widths = line.pieces.map(piece => content.width(piece.text, style(line, piece)))
    let x = middle - widths.reduce((sum, width) => sum + width, 0) / 2
    line.pieces.forEach((piece, index) => {
      content.text(piece.text, x, top - line.down, style(line, piece))
      x += widths[index] ?? 0
    })
  }
  const signatureHeight = block.sealDiameter * SIGNATURE_TO_SEAL
  const signatureWidth = signatureHeight * SIGNATURE_ASPECT
  const marksMiddle = top - block.marksDown - block.sealDiameter / 2
  const signatureRectangle = {
    x: middle - signatureWidth / 2,
    y: marksMiddle - signatureHeight / 2,
    width: signatureWidth,
    height: signatureHeight,
  }
  return {
    signatureRectangle,
    sealRectangle: {
      x: signatureRectangle.x + signatureWidth / 3 - block.sealDiameter,
      y: marksMiddle - block.sealDiameter / 2,
      width: block.sealDiameter,
      height: block.sealDiameter,
    },
  }
}

/** Margins of NĐ 30/2020 Phụ lục I: left 30 mm, right 15–20 mm, top and bottom 20–25 mm. */
const NEW_PAGE_MARGINS = {
  left: 30 * POINTS_PER_MILLIMETRE,
  right: 20 * POINTS_PER_MILLIMETRE,
  top: 25 * POINTS_PER_MILLIMETRE,
} as const

/**
 * Sets the head of an added A4 page (office, what it is a page of, how many pages the copy has) and says where the block goes on it.
 * @param pages pages of the original in the copy
 */
export function drawStatementPage(
  block: StatementBlock,
  copy: { readonly officeName: string; readonly title: string; readonly pages: number },
  content: PageContent,
): Rectangle {
  const { left, right, top } = NEW_PAGE_MARGINS
  const width = A4.width - left - right
  const middle = left + width / 2
  const colour = WORDS.colours.text
  const bold: TextStyle = { face: 'bold', size: SIZE, colour }
  const regular: TextStyle = { face: 'regular', size: SIZE, colour }
  let baseline = A4.height - top - SIZE

  const lines = (words: string, as: TextStyle) => {
    for (const line of wrapText(words, width, part => content.width(part, as))) {
      content.centred(line, middle, baseline, as)
      baseline -= LEADING
    }
  }
  lines(required('officeName', copy.officeName).toLocaleUpperCase('vi'), bold)
  content.line(middle - 50, baseline + 11, middle + 50, baseline + 11, 0.75, colour)
  baseline -= 2 * LEADING
  lines(WORDS.newPage.caption, { ...bold, size: 14 })
  lines(fillLine(WORDS.newPage.subject, { title: copy.title }), regular)
  lines(fillLine(WORDS.newPage.extent, { pages: copy.pages }), { ...regular, face: 'italic' })
  baseline -= LEADING
  const y = baseline - block.height
  if (y < left / 2) throw new DocumentError('statement-no-room')
  return { x: A4.width - right - block.width, y, width: block.width, height: block.height }
}
