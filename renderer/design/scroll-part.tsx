import type { ComponentProps } from 'react'

/** A part that scrolls by itself: the keyboard must reach it to scroll it too. */
export function ScrollPart(section: ComponentProps<'section'> & { readonly 'aria-label': string }) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
  return <section {...section} tabIndex={0} />
}
