/** Marks of tone: grave, acute, tilde, hook above, dot below. */
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g

/** The word, decomposed, with its tone at its end, wherever it was set. */
const toneLast = (word: string): string => word.replace(TONES, '') + (word.match(TONES) ?? []).join('')

/** As names are compared: letter case and abbreviation are no matter, marks stand for themselves. */
const plain = (name: string): string =>
  name
    .toLocaleUpperCase('vi')
    .replace(/(?<!\p{L})UBND(?!\p{L})/gu, 'ỦY BAN NHÂN DÂN')
    .normalize('NFD')

/** Neither are spaces, nor which vowel of a syllable bears its tone (Uỷ, Ủy). */
const key = (name: string): string =>
  plain(name)
    .replace(/[\p{L}\p{M}]+/gu, toneLast)
    .trim()
    .replace(/\s+/g, ' ')

/** Whether two names are the same person's or office's as far as writing tells. */
export const isSameName = (one: string, other: string): boolean => key(one) === key(other)

/** The same for a name that was broken into lines, at whatever letter: its words are those of the name as it is known. */
export function isSameInLines(lines: string, name: string): boolean {
  const words = plain(name).match(/[\p{L}\p{M}]+|[^\p{L}\p{M}\s]+/gu) ?? []
  const shown = plain(lines).replace(/\s/g, '').normalize('NFD')
  let at = 0
  for (const word of words) {
    let end = at
    for (let left = word.replace(TONES, '').length; end < shown.length; end++) {
      const isTone = shown.charAt(end).search(TONES) === 0
      if (!isTone && left-- === 0) break
    }
    if (toneLast(shown.slice(at, end)) !== toneLast(word)) return false
    at = end
  }
  return at === shown.length
}

/** Whether a certificate is that office's by its common name, which may go on to say where the office is: "UBND xã A, tỉnh B". */
export function isOfficeName(commonName: string, office: string): boolean {
  const [found, wanted] = [key(commonName), key(office)]
  return found === wanted || /^(?: ?,| -)/.test(found.startsWith(wanted) ? found.slice(wanted.length) : '')
}
