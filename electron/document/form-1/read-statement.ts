import type { Rectangle, StatementOnPage } from '../types.ts'
import type { Face } from './faces.ts'
import { type FaceLetters, type PageFont, readLetters } from './letters.ts'
import { WORDS } from './words.ts'

/** The page that the statement stands on, its streams decoded. */
export interface StatementPage {
  /** Content stream, Latin-1. */
  readonly content: string
  readonly box: Rectangle
  readonly fonts: ReadonlyMap<string, PageFont>
}

interface ShownLine {
  readonly text: string
  readonly y: number
  readonly size: number
  /** Where the next piece of the line begins. */
  readonly end: number
  readonly ink: Rectangle
}

/** Our pages have a few thousand bytes in some twenty lines. */
const MAXIMUM_CONTENT = 1024 * 1024
const MAXIMUM_OPERATORS = 500
const MAXIMUM_LINE = 500
/** Smaller or paler than that is not read by a person, larger is not ours. */
const SMALLEST_LETTERS = 8
const LARGEST_LETTERS = 20
/** Luminance from 0 to 1. */
const PALEST_INK = 0.4
/** Pieces of a line, one in its own colour, follow each other this closely, points. */
const JOINT = 0.01

// as `pdfNumber` writes it; bounded, so that no text keeps the pattern busy
const NUMBER = String.raw`(-?\d{1,5}(?:\.\d{1,4})?)`
const numbers = (count: number) => Array.from({ length: count }, () => NUMBER).join(' ')
const IMAGE = new RegExp(`^q ${numbers(6)} cm /Image Do Q$`)
const RULE = new RegExp(`^q ${NUMBER} w ${numbers(3)} RG ${numbers(2)} m ${numbers(2)} l S Q$`)
const TEXT = new RegExp(
  `^BT /(regular|bold|italic) ${NUMBER} Tf ${numbers(3)} rg 1 0 0 1 ${numbers(2)} Tm <((?:[0-9A-F]{4})+)> Tj ET$`,
)

/** Whether two rectangles have more than an edge in common. */
export const overlap = (one: Rectangle, other: Rectangle): boolean =>
  Math.min(one.x + one.width, other.x + other.width) > Math.max(one.x, other.x) &&
  Math.min(one.y + one.height, other.y + other.height) > Math.max(one.y, other.y)

/**
 * Reads the statement off the page that `composeCopy` made. Only content of exactly the form that it writes counts: the scanned
 * picture first, then upright text in ink that can be seen, line under line and none over another, in fonts whose outlines are those of the
 * letters they claim. So what is read here is what a person sees. Null for any other content.
 */
export function readStatement({ content, box, fonts }: StatementPage): StatementOnPage | null {
  if (content.length > MAXIMUM_CONTENT) return null
  const operators = content.trim().split('\n')
  if (operators.length > MAXIMUM_OPERATORS) return null
  const overPicture = IMAGE.test(operators[0] ?? '')
  const drawn = operators.slice(overPicture ? 1 : 0)
  const lines = readLines(
    drawn.filter(each => !RULE.test(each)),
    fonts,
  )
  const rules = drawn.map(ruleInk).filter(ink => ink !== null)
  if (!lines || !isOrderly(lines, rules, box)) return null
  return findStatement(lines, overPicture)
}

function ruleInk(operators: string): Rectangle | null {
  const found = RULE.exec(operators)?.slice(1).map(Number)
  if (!found) return null
  const [thickness = 0, , , , fromX = 0, fromY = 0, toX = 0, toY = 0] = found
  return {
    x: Math.min(fromX, toX) - thickness,
    y: Math.min(fromY, toY) - thickness,
    width: Math.abs(toX - fromX) + 2 * thickness,
    height: Math.abs(toY - fromY) + 2 * thickness,
  }
}

