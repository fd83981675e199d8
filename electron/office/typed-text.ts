import { z } from 'zod'

/**
 * What must not stand in a text that people read, print and sign: controls, bidi marks and other format characters, halves of surrogate
 * pairs, private and unassigned code points (all \p{C}); line and paragraph separators; what is drawn as nothing at all (zero-width, fillers,
 * tags, the Braille blank); the marks of lost text; more than three accents on one letter, which would cover the lines above.
 */
const REFUSED = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\uFFFC\uFFFD]|\p{M}{3}(\p{M})/u

/** "U+202E" of the first character that is refused, or null. */
function refusedIn(text: string): string | null {
  const found = REFUSED.exec(text)
  const code = (found?.[1] ?? found?.[0])?.codePointAt(0)
  return code === undefined ? null : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Spaces of every width (also the one that Word puts between numbers) are one plain space; the same letter is always the same code points. */
const inOrder = (line: string): string =>
  line
    .normalize('NFC')
    .replace(/[\p{Zs}\t]+/gu, ' ')
    .trim()

type Context = Pick<z.core.$RefinementCtx<unknown>, 'addIssue'>

function lineOf(text: string, context: Context): string {
  const line = inOrder(text)
  const character = refusedIn(line)
  if (character !== null) context.addIssue({ code: 'custom', params: { character } })
  return line
}

const filled = z.string().min(1).max(1000)

/** One line that a person typed: in order, not empty, nothing in it that cannot be seen. Every such field of the program is parsed by it. */
export const typedText = z.string().transform(lineOf).pipe(filled)

/** The same over several lines, as a reason may be. */
export const typedLines = z
  .string()
  .transform((text, context) =>
    text
      .split(/\r\n?|\n/)
      .map(line => lineOf(line, context))
      .join('\n')
      .trim(),
  )
  .pipe(filled)

/** The code point in a failed parse of `typedText`, to be named to the person. */
export function refusedCharacter(issue: z.core.$ZodIssue): string | null {
  const character = issue.code === 'custom' ? issue.params?.['character'] : null
  return typeof character === 'string' ? character : null
}
