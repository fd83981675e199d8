/** A part of the report: "Chương trình", "Token", … with its lines. */
export interface DiagnosticsSection {
  readonly title: string
  readonly lines: readonly {
    readonly name: string
    readonly value: string
    readonly state: 'ok' | 'warning' | 'error' | 'info'
  }[]
}

/** Made to be pasted into a support mail: no secret, no personal data, no path of a person's folder. */
export interface DiagnosticsReport {
  readonly sections: readonly DiagnosticsSection[]
  /** The same as plain text. */
  readonly text: string
}
