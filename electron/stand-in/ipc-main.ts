import type * as Electron from 'electron'

/** Who sent a message, as far as the program looks: fields of Electron's own event. */
export interface Sender {
  readonly sender: object
  readonly senderFrame: { readonly parent: object | null; readonly origin: string; readonly url: string } | null
}

type Listener = (event: Sender, ...sent: unknown[]) => unknown

const listeners = new Map<string, Listener>()

/** What the page's `ipcRenderer.invoke` gets back. */
export type Invoked = { readonly value: unknown } | { readonly error: string }

export async function invoked(event: Sender, channel: unknown, sent: unknown): Promise<Invoked> {
  const listener = typeof channel === 'string' ? listeners.get(channel) : undefined
  if (!listener) return { error: `No handler registered for '${String(channel)}'` }
  try {
    return { value: await listener(event, ...(Array.isArray(sent) ? sent : [])) }
  } catch (error) {
    return { error: `Error invoking remote method '${String(channel)}': ${String(error)}` }
  }
}

export const ipcMain = {
  handle(channel: string, listener: Listener): void {
    if (listeners.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    listeners.set(channel, listener)
  },
} satisfies { [Name in keyof Pick<Electron.IpcMain, 'handle'>]: (channel: string, listener: Listener) => void }

/** Does not compile when Electron's event no longer has what ours promises. */
export const sameEvent = (event: Electron.IpcMainInvokeEvent): Sender => event
