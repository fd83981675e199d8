import { useSyncExternalStore } from 'react'

const PLAIN = [
  'queue',
  'new-request',
  'waiting',
  'seal',
  'deliveries',
  'register',
  'journal',
  'verify',
  'tokens',
  'settings',
  'diagnostics',
] as const

/** Where the window is: one screen, and what it shows. */
export type Route =
  | { readonly screen: (typeof PLAIN)[number] }
  | { readonly screen: 'copy'; readonly copyId: string }
  | { readonly screen: 'search'; readonly text: string }

export type Screen = Route['screen']

/** Reads an address like `#/copy/0197…`; null for one that no screen has. */
export function parseRoute(hash: string): Route | null {
  const [screen, rest = ''] = hash.replace(/^#\/?/, '').split('/', 2)
  const plain = PLAIN.find(each => each === screen)
  if (plain) return { screen: plain }
  if (screen === 'copy' && /^[0-9A-Za-z-]{1,64}$/.test(rest)) return { screen, copyId: rest }
  if (screen === 'search') return { screen, text: decode(rest) }
  return null
}

export function routeHash(route: Route): string {
  if (route.screen === 'copy') return `#/copy/${route.copyId}`
  if (route.screen === 'search') return `#/search/${encodeURIComponent(route.text)}`
  return `#/${route.screen}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A half-typed "%": taken as it stands.
    return text
  }
}

const follow = (changed: () => void): (() => void) => {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

export const useHash = (): string => useSyncExternalStore(follow, () => window.location.hash)

export function go(route: Route): void {
  window.location.hash = routeHash(route)
}
