/** Bytes of a file: first and last, both included. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * The part of a file that a request's Range header asks for (RFC 9110 §14.2).
 * @returns null where all of it is to be given: no header, or one that need not be heeded (other units, several parts)
 * @throws RangeError where the file has no such part
 */
export function requestedRange(header: string | null, length: number): ByteRange | null {
  const [, from, to] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (from === undefined || to === undefined || (from === '' && to === '')) return null
  const range =
    from === ''
      ? { first: Math.max(0, length - Number(to)), last: length - 1 }
      : { first: Number(from), last: to === '' ? length - 1 : Math.min(Number(to), length - 1) }
  // a range that ends before it begins is none at all
  if (from !== '' && to !== '' && Number(to) < Number(from)) return null
  if (range.first >= length || range.last < range.first) throw new RangeError(`no such bytes among ${length}`)
  return range
}
