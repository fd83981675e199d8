import { useStored } from '../data/use-stored.ts'

/** Whether a key alone (`?`) is a shortcut: who speaks to the computer can switch that off (WCAG 2.1.4). */
export const useSingleKeys = () => useStored('desk.single-keys', stored => stored !== false)
