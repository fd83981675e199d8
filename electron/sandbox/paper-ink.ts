import { createHash } from 'node:crypto'
import fontkit, { type Font } from '@pdf-lib/fontkit'
import { type Face, readFace } from '../document/form-1/faces.ts'

/** Numbers from 0 to 1 that depend on nothing but the seed. */
export type Chance = () => number

/** A stream of chance from `seed` (mulberry32), so that a sample looks the same each time it is drawn. */
export function chanceFrom(...seed: readonly (string | number)[]): Chance {
  let state = createHash('sha256').update(JSON.stringify(seed)).digest().readUInt32LE(0)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A number between `low` and `high`. */
export function between(chance: Chance, low: number, high: number): number {
  return low + (high - low) * chance()
}

const fonts = new Map<Face, Font>()

/** Faces are only read here, never subset, so one of each serves all drawings. */
function openFont(face: Face): Font {
  const font = fonts.get(face) ?? fontkit.create(Buffer.from(readFace(face)))
  fonts.set(face, font)
  return font
}

export interface Lettering {
  /** Height of the type in millimetres; 1 pt is 0.353 mm. */
  readonly size: number
  readonly face?: Face
  readonly fill?: string
  readonly anchor?: 'start' | 'middle' | 'end'
  /** Extra space after each letter, millimetres. */
  readonly spacing?: number
}

function glyphs(words: string, lettering: Lettering) {
  const font = openFont(lettering.face ?? 'regular')
  const scale = lettering.size / font.unitsPerEm
  let x = 0
  const placed = [...words.normalize('NFC')].map(letter => {
    const glyph = font.glyphForCodePoint(letter.codePointAt(0) ?? 0)
    const width = glyph.advanceWidth * scale + (lettering.spacing ?? 0)
    const place = { path: glyph.path.toSVG(), x, width }
    x += width
    return place
  })
  return { placed, scale, width: x - (lettering.spacing ?? 0) }
}

/** Width of `words` in millimetres. */
export function lettersWidth(words: string, lettering: Lettering): number {
  return glyphs(words, lettering).width
}

/** `words` as outlines (no font of the machine is needed), baseline at (x, y) millimetres. */
export function letters(words: string, x: number, y: number, lettering: Lettering): string {
  const { placed, scale, width } = glyphs(words, lettering)
  const start = x - (lettering.anchor === 'middle' ? width / 2 : lettering.anchor === 'end' ? width : 0)
  const outlines = placed
    .filter(({ path }) => path !== '')
    .map(({ path, x: along }) => `<path transform="translate(${(along / scale).toFixed(1)} 0)" d="${path}"/>`)
  return (
    `<g fill="${lettering.fill ?? '#1c1a1a'}" transform="translate(${start.toFixed(3)} ${y.toFixed(3)}) ` +
    `scale(${scale.toFixed(6)} ${(-scale).toFixed(6)})">${outlines.join('')}</g>`
  )
}

/**
 * `words` along a circle, their middle at the top or, read from outside likewise left to right, at the bottom.
 * @param radius of the baseline
 */
export function lettersOnCircle(
  words: string,
  centre: { readonly x: number; readonly y: number },
  radius: number,
  side: 'top' | 'bottom',
  lettering: Lettering,
): string {
  const { placed, scale, width } = glyphs(words, lettering)
  const sign = side === 'top' ? 1 : -1
  return placed
    .filter(({ path }) => path !== '')
    .map(({ path, x, width: advance }) => {
      const angle = ((x + advance / 2 - width / 2) / radius) * sign
      const turn = (angle * 180) / Math.PI
      return (
        `<path fill="${lettering.fill ?? '#1c1a1a'}" transform="translate(${centre.x} ${centre.y}) rotate(${turn.toFixed(3)}) ` +
        `translate(${(-advance / 2).toFixed(3)} ${(-radius * sign).toFixed(3)}) scale(${scale.toFixed(6)} ${(-scale).toFixed(6)})" d="${path}"/>`
      )
    })
    .join('')
}
