import type { ChangeItem, SignatureItem, VerificationItem } from '../../electron/api/contract/verify.ts'

/** The file as it was at one time: when a signature was made, or as it is now. */
export interface Revision {
  /** Length of the file then, bytes; null for the whole file. */
  readonly end: number | null
  /** Whose signature ends it; null for the file as it is now. */
  readonly signature: SignatureItem | null
  /** What had been changed by then since the first signature. */
  readonly changes: readonly ChangeItem[]
}

/** The states of a file that can be looked at, oldest first; the last is the file as it is now. */
export function revisionsOf({ signatures }: VerificationItem): readonly Revision[] {
  const whole = signatures.filter(({ coverage }) => coverage !== 'partial')
  const ordered = whole.toSorted((one, other) => one.revisionEnd - other.revisionEnd)
  const all = ordered[0]?.changes ?? []
  const states = ordered.map(signature => ({
    end: signature.revisionEnd,
    signature,
    // what came after this one is the end of what came after the first
    changes: all.slice(0, all.length - signature.changes.length),
  }))
  const last = states.at(-1)
  const isNow = last?.signature.coverage === 'whole-file'
  return isNow ? states : [...states, { end: null, signature: null, changes: all }]
}
