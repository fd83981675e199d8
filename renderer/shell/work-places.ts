import {
  type Icon,
  IconActivityHeartbeat,
  IconBook2,
  IconFilePlus,
  IconFileSearch,
  IconHome,
  IconListCheck,
  IconRubberStamp,
  IconSend,
  IconSettings,
  IconSignature,
  IconUsb,
} from '@tabler/icons-react'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import type { Route } from './route.ts'

type Role = PersonItem['roles'][number]
export type Place = Exclude<Route['screen'], 'copy' | 'search'>

interface WorkPlace {
  readonly screen: Place
  readonly icon: Icon
  /** Who sees it; everybody where there is none. */
  readonly roles?: readonly Role[]
  /** Shows how many copies wait, being the place where they wait. */
  readonly waits?: true
}

/** The office's work, in the order in which a copy goes through the hands. A new screen is a new line here. */
export const WORK: readonly WorkPlace[] = [
  { screen: 'queue', icon: IconHome, roles: ['officer'], waits: true },
  { screen: 'new-request', icon: IconFilePlus, roles: ['officer'] },
  { screen: 'waiting', icon: IconSignature, roles: ['signer'], waits: true },
  { screen: 'seal', icon: IconRubberStamp, roles: ['clerk'], waits: true },
  { screen: 'deliveries', icon: IconSend, roles: ['clerk', 'officer'] },
]

export const LOOKING: readonly WorkPlace[] = [
  { screen: 'register', icon: IconBook2 },
  { screen: 'journal', icon: IconListCheck, roles: ['admin', 'signer'] },
  { screen: 'verify', icon: IconFileSearch },
]

export const PROGRAM: readonly WorkPlace[] = [
  { screen: 'tokens', icon: IconUsb },
  { screen: 'settings', icon: IconSettings },
  { screen: 'diagnostics', icon: IconActivityHeartbeat },
]

export const forRoles = (places: readonly WorkPlace[], roles: readonly Role[]): readonly WorkPlace[] =>
  places.filter(place => !place.roles || place.roles.some(role => roles.includes(role)))

/** Where somebody with these roles begins. */
export const homeOf = (roles: readonly Role[]): Place => forRoles(WORK, roles)[0]?.screen ?? 'settings'
