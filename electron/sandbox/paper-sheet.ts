import { between, type Chance, type Lettering, letters, lettersWidth } from './paper-ink.ts'
import { sealRings, signatureStrokes } from './paper-marks.ts'

/** Everything on the sample papers is invented; this stands on each of them. */
export const SAMPLE_MARK = 'MẪU – KHÔNG CÓ GIÁ TRỊ'

const PRINT = '#22201f'
const HAND = '#1d3a94'

/** 1 point in millimetres. */
export const POINT = 25.4 / 72

/** The mark across the sheet, pale but plain to see. */
export function sampleMark(x: number, y: number, size: number, degrees = -24): string {
  const words = letters(SAMPLE_MARK, 0, 0, {
    size,
    face: 'bold',
    fill: '#c2272d',
    anchor: 'middle',
    spacing: size * 0.06,
  })
  return `<g opacity="0.2" transform="translate(${x} ${y}) rotate(${degrees})">${words}</g>`
}

export function print(words: string, x: number, y: number, lettering: Lettering): string {
  return letters(words, x, y, { fill: PRINT, ...lettering })
}

/** The state's name and motto, the motto underlined (NĐ 30/2020 Phụ lục I II.1), centred on x. */
export function stateHeading(x: number, y: number, size: number, fill = PRINT): string {
  const motto = { size: size * 1.04, face: 'bold', fill, anchor: 'middle' } as const
  const width = lettersWidth('Độc lập - Tự do - Hạnh phúc', motto)
  return (
    letters('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', x, y, { size, face: 'bold', fill, anchor: 'middle' }) +
    letters('Độc lập - Tự do - Hạnh phúc', x, y + size * 1.45, motto) +
    `<line x1="${x - width / 2}" x2="${x + width / 2}" y1="${y + size * 1.85}" y2="${y + size * 1.85}" stroke="${fill}" stroke-width="0.25"/>`
  )
}

/** A name of an office with a short rule under it. */
export function officeHeading(lines: readonly string[], x: number, y: number, size: number): string {
  const last = lines.length - 1
  return (
    lines
      .map((line, index) =>
        print(line, x, y + index * size * 1.45, { size, face: index === last ? 'bold' : 'regular', anchor: 'middle' }),
      )
      .join('') +
    `<line x1="${x - 9}" x2="${x + 9}" y1="${y + last * size * 1.45 + size * 0.5}" y2="${y + last * size * 1.45 + size * 0.5}" stroke="${PRINT}" stroke-width="0.25"/>`
  )
}

/** Words as written by hand into a form: slanted, not quite level, in ink. */
export function hand(words: string, x: number, y: number, size: number, chance: Chance): string {
  let along = 0
  return words
    .split(' ')
    .map(word => {
      const style: Lettering = { size: size * between(chance, 0.96, 1.05), face: 'italic', fill: HAND }
      const written = letters(word, 0, 0, style)
      const place = `translate(${(x + along).toFixed(2)} ${(y + between(chance, -0.25, 0.2)).toFixed(2)}) rotate(${between(chance, -1.6, 0.6).toFixed(2)}) skewX(-9)`
      along += lettersWidth(word, style) + size * 0.36
      return `<g transform="${place}">${written}</g>`
    })
    .join('')
}

/** A form's field: printed label, dotted line to `right`, the answer by hand on it. */
export function field(
  label: string,
  answer: string,
  place: { readonly x: number; readonly y: number; readonly right: number; readonly size: number },
  chance: Chance,
): string {
  const { x, y, right, size } = place
  const from = x + lettersWidth(label, { size }) + size * 0.35
  return (
    print(label, x, y, { size }) +
    `<line x1="${from}" x2="${right}" y1="${y + 0.5}" y2="${y + 0.5}" stroke="#555" stroke-width="0.22" stroke-dasharray="0.3 0.75"/>` +
    hand(answer, from + size * 0.4, y - 0.25, size * 1.12, chance)
  )
}

/** Lines of running text, justified but for the last, first line indented. @returns the drawing and the next baseline */
export function paragraph(
  words: string,
  place: {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly size: number
    readonly indent?: number
  },
): { readonly ink: string; readonly y: number } {
  const { x, width, size } = place
  const style = { size }
  const space = lettersWidth(' ', style)
  const lines: { readonly words: string[]; readonly indent: number }[] = []
  let line: string[] = []
  let used = 0
  let indent = place.indent ?? 10
  for (const word of words.split(' ')) {
    const length = lettersWidth(word, style)
    if (line.length > 0 && indent + used + space + length > width) {
      lines.push({ words: line, indent })
      line = []
      used = 0
      indent = 0
    }
    used += (line.length > 0 ? space : 0) + length
    line.push(word)
  }
  lines.push({ words: line, indent })
  let y = place.y
  const ink = lines
    .map(({ words: row, indent: inset }, index) => {
      const natural = row.reduce((sum, word) => sum + lettersWidth(word, style), 0)
      const gap = index === lines.length - 1 || row.length < 2 ? space : (width - inset - natural) / (row.length - 1)
      let at = x + inset
      const drawn = row.map(word => {
        const written = print(word, at, y, style)
        at += lettersWidth(word, style) + gap
        return written
      })
      y += size * 1.5
      return drawn.join('')
    })
    .join('')
  return { ink, y }
}

