import type { Known } from '../data/journal.ts'

/** A head as it stands on the printed register, or as this page copies it ("1234:ab12…"); null while it is none. */
export function parseKnown(sequence: string, hash: string): Known | null {
  const [last = '', first = sequence] = hash.split(':').reverse()
  const number = Number(first.replace(/[\s.]/g, ''))
  const characters = last.replace(/\s/g, '').toLowerCase()
  return Number.isSafeInteger(number) && number > 0 && /^[0-9a-f]{16,64}$/.test(characters)
    ? { sequence: number, hash: characters }
    : null
}
