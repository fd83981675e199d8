/** Shapes that the composing of documents takes and gives. Lengths in PDF points (1/72 inch) unless a name says otherwise. */

/** One page of the original as an image. The JPEG's bytes go into the PDF unchanged. */
export interface PageImage {
  readonly path: string
  readonly mediaType: 'image/jpeg' | 'image/png'
  readonly widthPx: number
  readonly heightPx: number
  /** Resolution that gives the page its paper size at 100 %. */
  readonly dpi: number
  /** Clockwise turn asked for by the officer, on top of the image as it is. */
  readonly rotation?: 0 | 90 | 180 | 270
}

/** A rectangle in the page's default user space, origin lower left. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** What the certification statement (lời chứng, Mẫu số 01 of NĐ 280/2025) says of one copy. */
export interface Statement {
  /** Number as written, at least two digits: "01", "127". */
  readonly number: string
  /** Book as written, with its symbol: "01/2026-SCT/BS". */
  readonly book: string
  /** Day of certification in Vietnam's calendar, `yyyy-mm-dd`. */
  readonly date: string
  /** Place and office: "UBND xã Thanh Bình". */
  readonly officeName: string
  /** Lines above the name, upper case: ["CHỦ TỊCH"] or ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"] (NĐ 30/2020 Phụ lục I II.7.b). */
  readonly signerTitle: readonly string[]
  readonly signerName: string
}

/** What a certified copy's last page says in letters that a reader sees, and where. */
export interface StatementOnPage {
  readonly number: string
  readonly book: string
  /** `yyyy-mm-dd` */
  readonly date: string
  readonly signerName: string
  /** In capitals; null where the statement stands on a page of the original, which does not name the office. */
  readonly officeName: string | null
  /** How many pages of the original the copy is said to have; null as above. */
  readonly originalPages: number | null
  /** Around heading, number and date, and around the name, points. Whatever lies over one of them hides the statement. */
  readonly places: readonly Rectangle[]
}

/** The end of the office's chain of events before a copy's number was taken: with every copy that is handed out goes a proof of the register. */
export interface ChainEnd {
  readonly sequence: number
  /** SHA-256 of the event, hexadecimal. */
  readonly hash: string
}

/** What the register holds of a copy, as the file itself says it (XMP): a verifier compares it with the statement on the page. */
export interface CopyMetadata extends Omit<Statement, 'signerTitle'> {
  /** Pages of the whole file, the statement's own page among them. */
  readonly pageCount: number
  readonly chain: ChainEnd
}

/** Where the statement goes: `auto` takes the first empty band of the last page that is large enough, else a new page. */
export type StatementPlacement = 'auto' | 'last-page' | 'new-page'

export interface CertifiedCopyRequest {
  /** Number of the form that the copy has for ever. */
  readonly form: 1
  readonly pages: readonly PageImage[]
  readonly statement: Statement
  readonly placement: StatementPlacement
  readonly title: string
  /** UTC; the only time that goes into the file, so the same request always gives the same bytes. */
  readonly createdAt: Date
  /** Real size of the seal, mm (36 for a commune, by setting). */
  readonly sealDiameterMm: number
  readonly chain: ChainEnd
}

/** Where the two signatures' appearances go on the composed copy. */
export interface CertifiedCopyLayout {
  readonly pageCount: number
  /** 1-based; always the last page. */
  readonly statementPage: number
  readonly signatureRectangle: Rectangle
  /** Covers the left third of the signature (NĐ 30/2020 Phụ lục I II.8.a). */
  readonly sealRectangle: Rectangle
}
