import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import type texts from '../texts/vi.json'
import { useShortcut } from './use-shortcut.ts'

/** Screens that have a help text. */
export type HelpTopic = Exclude<keyof (typeof texts)['help'], 'button'>

interface Help {
  readonly open: boolean
  readonly toggle: () => void
}

const HelpContext = createContext<Help>({ open: false, toggle: () => {} })

export const useHelp = (): Help => useContext(HelpContext)

/** Help stays open from screen to screen, as somebody who learns wants it. */
export function HelpProvider({ children }: { readonly children: ReactNode }) {
  const [open, setOpen] = useState(false)
  const toggle = useCallback(() => setOpen(before => !before), [])
  useShortcut('help', toggle)
  const help = useMemo(() => ({ open, toggle }), [open, toggle])
  return <HelpContext value={help}>{children}</HelpContext>
}
