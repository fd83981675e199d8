/** By how much an authority's clock may be ahead of ours, milliseconds: what it made just now is not of the future for that. */
const CLOCK_TOLERANCE = 5 * 60 * 1000

/** Newest time that a list, an answer or a token made just now may bear. */
export function newestBelievable(now: Date): Date {
  return new Date(now.getTime() + CLOCK_TOLERANCE)
}
