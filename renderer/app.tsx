import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import '@fontsource/be-vietnam-pro/400.css'
import '@fontsource/be-vietnam-pro/500.css'
import '@fontsource/be-vietnam-pro/600.css'
import 'virtual:mantine-styles.css'
import '@mantine/notifications/styles.layer.css'
import 'virtual:theme-variables.css'
import './design/base.css'
import { type Desk, DeskProvider } from './data/desk.tsx'
import { newQueryClient } from './data/query-client.ts'
import { theme } from './design/theme.ts'
import { Start } from './shell/start.tsx'

/** One window of the desk. */
export function App({ desk }: { readonly desk: Desk }) {
  const [client] = useState(newQueryClient)
  return (
    <MantineProvider theme={theme} defaultColorScheme="light" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={client}>
        <DeskProvider desk={desk}>
          <Start />
          <Notifications position="bottom-left" limit={4} />
        </DeskProvider>
      </QueryClientProvider>
    </MantineProvider>
  )
}