/** Pieces of text joined to lines; null where one is not as we write it. */
function readLines(drawn: readonly string[], fonts: StatementPage['fonts']): readonly ShownLine[] | null {
  const faces = new Map<Face, FaceLetters | null>()
  const lines: ShownLine[] = []
  for (const operators of drawn) {
    const [, face = '', ...parts] = TEXT.exec(operators) ?? []
    if (face !== 'regular' && face !== 'bold' && face !== 'italic') return null
    const [size = 0, red = 0, green = 0, blue = 0, x = 0, y = 0] = parts.slice(0, 6).map(Number)
    const letters = faces.has(face) ? faces.get(face) : readLetters(face, fonts.get(face))
    faces.set(face, letters ?? null)
    const shown = letters?.read(parts[6] ?? '')
    const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    if (!shown?.ink || size < SMALLEST_LETTERS || size > LARGEST_LETTERS || luminance > PALEST_INK) return null
    const [left, bottom, right, top] = shown.ink
    const ink = {
      x: x + left * size,
      y: y + bottom * size,
      width: (right - left) * size,
      height: (top - bottom) * size,
    }
    const end = x + shown.width * size
    const before = lines.at(-1)
    if (before?.y === y && before.size === size && Math.abs(before.end - x) < JOINT)
      lines[lines.length - 1] = { ...before, text: before.text + shown.text, end, ink: around([before.ink, ink]) }
    else lines.push({ text: shown.text, y, size, end, ink })
    if ((lines.at(-1)?.text.length ?? 0) > MAXIMUM_LINE) return null
  }
  return lines
}

/** Whether the lines stand one under the other within the page, and nothing is drawn over any. */
function isOrderly(lines: readonly ShownLine[], rules: readonly Rectangle[], box: Rectangle): boolean {
  return lines.every(({ y, ink }, index) => {
    const below = lines.slice(index + 1)
    const inside =
      ink.x >= box.x &&
      ink.y >= box.y &&
      ink.x + ink.width <= box.x + box.width &&
      ink.y + ink.height <= box.y + box.height
    return (
      inside &&
      below.every(other => other.y < y && !overlap(other.ink, ink)) &&
      rules.every(rule => !overlap(rule, ink))
    )
  })
}

/** The smallest rectangle around all. */
function around(rectangles: readonly Rectangle[]): Rectangle {
  const x = Math.min(...rectangles.map(each => each.x))
  const y = Math.min(...rectangles.map(each => each.y))
  return {
    x,
    y,
    width: Math.max(...rectangles.map(each => each.x + each.width)) - x,
    height: Math.max(...rectangles.map(each => each.y + each.height)) - y,
  }
}

/** The values of a line of the legal text; each place is a group of its name. Null where it is another line. */
function valuesOf(line: string, shown: ShownLine | undefined): Readonly<Record<string, string>> | null {
  const escaped = line.replace(/[\\^$.*+?()[\]|]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>.+?)')
  const found = shown && new RegExp(`^${escaped}$`, 'u').exec(shown.text)
  return found ? { ...found.groups } : null
}

/** Heading, number, date, person, and the name under the room for the marks; on an added page after the office and what it is a page of. */
function findStatement(lines: readonly ShownLine[], overPicture: boolean): StatementOnPage | null {
  const start = lines.findIndex(line => line.text === WORDS.heading)
  const page = overPicture ? { officeName: null, originalPages: null } : readHead(lines.slice(0, Math.max(start, 0)))
  if (start < 0 || (overPicture && start > 0) || !page) return null
  const block = lines.slice(start, start + 3)
  const [, numberLine, dateLine] = block
  const { number, book } = valuesOf(WORDS.numberLine, numberLine) ?? {}
  const { day, month, year } = valuesOf(WORDS.dateLine, dateLine) ?? {}
  const rest = lines.slice(start + 3)
  const named = rest.findIndex((line, index) => index > 0 && (rest[index - 1]?.y ?? 0) - line.y > 3 * line.size)
  const names = rest.slice(named)
  const person = rest.slice(0, Math.max(named, 0))
  if (!number || !book || !day || !month || !year || named < 1 || !wordsOf(person).startsWith(WORDS.personLine))
    return null
  // said once: who reads elsewhere on the page must not find another number
  const again = lines.filter(
    line =>
      line.text === WORDS.heading ||
      valuesOf(WORDS.numberLine, line) !== null ||
      valuesOf(WORDS.dateLine, line) !== null,
  )
  if (again.length !== 3) return null
  return {
    number,
    book,
    date: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
    signerName: wordsOf(names),
    ...page,
    places: [around(block.map(line => line.ink)), around(names.map(line => line.ink))],
  }
}

const wordsOf = (lines: readonly ShownLine[]): string => lines.map(line => line.text).join(' ')

/** What an added page says above the statement. */
function readHead(head: readonly ShownLine[]): Pick<StatementOnPage, 'officeName' | 'originalPages'> | null {
  const { caption, extent } = WORDS.newPage
  const at = head.findIndex(line => line.text === caption)
  const { pages } = valuesOf(extent, head.at(-1)) ?? {}
  if (at < 1 || !pages || !/^\d{1,6}$/.test(pages)) return null
  return { officeName: wordsOf(head.slice(0, at)), originalPages: Number(pages) }
}
