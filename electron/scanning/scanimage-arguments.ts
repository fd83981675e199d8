import type { PaperSize, ScanRequest } from './driver.ts'
import { ScanningError } from './errors.ts'
import type { SourcePlan } from './scanimage-capabilities.ts'

/** Raw pages are named by scanimage itself, relative to its working folder (a path could hold a `%`). */
const RAW_PAGE_PATTERN = 'raw%04d.tif'
export const RAW_PAGE_NAME = /^raw\d{4,}\.tif$/

/** No stack of paper is as high; a device whose feeder never reports its end must stop somewhere. */
const MAXIMUM_PAGES = 2000

/** Makers round A4 down ("296.926 mm"); a sheet that is larger by so little is scanned to the device's edge. */
const TOLERANCE_MM = 2

function millimetres(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}

function fits(paper: PaperSize, maximum: PaperSize): boolean {
  return paper.widthMm <= maximum.widthMm + TOLERANCE_MM && paper.heightMm <= maximum.heightMm + TOLERANCE_MM
}

function sizeArguments(paper: PaperSize, plan: SourcePlan): readonly string[] {
  const { area, pageSize } = plan
  if (!area) return []
  const within = (wanted: number, maximum: number): string => millimetres(Math.min(wanted, maximum))
  const page = pageSize
    ? [
        `--page-width=${within(paper.widthMm, pageSize.widthMm)}`,
        `--page-height=${within(paper.heightMm, pageSize.heightMm)}`,
      ]
    : []
  // Where the page size is set, it moves the limits of -x and -y with it.
  const limit = pageSize ?? area
  const x = within(paper.widthMm, limit.widthMm)
  const y = within(paper.heightMm, limit.heightMm)
  return [...page, '-l', '0', '-t', '0', '-x', x, '-y', y]
}

/**
 * The arguments with which scanimage does the request. Source and mode come first: they change the limits of the rest.
 * @throws ScanningError scan-source-unsupported, scan-duplex-unsupported, scan-colour-unsupported, scan-resolution-unsupported,
 *   scan-paper-too-large, each with what the device can do
 */
export function scanArguments(
  device: string,
  request: ScanRequest,
  plans: readonly SourcePlan[],
  deviceOptions: readonly string[],
): readonly string[] {
  const plan = plans.find(one => one.capabilities.source === request.source)
  if (!plan) throw new ScanningError('scan-source-unsupported', { device })
  const selection = plan.sides.get(request.sides)
  if (!selection) throw new ScanningError('scan-duplex-unsupported', { device })
  const colour = plan.colours.get(request.colour)
  if (!colour) throw new ScanningError('scan-colour-unsupported', { device })
  const { resolution, capabilities } = plan
  const { dpi, paper } = request
  const offered =
    resolution === null ||
    (resolution.kind === 'list' && resolution.values.includes(dpi)) ||
    (resolution.kind === 'range' && dpi >= resolution.minimum && dpi <= resolution.maximum)
  if (!offered)
    throw new ScanningError('scan-resolution-unsupported', { dpi, possible: capabilities.resolutions.join(', ') })
  const maximum = capabilities.maximumPaper
  if (!(paper.widthMm > 0 && paper.heightMm > 0) || !fits(paper, maximum))
    throw new ScanningError('scan-paper-too-large', {
      width: millimetres(paper.widthMm),
      height: millimetres(paper.heightMm),
      maximumWidth: millimetres(maximum.widthMm),
      maximumHeight: millimetres(maximum.heightMm),
    })
  return [
    `--device-name=${device}`,
    '--format=tiff',
    `--batch=${RAW_PAGE_PATTERN}`,
    `--batch-count=${request.source === 'flatbed' ? 1 : MAXIMUM_PAGES}`,
    '--batch-print',
    '--progress',
    ...selection,
    ...colour,
    ...(resolution ? [`--resolution=${dpi}`] : []),
    ...sizeArguments(paper, plan),
    ...deviceOptions,
  ]
}
