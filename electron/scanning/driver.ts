/** The interface that every scanner driver keeps: `sane`, `folder`, later `escl` and `wia`. */

export type ScanSource = 'flatbed' | 'feeder'
export type ScanSides = 'front' | 'both'
export type ScanColour = 'colour' | 'grey' | 'lineart'

/** A paper size in millimetres, portrait. */
export interface PaperSize {
  readonly widthMm: number
  readonly heightMm: number
}

/** What one source of a device can do, as the device itself says. */
export interface SourceCapabilities {
  readonly source: ScanSource
  readonly sides: readonly ScanSides[]
  readonly colours: readonly ScanColour[]
  /** Offered resolutions in dpi, ascending; a range is given as its usual steps within the range. */
  readonly resolutions: readonly number[]
  readonly maximumPaper: PaperSize
}

export interface ScannerDevice {
  /** `driver:name`, stable as long as the device stays plugged in the same way. */
  readonly id: string
  readonly driver: string
  readonly vendor: string
  readonly model: string
  readonly sources: readonly SourceCapabilities[]
}

export interface ScanRequest {
  readonly deviceId: string
  readonly source: ScanSource
  readonly sides: ScanSides
  readonly dpi: number
  readonly colour: ScanColour
  readonly paper: PaperSize
}

/** A page image on disk. Written whole (temp file, fsync, rename) before anyone is told of it; never changed after. */
export interface PageFile {
  readonly path: string
  readonly mediaType: 'image/jpeg' | 'image/png'
  readonly widthPx: number
  readonly heightPx: number
  /** Resolution that keeps the page at 100 % of its paper size. */
  readonly dpi: number
  /** Clockwise turn that sets an imported page upright, where its file asks for one; absent from what a scanner gives. */
  readonly rotation?: 0 | 90 | 180 | 270
  readonly bytes: number
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string
}

/** A page as a scanner's program left it, to be kept as `page-NNNN` of `directory`. */
export interface RawPage {
  readonly path: string
  readonly directory: string
  readonly number: number
  readonly colour: ScanColour
  /** For a page that does not tell its own resolution. */
  readonly dpi: number
}

export type ScanEvent =
  | { readonly kind: 'progress'; readonly page: number; readonly fraction: number }
  | { readonly kind: 'page'; readonly page: number; readonly file: PageFile }

/**
 * A driver. `scan` yields pages one by one; when it throws a `ScanningError`, the pages already yielded stay on disk and valid.
 * A feeder that runs empty after at least one page ends the scan normally.
 */
export interface ScannerDriver {
  readonly name: string
  /** @throws ScanningError */
  devices(signal?: AbortSignal): Promise<readonly ScannerDevice[]>
  /**
   * @param directory where page files go; made when missing. Names sort in page order.
   * @param signal cancels: the running page is dropped, the error has code `scan-cancelled`.
   * @throws ScanningError
   */
  scan(request: ScanRequest, directory: string, signal?: AbortSignal): AsyncIterable<ScanEvent>
}
