import fontkit from '@pdf-lib/fontkit'
import { type Face, readFace } from './fonts.ts'
import { statementText } from './legal-text.ts'
import { subsetTrueType } from './truetype-subset.ts'
import type { Rectangle } from './types.ts'

/** A composite font of a page: its ToUnicode map, the font program that draws, and the widths of codes 1, 2, … in thousandths. */
export interface PageFont {
  readonly unicode: string
  readonly program: Uint8Array
  readonly widths: readonly number[]
}

/** The page that the statement stands on, its streams decoded. */
export interface StatementPage {
  /** Content stream, Latin-1. */
  readonly content: string
  readonly box: Rectangle
  readonly fonts: ReadonlyMap<string, PageFont>
}

/** What the page says in letters that a reader sees, and where. */
export interface StatementOnPage {
  readonly number: string
  readonly book: string
  /** `yyyy-mm-dd` */
  readonly date: string
  /** Around heading, number and date, points. Whatever lies over it hides the statement. */
  readonly place: Rectangle
}

interface ShownLine {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly size: number
}

/** Smaller or paler than that is not read by a person. */
const SMALLEST_LETTERS = 8
const PALEST_INK = 0.6

const NUMBER = String.raw`(-?\d*\.?\d+)`
const numbers = (count: number) => Array.from({ length: count }, () => NUMBER).join(' ')
const IMAGE = new RegExp(`^q ${numbers(6)} cm /Image Do Q$`)
const RULE = new RegExp(`^q ${NUMBER} w ${numbers(3)} RG ${numbers(2)} m ${numbers(2)} l S Q$`)
const TEXT = new RegExp(
  `^BT /(regular|bold|italic) ${NUMBER} Tf ${numbers(3)} rg 1 0 0 1 ${numbers(2)} Tm <((?:[0-9A-F]{4})+)> Tj ET$`,
)

/**
 * Reads the statement off the page that `composeCertifiedCopy` made. Only content of exactly the form that it writes counts: the scanned
 * picture first, then upright text in ink that can be seen, in fonts whose outlines are those of the letters they claim. So what is read here
 * is what a person sees. Null for any other content.
 */
export function readStatement({ content, box, fonts }: StatementPage): StatementOnPage | null {
  const letters = new Map<string, FaceLetters | null>()
  const lines: ShownLine[] = []
  for (const [index, operators] of content.trim().split('\n').entries()) {
    if ((index === 0 && IMAGE.test(operators)) || RULE.test(operators)) continue
    const [, face = '', size, red, green, blue, x, y, codes = ''] = TEXT.exec(operators) ?? []
    if (face !== 'regular' && face !== 'bold' && face !== 'italic') return null
    const known = letters.has(face) ? letters.get(face) : readLetters(face, fonts.get(face))
    letters.set(face, known ?? null)
    const shown = known?.read(codes)
    const ink = [red, green, blue].map(Number)
    if (!shown || Number(size) < SMALLEST_LETTERS || ink.every(part => part > PALEST_INK)) return null
    const line = { ...shown, x: Number(x), y: Number(y), width: shown.width * Number(size), size: Number(size) }
    const before = lines.at(-1)
    // pieces of one line, each in its colour
    if (before?.y === line.y && Math.abs(before.x + before.width - line.x) < 1) {
      lines[lines.length - 1] = { ...before, text: before.text + line.text, width: line.x + line.width - before.x }
    } else lines.push(line)
  }
  return findStatement(lines, box)
}

/** A line of the legal text as a pattern; each place is a group of its name. */
function pattern(line: string): RegExp {
  const escaped = line.replace(/[\\^$.*+?()[\]|]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>.+?)')
  return new RegExp(`^${escaped}$`, 'u')
}

/** Heading, number and date, each exactly once, one under the other, whole within the page. */
function findStatement(lines: readonly ShownLine[], box: Rectangle): StatementOnPage | null {
  const text = statementText()
  const only = (line: string) => {
    const form = pattern(line)
    const found = lines.filter(each => form.test(each.text))
    return found.length === 1 && found[0] ? { ...found[0], values: form.exec(found[0].text)?.groups ?? {} } : null
  }
  const [heading, number, date] = [only(text.heading), only(text.numberLine), only(text.dateLine)]
  if (!heading || !number || !date) return null
  const { number: written, book } = number.values
  const { day, month, year } = date.values
  if (!written || !book || !day || !month || !year) return null
  const parts = [heading, number, date]
  const left = Math.min(...parts.map(each => each.x))
  const right = Math.max(...parts.map(each => each.x + each.width))
  const [top, bottom] = [heading.y + heading.size, date.y]
  const inOrder = heading.y > number.y && number.y > date.y
  const inside = left >= box.x && right <= box.x + box.width && bottom >= box.y && top <= box.y + box.height
  if (!inOrder || !inside) return null
  return {
    number: written,
    book,
    date: `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
    place: { x: left, y: bottom, width: right - left, height: top - bottom },
  }
}

interface FaceLetters {
  /** The text of codes in hexadecimal and its width for size 1; null where a code has no letter. */
  read(codes: string): { readonly text: string; readonly width: number } | null
}

/** The letters of a face in one file, only where the embedded outlines are exactly those of our font for these letters. */
function readLetters(face: Face, font: PageFont | undefined): FaceLetters | null {
  if (!font) return null
  const file = readFace(face)
  const tinos = fontkit.create(Buffer.from(file))
  const [, ...blocks] = font.unicode.split('beginbfchar')
  const entries = [...blocks.join('').matchAll(/^<([0-9A-F]{4})> <((?:[0-9A-F]{4})+)>$/gm)]
  const letters = entries.map(([, code = '', letter = '']) => ({
    code,
    letter: Buffer.from(letter, 'hex').swap16().toString('utf16le'),
  }))
  const glyphs = letters.map(({ letter }) => tinos.glyphForCodePoint(letter.codePointAt(0) ?? 0))
  const numbered = letters.every(({ code }, index) => Number.parseInt(code, 16) === index + 1)
  const asWide = glyphs.every(
    ({ advanceWidth }, index) => Math.abs((advanceWidth * 1000) / tinos.unitsPerEm - (font.widths[index] ?? -1)) < 0.01,
  )
  if (
    !numbered ||
    !asWide ||
    !Buffer.from(
      subsetTrueType(
        file,
        glyphs.map(({ id }) => id),
      ),
    ).equals(font.program)
  )
    return null
  const known = new Map(letters.map(({ code, letter }, index) => [code, { letter, glyph: glyphs[index] }]))
  return {
    read: codes => {
      const shown = (codes.match(/.{4}/g) ?? []).map(code => known.get(code))
      if (shown.includes(undefined)) return null
      return {
        text: shown
          .map(each => each?.letter ?? '')
          .join('')
          .normalize('NFC'),
        width: shown.reduce((sum, each) => sum + (each?.glyph?.advanceWidth ?? 0), 0) / tinos.unitsPerEm,
      }
    },
  }
}
