import { usePractice } from './session.ts'
import type { SignatureKind } from './signing.ts'
import { useStored } from './use-stored.ts'

const textsOf = (stored: unknown): readonly string[] =>
  Array.isArray(stored) ? stored.filter(each => typeof each === 'string') : []

/** A practice token's PIN stands beside its field, until somebody changes it: the new one is written down nowhere. */
export function usePracticePins() {
  const practice = usePractice()
  const [changed, setChanged] = useStored('desk.practice-pins-changed', textsOf)
  return {
    /** Null in a real office. */
    pinOf(kind: SignatureKind, serialNumber: string): { readonly pin: string } | 'changed' | null {
      const known = practice.data?.tokens.find(each => each.kind === kind)
      return known && changed.includes(serialNumber) ? 'changed' : (known ?? null)
    },
    noteChange(serialNumber: string): void {
      if (practice.data && !changed.includes(serialNumber)) setChanged([...changed, serialNumber])
    },
  }
}
