import { type RefObject, useEffect, useRef, useState } from 'react'

type Tell = (near: boolean) => void

/** Whom to tell of an element. */
const watched = new WeakMap<Element, Tell>()

/** One for all elements: each observer is asked for every picture on the screen, and a long copy has hundreds of pages. */
let observer: IntersectionObserver | null = null

function watch(element: Element, tell: Tell): () => void {
  observer ??= new IntersectionObserver(
    entries => {
      for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting)
    },
    // of the part that scrolls too, not of the window alone
    { scrollMargin: '50%' },
  )
  watched.set(element, tell)
  observer.observe(element)
  return () => {
    observer?.unobserve(element)
    watched.delete(element)
  }
}

/** Whether an element can be seen, or will be after half a screenful more: what is far away need not hold its picture. */
export function useNear<Shown extends HTMLElement>(): readonly [RefObject<Shown | null>, boolean] {
  const place = useRef<Shown>(null)
  const [near, setNear] = useState(false)
  useEffect(() => (place.current ? watch(place.current, setNear) : undefined), [])
  return [place, near]
}
