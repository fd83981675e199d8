import type { PaperSize, ScanColour, ScanSides, ScanSource, SourceCapabilities } from './driver.ts'
import { choices, type DeviceOption, type NumericLimit, numericLimit } from './scanimage-options.ts'

/** Where paper comes from, in the device's own words. */
export interface SourceSelection {
  readonly source: ScanSource
  readonly sides: ScanSides
  /** Options of scanimage that select it. */
  readonly selection: readonly string[]
}

/** What a source can do, and the device's own words for asking it. */
export interface SourcePlan {
  readonly capabilities: SourceCapabilities
  readonly sides: ReadonlyMap<ScanSides, readonly string[]>
  readonly colours: ReadonlyMap<ScanColour, readonly string[]>
  readonly resolution: NumericLimit | null
  /** Largest area by `-x` and `-y`, mm; null where the device has no such options (it scans its whole glass). */
  readonly area: PaperSize | null
  /** Sheet-fed scanners that centre the paper need its size as well (Fujitsu, Canon DR). */
  readonly pageSize: PaperSize | null
}

type Options = ReadonlyMap<string, DeviceOption>

const USUAL_RESOLUTIONS = [75, 100, 150, 200, 240, 300, 400, 600, 1200]
/** Assumed where a device does not say how large its glass is. */
const USUAL_PAPER: PaperSize = { widthMm: 210, heightMm: 297 }

const FEEDER = /adf|feeder|duplex/i
const FLATBED = /flat\s*-?bed|document table|glass|^platen$|^normal$/i
const BOTH_SIDES = /duplex|both|two.?sided|2.?sided/i
const BACK_ONLY = /back|rear/i

/**
 * The sources among the words of `--source`, in the spellings of the vendors ('ADF', 'Automatic Document Feeder(left aligned,Duplex)',
 * 'FlatBed', 'Document Table'). The first word wins where several mean the same. Slides, automatic choice and back-only are left out.
 */
export function sourceSelections(options: Options, deviceType: string): readonly SourceSelection[] {
  const found: SourceSelection[] = []
  for (const word of choices(options.get('source'))) {
    const source = FEEDER.test(word) ? 'feeder' : FLATBED.test(word) ? 'flatbed' : null
    const sides = BOTH_SIDES.test(word) ? 'both' : 'front'
    if (!source || (sides === 'front' && BACK_ONLY.test(word))) continue
    if (found.some(known => known.source === source && known.sides === sides)) continue
    found.push({ source, sides, selection: [`--source=${word}`] })
  }
  if (found.length > 0) return found
  return [{ source: /sheet|feed|adf/i.test(deviceType) ? 'feeder' : 'flatbed', sides: 'front', selection: [] }]
}

/** How both sides are asked for once a feeder is selected: by the source's own name, `--adf-mode` (Epson) or `--duplex` (HP). */
function sidesOf(selections: readonly SourceSelection[], options: Options): ReadonlyMap<ScanSides, readonly string[]> {
  const sides = new Map(selections.map(selection => [selection.sides, selection.selection]))
  const front = sides.get('front')
  if (front && !sides.has('both') && selections[0]?.source === 'feeder') {
    const modes = choices(options.get('adf-mode'))
    const both = modes.find(mode => BOTH_SIDES.test(mode))
    const one = modes.find(mode => !BOTH_SIDES.test(mode))
    if (both) {
      sides.set('both', [...front, `--adf-mode=${both}`])
      if (one) sides.set('front', [...front, `--adf-mode=${one}`])
    } else if (choices(options.get('duplex')).includes('yes')) {
      sides.set('both', [...front, '--duplex=yes'])
      sides.set('front', [...front, '--duplex=no'])
    }
  }
  return sides
}

const DITHERED = /diffusion|dither|halftone/i

function coloursOf(options: Options): ReadonlyMap<ScanColour, readonly string[]> {
  const modes = choices(options.get('mode'))
  const depths = choices(options.get('depth')).map(word => word.replace(/bit$/, ''))
  const eightBit = depths.includes('8') ? ['--depth=8'] : []
  const find = (pattern: RegExp): string | undefined => modes.find(mode => pattern.test(mode) && !DITHERED.test(mode))
  const colour = find(/colou?r/i)
  const grey = find(/gr[ae]y/i)
  const lineart = find(/line\s*-?art|black\s*(&|and)\s*white|b\s*&\s*w|binary|monochrome/i)
  const colours = new Map<ScanColour, readonly string[]>()
  if (colour) colours.set('colour', [`--mode=${colour}`, ...eightBit])
  if (grey) colours.set('grey', [`--mode=${grey}`, ...eightBit])
  if (lineart) colours.set('lineart', [`--mode=${lineart}`])
  else if (grey && depths.includes('1')) colours.set('lineart', [`--mode=${grey}`, '--depth=1'])
  // A device that offers no modes has one, and the widest promise that always holds for its picture is colour.
  if (colours.size === 0) colours.set('colour', [])
  return colours
}

function resolutionsOf(limit: NumericLimit | null): readonly number[] {
  if (!limit) return []
  if (limit.kind === 'list') return limit.values
  const usual = USUAL_RESOLUTIONS.filter(dpi => dpi >= limit.minimum && dpi <= limit.maximum)
  return usual.length > 0 ? usual : [limit.maximum]
}

/** Maximum of two millimetre options; null where one is missing or counts pixels. */
function sizeOf(options: Options, width: string, height: string): PaperSize | null {
  const maximum = (name: string): number | null => {
    const limit = numericLimit(options.get(name))
    if (limit?.unit !== 'mm') return null
    return limit.kind === 'range' ? limit.maximum : (limit.values.at(-1) ?? null)
  }
  const widthMm = maximum(width)
  const heightMm = maximum(height)
  return widthMm && heightMm ? { widthMm, heightMm } : null
}

/**
 * What one source can do.
 * @param selections those of this source only, at least one
 * @param options as the device prints them with this source selected, for sources differ in size and resolutions
 */
export function planSource(selections: readonly SourceSelection[], options: Options): SourcePlan {
  const sides = sidesOf(selections, options)
  const colours = coloursOf(options)
  const resolution = numericLimit(options.get('resolution'))
  const area = sizeOf(options, 'x', 'y')
  const pageSize = sizeOf(options, 'page-width', 'page-height')
  return {
    capabilities: {
      source: selections[0]?.source ?? 'flatbed',
      sides: [...sides.keys()],
      colours: [...colours.keys()],
      resolutions: resolutionsOf(resolution),
      maximumPaper: pageSize ?? area ?? USUAL_PAPER,
    },
    sides,
    colours,
    resolution,
    area,
    pageSize,
  }
}
