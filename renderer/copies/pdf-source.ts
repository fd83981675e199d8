import { getDocument, PDFDataRangeTransport, type PDFDocumentLoadingTask } from 'pdfjs-dist'

/** Asked for at once; what is smaller than this comes whole. */
const FIRST_BYTES = 1024 * 1024
/** PDF.js looks at the head of every page before it shows the first: small pieces, as each has a scan behind it. */
const PIECE_BYTES = 64 * 1024

// Drawn without the page's own fonts: those would need style elements, which the Content-Security-Policy forbids.
const USUAL = { disableFontFace: true } as const

interface Piece {
  readonly bytes: Uint8Array
  /** Of the whole file. */
  readonly length: number
}

/** @param last of the bytes, included */
async function fetchPiece(url: string, first: number, last: number, signal: AbortSignal): Promise<Piece> {
  const answer = await fetch(url, { headers: { range: `bytes=${first}-${last}` }, signal })
  if (!answer.ok) throw new Error(`the file was answered with ${answer.status}`)
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const [, length] = /\/(\d+)$/.exec(answer.headers.get('content-range') ?? '') ?? []
  return { bytes, length: length === undefined ? bytes.length : Number(length) }
}

/** A file of the program that PDF.js reads where it needs to: of hundreds of scanned pages only those that are looked at. */
class FileInPieces extends PDFDataRangeTransport {
  readonly #url: string
  readonly #stop: AbortController
  readonly #onFault: () => void

  constructor(url: string, { length, bytes }: Piece, stop: AbortController, onFault: () => void) {
    super(length, bytes)
    this.#url = url
    this.#stop = stop
    this.#onFault = onFault
  }

  override requestDataRange(begin: number, end: number): void {
    const { signal } = this.#stop
    fetchPiece(this.#url, begin, end - 1, signal).then(
      ({ bytes }) => this.onDataRange(begin, bytes),
      () => signal.aborted || this.#onFault(),
    )
  }

  override abort(): void {
    this.#stop.abort()
  }
}

/**
 * Opens a PDF file: one of the program's own by its address, one of this PC at once.
 * @param stop ends the reading
 * @param onFault a later piece could not be had
 * @throws what `fetch` throws
 */
export async function openPdf(
  file: string | Blob,
  stop: AbortController,
  onFault: () => void,
): Promise<PDFDocumentLoadingTask> {
  if (typeof file !== 'string') return getDocument({ ...USUAL, data: await file.arrayBuffer() })
  const first = await fetchPiece(file, 0, FIRST_BYTES - 1, stop.signal)
  if (first.bytes.length === first.length) return getDocument({ ...USUAL, data: first.bytes })
  const range = new FileInPieces(file, first, stop, onFault)
  return getDocument({ ...USUAL, range, rangeChunkSize: PIECE_BYTES, disableAutoFetch: true, disableStream: true })
}
