/**
 * Text as it may be set: composed (NFC), white space of any kind and control characters as single spaces, soft hyphens and other invisible
 * format characters gone.
 */
export function composeText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\s\p{Cc}\p{Co}\p{Cs}]+/gu, ' ')
}

/** As `composeText`, without spaces at either end. */
export function cleanText(text: string): string {
  return composeText(text).trim()
}

/**
 * Breaks `text` at spaces into lines no wider than `limit`; a single word that is wider is broken between letters.
 * @param width gives the width of a text, in the unit of `limit`
 */
export function wrapText(text: string, limit: number, width: (text: string) => number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of cleanText(text).split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (width(joined) <= limit) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    line = ''
    for (const letter of word) {
      if (line !== '' && width(line + letter) > limit) {
        lines.push(line)
        line = ''
      }
      line += letter
    }
  }
  lines.push(line)
  return lines
}
