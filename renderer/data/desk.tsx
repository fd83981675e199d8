import { createTRPCClient, type TRPCClient } from '@trpc/client'
import { createContext, type ReactNode, useContext } from 'react'
import type { DeskBridge } from '../../electron/api/bridge.ts'
import { deskLink } from '../../electron/api/link.ts'
import type { DeskRouter } from '../../electron/api/router.ts'

export type Desk = TRPCClient<DeskRouter>

export const createDesk = (bridge: DeskBridge): Desk => createTRPCClient<DeskRouter>({ links: [deskLink(bridge)] })

const DeskContext = createContext<Desk | null>(null)

export function DeskProvider({ desk, children }: { readonly desk: Desk; readonly children: ReactNode }) {
  return <DeskContext value={desk}>{children}</DeskContext>
}

/** The office, as the page calls it. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('no DeskProvider above')
  return desk
}
