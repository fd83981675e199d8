/** What a program says of one signature of a file. */
export interface Opinion {
  /** Name of the field, where the program tells it. */
  readonly field: string | null
  /** "B-B" … "B-LTA", where the program tells it; "timestamp" for a document time-stamp. */
  readonly level: string | null
  readonly valid: boolean
  readonly detail: string
}

/** What every judge is given to trust; paths of DER files. */
export interface Trust {
  readonly roots: readonly string[]
  readonly helpers: readonly string[]
  readonly lists: readonly string[]
}

export interface SignerFiles {
  readonly commonName: string
  /** PEM. */
  readonly key: string
  readonly certificate: string
  /** PKCS#12 with the chain. */
  readonly keyStore: string
  readonly password: string
}

export interface SigningOrder {
  readonly input: string
  readonly output: string
  readonly signer: SignerFiles
  readonly field: string
  readonly level: 'B-B' | 'B-T' | 'B-LT' | 'B-LTA'
  readonly subFilter: 'ETSI.CAdES.detached' | 'adbe.pkcs7.detached'
  readonly timestampAuthority: string | null
  readonly trust: Trust
  readonly pss?: boolean
  readonly certify?: boolean
  readonly visible?: boolean
}

/** Part and conformance level of PDF/A (ISO 19005). */
export type Archival = '2b' | '4'

/** Another program. What it cannot do is missing. */
export interface Peer extends AsyncDisposable {
  readonly name: string
  /** Of the process that does the work, where one lives on between the questions. */
  readonly processId?: number | undefined
  /** The highest level that its judge tells apart; every one when left out. */
  readonly highestLevel?: 'B-T'
  judge?(file: string, trust: Trust): Promise<readonly Opinion[]>
  sign?(order: SigningOrder): Promise<void>
  /** Why the file is no sound file of its kind; null where it is. @param archival the PDF/A that it must be */
  check?(file: string, archival: Archival | null): Promise<string | null>
}

/** A peer that cannot be had on this machine, and why. */
export interface MissingPeer {
  readonly name: string
  readonly missing: string
}
