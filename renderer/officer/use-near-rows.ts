import { type RefObject, useEffect, useState } from 'react'

/** Rows drawn before anybody has looked where they are: more than a screen shows at first. */
const FIRST_ROWS = 12

/**
 * Which rows of a long scrolled list can be seen, or will be after one more screenful: only these need be drawn and be able to move.
 * @param list has one child for each row, which carries its id as `data-page`
 */
export function useNearRows(list: RefObject<HTMLElement | null>, ids: readonly string[]): ReadonlySet<string> {
  const [near, setNear] = useState<ReadonlySet<string>>(() => new Set(ids.slice(0, FIRST_ROWS)))
  useEffect(() => {
    const root = list.current
    if (!root) return
    const observer = new IntersectionObserver(
      entries =>
        setNear(before => {
          const after = new Set(before)
          for (const { target, isIntersecting } of entries) {
            const id = target instanceof HTMLElement ? target.dataset['page'] : undefined
            if (id && isIntersecting) after.add(id)
            else if (id) after.delete(id)
          }
          return after
        }),
      { root, rootMargin: '100% 0px' },
    )
    for (const row of [...root.children].slice(0, ids.length)) observer.observe(row)
    return () => observer.disconnect()
  }, [list, ids])
  return near
}
