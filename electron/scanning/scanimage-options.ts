/** Reads what `scanimage -A` prints of a device (sane-backends, scanimage(1)): its options, their limits and whether they apply now. */

export interface DeviceOption {
  /** Without its dashes: `source`, `resolution`, `x`. */
  readonly name: string
  /** The limit as printed, without step and unit notes: `Flatbed|ADF`, `0..215.9mm`. */
  readonly limit: string
  /** Can be set under the current settings. */
  readonly active: boolean
}

export type NumericLimit =
  | { readonly kind: 'list'; readonly values: readonly number[]; readonly unit: string }
  | { readonly kind: 'range'; readonly minimum: number; readonly maximum: number; readonly unit: string }

const NOTES = new Set(['advanced', 'hardware', 'read-only', 'inactive', 'emulated', 'software'])
const OPTION_LINE = /^ {2,}(?:--([a-z][\w-]*)|-([a-z]))(?=[\s[]|$)(.*)$/

/** Splits the bracketed notes off the end of an option line: the current value and words such as `[advanced]`. */
function splitNotes(text: string): { readonly limit: string; readonly notes: readonly string[] } {
  const notes: string[] = []
  let rest = text.trimEnd()
  while (rest.endsWith(']')) {
    const start = rest.lastIndexOf(' [')
    if (start < 0) break
    const note = rest.slice(start + 2, -1)
    notes.push(note)
    rest = rest.slice(0, start).trimEnd()
    // What is not a known note is the current value, and nothing but the limit stands before it.
    if (!NOTES.has(note)) break
  }
  return { limit: rest.trim(), notes }
}

/** The options of one device, by name. Lines that are no option (headings, descriptions, remarks) are passed over. */
export function parseOptions(output: string): ReadonlyMap<string, DeviceOption> {
  const options = new Map<string, DeviceOption>()
  for (const line of output.split(/\r?\n/)) {
    const found = OPTION_LINE.exec(line)
    const name = found?.[1] ?? found?.[2]
    if (!found || !name) continue
    const { limit, notes } = splitNotes(found[3] ?? '')
    const yesNo = limit.startsWith('[=(') && limit.endsWith(')]')
    options.set(name, {
      name,
      limit: (yesNo ? limit.slice(3, -2) : limit).replace(/ \(in steps of [^)]*\)$/, ''),
      active: !notes.includes('inactive') && !notes.includes('read-only') && !notes.includes('hardware'),
    })
  }
  return options
}

/** The words of an option's list: `Flatbed|ADF` → [Flatbed, ADF]. Empty when the option is missing or cannot be set now. */
export function choices(option: DeviceOption | undefined): readonly string[] {
  if (!option?.active || option.limit === '') return []
  return option.limit.split('|').filter(word => word !== '')
}

const NUMBER = /^(-?\d+(?:\.\d+)?)([a-z%]*)$/i
const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)([a-z%]*)$/i

/** The numbers that an option takes, as list or range; null when it takes none or cannot be set now. */
export function numericLimit(option: DeviceOption | undefined): NumericLimit | null {
  if (!option?.active) return null
  const limit = option.limit.replace(/^auto\|+/, '')
  const range = RANGE.exec(limit)
  if (range) return { kind: 'range', minimum: Number(range[1]), maximum: Number(range[2]), unit: range[3] ?? '' }
  const values: number[] = []
  let unit = ''
  for (const word of limit.split('|')) {
    const number = NUMBER.exec(word)
    if (!number) return null
    values.push(Number(number[1]))
    unit = number[2] || unit
  }
  return { kind: 'list', values: values.sort((a, b) => a - b), unit }
}
