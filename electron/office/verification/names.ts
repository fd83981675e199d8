/** Marks of tone: grave, acute, tilde, hook above, dot below. */
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g

/** The word with its tone at its end, wherever it was set. */
function toneLast(word: string): string {
  const letters = word.normalize('NFD')
  return letters.replace(TONES, '') + (letters.match(TONES) ?? []).join('')
}

/** A name by which names are compared: letter case, spaces, and which vowel of a syllable bears its tone (Uỷ, Ủy) are no matter. */
const key = (name: string): string =>
  name
    .toLocaleUpperCase('vi')
    .replace(/(?<!\p{L})UBND(?!\p{L})/gu, 'ỦY BAN NHÂN DÂN')
    .split(/\s+/)
    .filter(word => word !== '')
    .map(toneLast)
    .join(' ')

/** Whether two names are the same person's or office's as far as writing tells. */
export const isSameName = (one: string, other: string): boolean => key(one) === key(other)

/** The same for names that were broken into lines, perhaps in the middle of a word. */
export const isSameInLines = (lines: string, name: string): boolean =>
  key(lines).replaceAll(' ', '') === key(name).replaceAll(' ', '')

/** Whether a certificate is that office's by its common name, which may go on to say where the office is: "UBND xã A, tỉnh B". */
export function isOfficeName(commonName: string, office: string): boolean {
  const [found, wanted] = [key(commonName), key(office)]
  return found === wanted || /^(?: ?,| -)/.test(found.startsWith(wanted) ? found.slice(wanted.length) : '')
}
