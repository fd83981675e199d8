/** The tariff as data, see `resources/office/fees.json` for its legal basis. Amounts in đồng. */
export interface Tariff {
  /** Ascending; `throughPage` null: all further pages. */
  readonly tiers: readonly { readonly throughPage: number | null; readonly perPage: number }[]
  readonly maximumPerCopy: number
}

/**
 * Fee of `copies` copies of an original of `pages` pages: by page of the original, capped per copy (TT 226/2016/TT-BTC). The electronic
 * copy counts as one copy at the same tariff.
 */
export function feeOf(pages: number, copies: number, tariff: Tariff): number {
  let perCopy = 0
  let counted = 0
  for (const tier of tariff.tiers) {
    const through = Math.min(pages, tier.throughPage ?? pages)
    perCopy += Math.max(0, through - counted) * tier.perPage
    counted = Math.max(counted, through)
  }
  return Math.min(perCopy, tariff.maximumPerCopy) * copies
}
