import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  begin,
  type Leaf,
  type Leaves,
  moved,
  type PageHistory,
  record,
  redo,
  removed,
  rename,
  same,
  toRestore,
  turned,
  undo,
} from '../../../renderer/data/page-history.ts'

const leaf = (id: string): Leaf => ({ id, rotation: 0 })
const leaves = (text: string): Leaves => [...text].map(leaf)
const ids = (row: Leaves): string => row.map(each => each.id).join('')

/** The office as it is: it holds pages, gives restored ones new ids, and keeps their order. */
class Office {
  held: Leaves
  #next = 0
  readonly #removed = new Map<string, Leaf>()

  constructor(held: Leaves) {
    this.held = held
  }

  restore(pages: readonly { readonly id: string; readonly at: number }[]): ReadonlyMap<string, string> {
    const renamed = new Map<string, string>()
    for (const { id, at } of pages) {
      const page = this.#removed.get(id)
      if (!page) throw new Error(`nothing to restore under ${id}`)
      const now = `n${this.#next++}`
      renamed.set(id, now)
      this.held = this.held.toSpliced(at, 0, { ...page, id: now })
    }
    return renamed
  }

  arrange(pages: Leaves): void {
    for (const page of this.held) if (!pages.some(each => each.id === page.id)) this.#removed.set(page.id, page)
    this.held = pages
  }
}

function bring(office: Office, history: PageHistory): PageHistory {
  const renamed = rename(history, office.restore(toRestore(office.held, history.present)))
  office.arrange(renamed.present)
  return renamed
}

describe('pages of a draft', () => {
  test('a page cannot be moved beyond the ends, and an unknown one moves nothing', () => {
    expect(ids(moved(leaves('abc'), 'a', 9))).toBe('bca')
    expect(ids(moved(leaves('abc'), 'c', -3))).toBe('cab')
    expect(ids(moved(leaves('abc'), 'x', 0))).toBe('abc')
  })

  test('four quarter turns are none', () => {
    const start = leaves('ab')
    expect(turned(turned(turned(turned(start, 'a'), 'a'), 'a'), 'a')).toEqual(start)
    expect(turned(start, 'a')).toEqual([{ id: 'a', rotation: 90 }, leaf('b')])
  })

  test('what changes nothing is no step', () => {
    const history = begin(leaves('ab'))
    expect(record(history, leaves('ab'))).toBe(history)
  })

  test('a new step after an undo forgets what was undone', () => {
    const history = record(undo(record(begin(leaves('ab')), leaves('ba'))), leaves('a'))
    expect(history.future).toEqual([])
    expect(ids(redo(history).present)).toBe('a')
  })

  test('at either end undo and redo do nothing', () => {
    const history = begin(leaves('ab'))
    expect(undo(history)).toEqual(history)
    expect(redo(history)).toEqual(history)
  })

  test('any steps, undone to the beginning and done again, give the same pages in the same order', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('move' as const), from: fc.nat(9), to: fc.nat(9) }),
      fc.record({ kind: fc.constant('turn' as const), from: fc.nat(9), to: fc.nat(9) }),
      fc.record({ kind: fc.constant('remove' as const), from: fc.nat(9), to: fc.nat(9) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), steps => {
        const office = new Office(leaves('abcdef'))
        let history = begin(office.held)
        let taken = 0
        for (const { kind, from, to } of steps) {
          const id = history.present[from % Math.max(1, history.present.length)]?.id ?? ''
          const rule = { move: moved, turn: turned, remove: removed }[kind]
          const next = record(history, rule(history.present, id, to))
          if (next !== history) taken++
          history = bring(office, next)
        }
        const shape = (row: Leaves) => row.map(each => each.rotation)
        const end = shape(history.present)
        for (let back = 0; back < taken; back++) history = bring(office, undo(history))
        expect(shape(history.present)).toEqual([0, 0, 0, 0, 0, 0])
        expect(history.past).toEqual([])
        for (let on = 0; on < taken; on++) history = bring(office, redo(history))
        expect(shape(history.present)).toEqual(end)
        expect(same(history.present, office.held)).toBe(true)
        expect(new Set(office.held.map(each => each.id)).size).toBe(office.held.length)
      }),
    )
  })
})
