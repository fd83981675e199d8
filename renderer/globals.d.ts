/// <reference types="vite/client" />
import type { DeskBridge } from '../electron/api/bridge.ts'
import type texts from './texts/vi.json'

declare global {
  interface Window {
    /** What the preload gives the page; see `electron/api/bridge.ts`. */
    readonly desk: DeskBridge
  }
}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof texts }
  }
}
