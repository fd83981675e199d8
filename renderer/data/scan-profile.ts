import type { ScannerItem, ScanProfile } from '../../electron/api/contract/scanning.ts'

export const PAPERS = {
  A4: { widthMm: 210, heightMm: 297 },
  A5: { widthMm: 148, heightMm: 210 },
  A3: { widthMm: 297, heightMm: 420 },
  letter: { widthMm: 216, heightMm: 279 },
} as const

type Source = ScannerItem['sources'][number]

/** Certified copies are at least 200 dpi and in colour (NĐ 30/2020 Phụ lục I); 300 is what small print needs. */
const USUAL_DPI = 300

const nearest = (offered: readonly number[], wanted: number): number =>
  offered.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? wanted

const fitting = <Value>(offered: readonly Value[], wanted: Value, otherwise: Value): Value =>
  offered.includes(wanted) ? wanted : (offered[0] ?? otherwise)

/** What a device can do, nearest to what was wanted; feeder, colour, 300 dpi and A4 where nothing was. */
export function fittingProfile(scanner: ScannerItem, wanted: Partial<ScanProfile>): ScanProfile {
  const source: Source | undefined =
    scanner.sources.find(each => each.source === (wanted.source ?? 'feeder')) ?? scanner.sources[0]
  const paper = wanted.paper ?? PAPERS.A4
  const largest = source?.maximumPaper ?? paper
  return {
    deviceId: scanner.id,
    source: source?.source ?? 'flatbed',
    sides: fitting(source?.sides ?? [], wanted.sides ?? 'front', 'front'),
    colour: fitting(source?.colours ?? [], wanted.colour ?? 'colour', 'colour'),
    dpi: nearest(source?.resolutions ?? [], wanted.dpi ?? USUAL_DPI),
    paper: {
      widthMm: Math.min(paper.widthMm, largest.widthMm),
      heightMm: Math.min(paper.heightMm, largest.heightMm),
    },
  }
}
