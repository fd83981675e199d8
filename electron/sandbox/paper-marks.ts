import sharp from 'sharp'
import { between, type Chance, chanceFrom, letters, lettersOnCircle, lettersWidth } from './paper-ink.ts'

const BLUE_INK = '#1b3fae'
const RED_INK = '#d21f2b'

interface Point {
  readonly x: number
  readonly y: number
}

/** A stroke of the pen: thin where the hand is quick, thick where it turns. */
function stroke(points: readonly Point[], ink: string, thickness: number): string {
  const speeds = points.map((point, index) => {
    const before = points[Math.max(0, index - 1)] ?? point
    return Math.hypot(point.x - before.x, point.y - before.y)
  })
  const quickest = Math.max(...speeds, 0.001)
  return points
    .slice(1)
    .map((point, index) => {
      const from = points[index] ?? point
      const share = index / points.length
      const ends = Math.min(1, share * 12, (1 - share) * 9)
      const width = thickness * (0.45 + 0.75 * (1 - (speeds[index + 1] ?? 0) / quickest)) * (0.35 + 0.65 * ends)
      return (
        `<line x1="${from.x.toFixed(2)}" y1="${from.y.toFixed(2)}" x2="${point.x.toFixed(2)}" y2="${point.y.toFixed(2)}" ` +
        `stroke="${ink}" stroke-width="${width.toFixed(2)}" stroke-linecap="round"/>`
      )
    })
    .join('')
}

function curve(steps: number, at: (share: number) => Point): readonly Point[] {
  return Array.from({ length: steps + 1 }, (_, index) => at(index / steps))
}

/**
 * A signature in a box of 100 × 50: a great first letter, the rest of the name as a running hand, a flourish under it. Its form hangs on
 * the name and the seed, and is nobody's.
 */
export function signatureStrokes(name: string, seed: string | number, ink = BLUE_INK): string {
  const chance = chanceFrom('signature', name, seed)
  const loops = Math.min(7, Math.max(4, Math.round(name.length / 4)))
  const lean = between(chance, 3, 6)
  const firstX = between(chance, 17, 22)
  const firstTurn = between(chance, 1.1, 1.45)
  const firstWidth = between(chance, 8, 14)
  const firstSlant = between(chance, -0.35, 0.1)
  const first = curve(90, share => {
    const angle = -0.4 * Math.PI + share * 2 * Math.PI * firstTurn
    const size = 1 - 0.35 * share
    return {
      x: firstX + Math.cos(angle) * firstWidth * size + Math.sin(angle) * 18 * size * firstSlant + share * 6,
      y: 23 + Math.sin(angle) * 18 * size + share * 3,
    }
  })
  const heights = Array.from({ length: loops + 1 }, () => between(chance, 3, 9))
  heights[Math.floor(between(chance, 1, loops))] = between(chance, 13, 17)
  const start = first.at(-1) ?? { x: 30, y: 26 }
  const length = 82 - start.x
  const running = curve(loops * 26, share => {
    const along = share * loops
    const height = (heights[Math.floor(along)] ?? 4) * (1 - 0.45 * share)
    const phase = 2 * Math.PI * along
    const rise = height * Math.sin(phase)
    return {
      x: start.x + share * length + lean * Math.sin(phase + 1.1) * 0.8 + rise * 0.25,
      y: start.y - rise - share * 4,
    }
  })
  const end = running.at(-1) ?? start
  const depth = between(chance, 11, 15)
  const flourish = curve(70, share => ({
    x: end.x + 8 * Math.sin(share * Math.PI) - share * (end.x - 12) + (share > 0.85 ? (share - 0.85) * 60 : 0),
    y: end.y + share * depth + 5 * Math.sin(share * 1.6 * Math.PI),
  }))
  return stroke(first, ink, 1.15) + stroke([...running, ...flourish], ink, 0.95)
}

/** A star of `points` rays around the origin, with a round hole. */
function star(outer: number, inner: number, hole: number, points: number): string {
  const corners = Array.from({ length: points * 2 }, (_, index) => {
    const radius = index % 2 === 0 ? outer : inner
    const angle = (Math.PI * index) / points - Math.PI / 2
    return `${(radius * Math.cos(angle)).toFixed(3)} ${(radius * Math.sin(angle)).toFixed(3)}`
  })
  const round = `M${-hole} 0A${hole} ${hole} 0 1 0 ${hole} 0A${hole} ${hole} 0 1 0 ${-hole} 0Z`
  return `<path fill="${RED_INK}" fill-rule="evenodd" d="M${corners.join('L')}Z${round}"/>`
}

/**
 * A round seal of `diameter` millimetres around (x, y): rings, the office's name, the word MẪU. In its middle a sun of our own drawing, on
 * purpose not the national emblem.
 */
export function sealRings(officeName: string, x: number, y: number, diameter: number, chance: Chance): string {
  const radius = diameter / 2
  const centre = { x: 0, y: 0 }
  const upper = officeName.toLocaleUpperCase('vi')
  const baseline = radius * 0.735
  const wanted = radius * 0.215
  const room = baseline * Math.PI * 1.32
  const size = Math.min(wanted, (wanted * room) / lettersWidth(upper, { size: wanted, face: 'bold' }))
  const ring = (at: number, width: number) =>
    `<circle r="${(radius * at).toFixed(3)}" fill="none" stroke="${RED_INK}" stroke-width="${(radius * width).toFixed(3)}"/>`
  return (
    `<g transform="translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${between(chance, -9, 9).toFixed(2)})">` +
    ring(0.965, 0.06) +
    ring(0.905, 0.018) +
    ring(0.6, 0.03) +
    lettersOnCircle(upper, centre, baseline, 'top', { size, face: 'bold', fill: RED_INK }) +
    lettersOnCircle('· MẪU ·', centre, radius * 0.85, 'bottom', {
      size: radius * 0.2,
      face: 'bold',
      fill: RED_INK,
      spacing: radius * 0.02,
    }) +
    star(radius * 0.54, radius * 0.41, radius * 0.37, 16) +
    ring(0.34, 0.015) +
    letters('MẪU', 0, radius * 0.085, { size: radius * 0.24, face: 'bold', fill: RED_INK, anchor: 'middle' }) +
    '</g>'
  )
}

/** Picture of an invented signature, blue on nothing, twice as wide as high (NĐ 30/2020 Phụ lục I II.7.d). @returns PNG */
export async function drawSignature(name: string, seed: string | number): Promise<Uint8Array> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="500" viewBox="0 0 100 50">${signatureStrokes(name, seed)}</svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

/** Picture of an invented seal, red on nothing, round (NĐ 30/2020 Phụ lục I II.8.a). @returns PNG, 24 px per millimetre at 36 mm */
export async function drawSeal(officeName: string, seed: string | number): Promise<Uint8Array> {
  const chance = chanceFrom('seal', officeName, seed)
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="864" height="864" viewBox="-18.2 -18.2 36.4 36.4">' +
    `<g opacity="0.88">${sealRings(officeName, 0, 0, 36, chance)}</g></svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}
