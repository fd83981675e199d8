import { contextBridge, ipcRenderer } from 'electron'
import type { BridgeEvent, DeskBridge } from './api/bridge.ts'
import { CALL_CHANNEL, EVENT_CHANNEL } from './api/channels.ts'

/** All that the page can reach of the program: one way to call, one way to be told. What may be called is the main process's to judge. */
const desk = {
  call: call => ipcRenderer.invoke(CALL_CHANNEL, call),
  onEvent: listener => {
    const hear = (_: unknown, event: BridgeEvent) => listener(event)
    ipcRenderer.on(EVENT_CHANNEL, hear)
    return () => {
      ipcRenderer.removeListener(EVENT_CHANNEL, hear)
    }
  },
} satisfies DeskBridge

contextBridge.exposeInMainWorld('desk', desk)
