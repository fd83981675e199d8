import { lazy, Suspense } from 'react'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { DeliveriesScreen } from '../clerk/deliveries-screen.tsx'
import { SealScreen } from '../clerk/seal-screen.tsx'
import { CopyScreen } from '../copies/copy-screen.tsx'
import { SearchScreen } from '../copies/search-screen.tsx'
import { DiagnosticsScreen } from '../diagnostics/diagnostics-screen.tsx'
import { NewRequestScreen } from '../officer/new-request-screen.tsx'
import { QueueScreen } from '../officer/queue-screen.tsx'
import { RegisterScreen } from '../register/register-screen.tsx'
import { SettingsScreen } from '../settings/settings-screen.tsx'
import { WaitingScreen } from '../signer/waiting-screen.tsx'
import { TokensScreen } from '../tokens/tokens-screen.tsx'
import { VerifyScreen } from '../verify/verify-screen.tsx'
import type { Route } from './route.ts'

const JournalScreen = lazy(async () => ({ default: (await import('../journal/journal-screen.tsx')).JournalScreen }))

/** The screen of an address. */
export function ScreenOf({ route, person }: { readonly route: Route; readonly person: PersonItem }) {
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
    case 'journal':
      return (
        <Suspense>
          <JournalScreen />
        </Suspense>
      )
    case 'verify':
      return <VerifyScreen />
    case 'tokens':
      return <TokensScreen />
    case 'settings':
      return <SettingsScreen person={person} />
    case 'diagnostics':
      return <DiagnosticsScreen />
  }
}
