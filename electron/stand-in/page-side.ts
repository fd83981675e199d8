/** Names under which page and main process find each other. Real Electron has no such names in the page. */
const INVOKE = 'standInInvoke'
export const HEAR = 'standInHear'
/** The one thing that Chromium itself puts into each page: takes a text to the main process. */
export const SEND = 'standInSend'
export const ANSWER = 'standInAnswer'

/**
 * The script that runs before any other in every frame. A main frame of the program's own origin is given the built preload, with what
 * `require('electron')` gives it in Electron's sandbox, and what it exposes is put into the page, frozen.
 */
export function pageSide(preload: string, ownOrigins: readonly string[]): string {
  return `(() => {
  const send = window.${SEND}
  const asked = new Map()
  let last = 0
  const invoke = message => new Promise(resolve => {
    asked.set(++last, resolve)
    send(JSON.stringify({ id: last, message }))
  })
  const hidden = (name, value) => Object.defineProperty(window, name, { value })
  hidden('${INVOKE}', invoke)
  hidden('${ANSWER}', (id, answer) => { asked.get(id)?.(answer); asked.delete(id) })
  if (window.top !== window || !${JSON.stringify(ownOrigins)}.some(end => location.hostname.endsWith(end))) return
  const listeners = new Map()
  hidden('${HEAR}', (channel, sent) => { for (const listener of listeners.get(channel) ?? []) listener({}, ...sent) })
  const ipcRenderer = {
    invoke: async (channel, ...sent) => {
      const answer = await invoke({ channel, sent })
      if ('error' in answer) throw new Error(answer.error)
      return answer.value
    },
    on: (channel, listener) => { listeners.set(channel, new Set(listeners.get(channel)).add(listener)) },
    removeListener: (channel, listener) => { listeners.get(channel)?.delete(listener) },
  }
  const frozen = value => typeof value === 'object' && value !== null
    ? Object.freeze(Object.fromEntries(Object.entries(value).map(([key, part]) => [key, frozen(part)])))
    : value
  const contextBridge = {
    exposeInMainWorld: (name, value) => { Object.defineProperty(window, name, { value: frozen(value), enumerable: true }) },
  }
  const parts = { electron: { contextBridge, ipcRenderer } }
  const require = name => {
    if (!(name in parts)) throw new Error('module not found: ' + name)
    return parts[name]
  }
  const module = { exports: {} }
  ;(function (exports, require, module) {
${preload}
  })(module.exports, require, module)
})()`
}
