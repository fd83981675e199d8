/** Undo and redo over the pages of a draft, as pure rules: what the office holds is one state among those remembered. */

export interface Leaf {
  readonly id: string
  readonly rotation: 0 | 90 | 180 | 270
}

export type Leaves = readonly Leaf[]

export interface PageHistory {
  readonly past: readonly Leaves[]
  readonly present: Leaves
  readonly future: readonly Leaves[]
}

/** Steps kept; more than anybody goes back. */
const LONGEST_PAST = 100

export const begin = (present: Leaves): PageHistory => ({ past: [], present, future: [] })

export const same = (a: Leaves, b: Leaves): boolean =>
  a.length === b.length && a.every((leaf, index) => leaf.id === b[index]?.id && leaf.rotation === b[index]?.rotation)

/** A new state after the present one; what was undone before it is forgotten. */
export function record(history: PageHistory, next: Leaves): PageHistory {
  if (same(history.present, next)) return history
  return { past: [...history.past, history.present].slice(-LONGEST_PAST), present: next, future: [] }
}

/** One step back; the same history where there is none. */
export function undo({ past, present, future }: PageHistory): PageHistory {
  const before = past.at(-1)
  return before ? { past: past.slice(0, -1), present: before, future: [present, ...future] } : { past, present, future }
}

export function redo({ past, present, future }: PageHistory): PageHistory {
  const [after, ...rest] = future
  return after ? { past: [...past, present], present: after, future: rest } : { past, present, future }
}

/** Pages that came back have new ids: every remembered state names them anew. */
export function rename(history: PageHistory, ids: ReadonlyMap<string, string>): PageHistory {
  const renamed = (leaves: Leaves): Leaves => leaves.map(leaf => ({ ...leaf, id: ids.get(leaf.id) ?? leaf.id }))
  return {
    past: history.past.map(renamed),
    present: renamed(history.present),
    future: history.future.map(renamed),
  }
}

/** Pages of `target` that the office no longer holds, with the place where each stands. */
export function toRestore(held: Leaves, target: Leaves): readonly { readonly id: string; readonly at: number }[] {
  const ids = new Set(held.map(leaf => leaf.id))
  return target.flatMap(({ id }, at) => (ids.has(id) ? [] : [{ id, at }]))
}

/** `leaf` moved to another place, counted from 0 and kept within the row. */
export function moved(leaves: Leaves, id: string, to: number): Leaves {
  const leaf = leaves.find(each => each.id === id)
  if (!leaf) return leaves
  const place = Math.max(0, Math.min(to, leaves.length - 1))
  return leaves.filter(each => each.id !== id).toSpliced(place, 0, leaf)
}

export const removed = (leaves: Leaves, id: string): Leaves => leaves.filter(leaf => leaf.id !== id)

const turns = { 0: 90, 90: 180, 180: 270, 270: 0 } as const

/** A quarter turn clockwise. */
export const turned = (leaves: Leaves, id: string): Leaves =>
  leaves.map(leaf => (leaf.id === id ? { ...leaf, rotation: turns[leaf.rotation] } : leaf))
