/** Marks of tone: grave, acute, tilde, hook above, dot below. */
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g

/** The word, decomposed, with its tone at its end, wherever it was set. */
const toneLast = (word: string): string => word.replace(TONES, '') + (word.match(TONES) ?? []).join('')

/** A name by which names are compared: letter case, spaces, and which vowel of a syllable bears its tone (Uỷ, Ủy) are no matter. */
const key = (name: string): string =>
  name
    .toLocaleUpperCase('vi')
    .replace(/(?<!\p{L})UBND(?!\p{L})/gu, 'ỦY BAN NHÂN DÂN')
    .normalize('NFD')
    .replace(/[\p{L}\p{M}]+/gu, toneLast)
    .trim()
    .replace(/\s+/g, ' ')

/** Whether two names are the same person's or office's as far as writing tells. */
export const isSameName = (one: string, other: string): boolean => key(one) === key(other)

/** The same for names that were broken into lines. */
export const isSameInLines = (lines: string, name: string): boolean =>
  key(lines).replaceAll(' ', '') === key(name).replaceAll(' ', '')

/** Whether a certificate is that office's by its common name, which may go on to say where the office is: "UBND xã A, tỉnh B". */
export function isOfficeName(commonName: string, office: string): boolean {
  const [found, wanted] = [key(commonName), key(office)]
  return found === wanted || /^(?: ?,| -)/.test(found.startsWith(wanted) ? found.slice(wanted.length) : '')
}
