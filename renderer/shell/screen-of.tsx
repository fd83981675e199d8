import { lazy, Suspense } from 'react'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { SealScreen } from '../clerk/seal-screen.tsx'
import { CopyScreen } from '../copies/copy-screen.tsx'
import { SearchScreen } from '../copies/search-screen.tsx'
import { NewRequestScreen } from '../officer/new-request-screen.tsx'
import { QueueScreen } from '../officer/queue-screen.tsx'
import { WaitingScreen } from '../signer/waiting-screen.tsx'
import type { Route } from './route.ts'

const DeliveriesScreen = lazy(() => import('../clerk/deliveries-screen.tsx'))
const RegisterScreen = lazy(() => import('../register/register-screen.tsx'))
const VerifyScreen = lazy(() => import('../verify/verify-screen.tsx'))
const SettingsScreen = lazy(() => import('../settings/settings-screen.tsx'))
const DiagnosticsScreen = lazy(() => import('../diagnostics/diagnostics-screen.tsx'))

/** The screen of an address. What is needed daily is there at once, the rest is read when first opened. */
export function ScreenOf({ route, person }: { readonly route: Route; readonly person: PersonItem }) {
  return <Suspense fallback={null}>{screenOf(route, person)}</Suspense>
}

function screenOf(route: Route, person: PersonItem) {
  switch (route.screen) {
    case 'queue':
      return <QueueScreen />
    case 'new-request':
      return <NewRequestScreen />
    case 'copy':
      return <CopyScreen copyId={route.copyId} person={person} />
    case 'waiting':
      return <WaitingScreen />
    case 'seal':
      return <SealScreen />
    case 'deliveries':
      return <DeliveriesScreen />
    case 'search':
      return <SearchScreen text={route.text} />
    case 'register':
      return <RegisterScreen person={person} />
    case 'verify':
      return <VerifyScreen />
    case 'settings':
      return <SettingsScreen person={person} />
    case 'diagnostics':
      return <DiagnosticsScreen />
  }
}
