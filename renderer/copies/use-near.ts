import { type RefObject, useEffect, useRef, useState } from 'react'

/** Whether an element can be seen, or will be after half a screenful more: what is far away need not hold its picture. */
export function useNear<Element extends HTMLElement>(): readonly [RefObject<Element | null>, boolean] {
  const place = useRef<Element>(null)
  const [near, setNear] = useState(false)
  useEffect(() => {
    if (!place.current) return
    const observer = new IntersectionObserver(entries => setNear(entries.at(-1)?.isIntersecting ?? false), {
      // of the part that scrolls too, not of the window alone
      scrollMargin: '50%',
    })
    observer.observe(place.current)
    return () => observer.disconnect()
  }, [])
  return [place, near]
}