/** Title, signature, seal over its left third, and name of an invented person in office, centred on x. */
export function signed(
  place: { readonly x: number; readonly y: number; readonly size: number; readonly seal?: number },
  titles: readonly string[],
  name: string,
  office: string,
  chance: Chance,
): string {
  const { x, y, size } = place
  const seal = place.seal ?? 34
  const scale = (seal * 1.25) / 100
  const below = y + titles.length * size * 1.4
  const signatureTop = below + seal * 0.12
  return (
    titles
      .map((title, index) => print(title, x, y + index * size * 1.4, { size, face: 'bold', anchor: 'middle' }))
      .join('') +
    `<g transform="translate(${x - 50 * scale} ${signatureTop}) scale(${scale})">${signatureStrokes(name, Math.floor(chance() * 1000))}</g>` +
    `<g opacity="0.82">${sealRings(office, x - 50 * scale + (100 * scale) / 3 - seal / 2, signatureTop + 25 * scale, seal, chance)}</g>` +
    print(name, x, below + seal * 0.98, { size, face: 'bold', anchor: 'middle' })
  )
}

/** A plaited border of two waves between thin lines. */
export function border(x: number, y: number, width: number, height: number, band: number, colour: string): string {
  const middle = band / 2
  const wave = (length: number, phase: number) => {
    const waves = Math.round(length / (band * 1.1))
    const steps = waves * 12
    return Array.from({ length: steps + 1 }, (_, index) => {
      const along = (index / steps) * length
      const across = Math.sin((index / 12) * 2 * Math.PI + phase) * middle * 0.72
      return `${index === 0 ? 'M' : 'L'}${along.toFixed(2)} ${across.toFixed(2)}`
    }).join('')
  }
  const side = (transform: string, length: number) =>
    [0, Math.PI / 1.5, Math.PI / 0.75]
      .map(
        phase =>
          `<path transform="${transform}" d="${wave(length, phase)}" fill="none" stroke="${colour}" stroke-width="0.32"/>`,
      )
      .join('')
  const rectangle = (inset: number, thickness: number) =>
    `<rect x="${x + inset}" y="${y + inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" fill="none" stroke="${colour}" stroke-width="${thickness}"/>`
  return (
    rectangle(0, 0.7) +
    rectangle(band, 0.35) +
    rectangle(band + 1, 0.18) +
    side(`translate(${x} ${y + middle})`, width) +
    side(`translate(${x} ${y + height - middle})`, width) +
    side(`translate(${x + middle} ${y}) rotate(90)`, height) +
    side(`translate(${x + width - middle} ${y}) rotate(90)`, height)
  )
}

/** A faint rosette, as printed under certificates so that a copy shows every repair. */
export function rosette(x: number, y: number, radius: number, petals: number, colour: string): string {
  return Array.from({ length: 7 }, (_, ring) => {
    const share = 0.4 + ring * 0.1
    const steps = petals * 14
    const points = Array.from({ length: steps + 1 }, (_, index) => {
      const angle = (index / steps) * 2 * Math.PI
      const reach = radius * share * (0.72 + 0.28 * Math.cos(petals * angle + ring * 0.5))
      return `${index === 0 ? 'M' : 'L'}${(x + reach * Math.cos(angle)).toFixed(2)} ${(y + reach * Math.sin(angle)).toFixed(2)}`
    })
    return `<path d="${points.join('')}Z" fill="none" stroke="${colour}" stroke-width="0.25"/>`
  }).join('')
}

/** A table of cells with thin lines. @param widths of the columns, millimetres */
export function table(
  place: { readonly x: number; readonly y: number; readonly row: number; readonly size: number },
  widths: readonly number[],
  rows: readonly (readonly string[])[],
): string {
  const total = widths.reduce((sum, width) => sum + width, 0)
  const lines = [
    ...rows.map((_, index) => [place.x, place.y + index * place.row, place.x + total, place.y + index * place.row]),
    [place.x, place.y + rows.length * place.row, place.x + total, place.y + rows.length * place.row],
    ...[0, ...widths].map((_, index) => {
      const x = place.x + widths.slice(0, index).reduce((sum, width) => sum + width, 0)
      return [x, place.y, x, place.y + rows.length * place.row]
    }),
  ].map(
    ([x1, y1, x2, y2]) => `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${PRINT}" stroke-width="0.22"/>`,
  )
  const cells = rows.flatMap((row, rowIndex) =>
    row.map((words, column) => {
      const left = place.x + widths.slice(0, column).reduce((sum, width) => sum + width, 0)
      const width = widths[column] ?? 0
      const leading = column === 1 && rowIndex > 0
      const baseline = place.y + rowIndex * place.row + place.row / 2 + place.size * 0.34
      return print(words, leading ? left + 2 : left + width / 2, baseline, {
        size: place.size,
        face: rowIndex === 0 ? 'bold' : 'regular',
        anchor: leading ? 'start' : 'middle',
      })
    }),
  )
  return lines.join('') + cells.join('')
}
