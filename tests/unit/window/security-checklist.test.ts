import { EventEmitter } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Session, WebContents } from 'electron'
import { describe, expect, test } from 'vitest'
import { isFromOwnPage } from '../../../electron/window/bridge-server.ts'
import { CONTENT_SECURITY_POLICY } from '../../../electron/window/content-security.ts'
import { guardNavigation, guardPermissions } from '../../../electron/window/guards.ts'
import { ORIGIN, START_PAGE } from '../../../electron/window/origin.ts'
import { pagePreferences } from '../../../electron/window/window-options.ts'
import builder from '../../../electron-builder.mjs'

/** Electron's own list of security recommendations (docs/tutorial/security.md), by its numbers. */

const root = join(import.meta.dirname, '..', '..', '..')
const sourcesOf = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => [join(folder, name), readFileSync(join(root, folder, name), 'utf8')])

const processSources = [
  ['electron/main.ts', readFileSync(join(root, 'electron', 'main.ts'), 'utf8')] as const,
  ['electron/preload.ts', readFileSync(join(root, 'electron', 'preload.ts'), 'utf8')] as const,
  ...sourcesOf('electron/window'),
]
const places = (pattern: RegExp) => processSources.filter(([, text]) => pattern.test(text)).map(([name]) => name)

const preferences = pagePreferences('/preload.cjs', false)

/** What the guards have put on a window. */
function guarded() {
  const events = new EventEmitter()
  let open: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  const contents = Object.assign(events, {
    setWindowOpenHandler: (handler: typeof open) => {
      open = handler
    },
  })
  const opened: string[] = []
  guardNavigation(contents as unknown as WebContents, address => opened.push(address))
  const prevented = (event: string, details: object): boolean => {
    let stopped = false
    events.emit(event, {
      ...details,
      preventDefault: () => {
        stopped = true
      },
    })
    return stopped
  }
  return { prevented, open: (url: string) => open({ url }), opened }
}

const strangers = [
  'https://example.org/',
  'http://localhost/',
  'file:///etc/passwd',
  'data:text/html,x',
  'app://desk.evil/',
  'app://desk@evil/',
  'chrome://gpu',
  'not an address',
]

test('1: nothing but the program’s own page is ever loaded', () => {
  expect(START_PAGE).toBe(`${ORIGIN}/index.html`)
  expect(places(/loadURL\((?!START_PAGE\))|loadFile\(|https?:\/\//)).toEqual([])
})

test('2: no Node in the page, its workers or frames', () => {
  expect(preferences).toMatchObject({
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
  })
})

test('3, 4: the preload has a world of its own, the page a sandbox, and so has every process', () => {
  expect(preferences).toMatchObject({ contextIsolation: true, sandbox: true })
  expect(places(/app\.enableSandbox\(\)/)).toEqual(['electron/main.ts'])
})

test('5: every permission is denied, asked or checked', () => {
  type Handlers = {
    request?: undefined | ((contents: null, permission: string, decide: (granted: boolean) => void) => void)
    check?: undefined | ((contents: null, permission: string, origin: string) => boolean)
    device?: undefined | (() => boolean)
  }
  const set: Handlers = {}
  guardPermissions({
    setPermissionRequestHandler: (handler: Handlers['request']) => {
      set.request = handler
    },
    setPermissionCheckHandler: (handler: Handlers['check']) => {
      set.check = handler
    },
    setDevicePermissionHandler: (handler: Handlers['device']) => {
      set.device = handler
    },
  } as unknown as Session)
  for (const permission of [
    'media',
    'geolocation',
    'usb',
    'notifications',
    'openExternal',
    'clipboard-read',
    'fileSystem',
    'unknown',
  ]) {
    let granted: boolean | undefined
    set.request?.(null, permission, answer => {
      granted = answer
    })
    expect(granted, permission).toBe(false)
    expect(set.check?.(null, permission, ORIGIN), permission).toBe(false)
  }
  expect(set.check?.(null, 'clipboard-sanitized-write', 'https://example.org')).toBe(false)
  expect(set.device?.()).toBe(false)
  expect(places(/guardPermissions\(session\.defaultSession\)/)).toEqual(['electron/window/run.ts'])
})

test('6, 8, 9, 10: web security is on, nothing experimental, no Blink feature', () => {
  expect(preferences).toMatchObject({
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
  })
  expect(places(/enableBlinkFeatures|appendSwitch|disable-web-security/)).toEqual([])
})

test('7: the policy allows nothing inline, no eval and nothing remote', () => {
  const directives = new Map(
    CONTENT_SECURITY_POLICY.split('; ').map(directive => {
      const [name = '', ...sources] = directive.split(' ')
      return [name, sources] as const
    }),
  )
  expect(directives.get('default-src')).toEqual(["'none'"])
  for (const [name, sources] of directives) {
    const allowed = name === 'img-src' ? ["'self'", 'blob:'] : ["'self'", "'none'"]
    expect(
      sources.every(source => allowed.includes(source)),
      name,
    ).toBe(true)
  }
  for (const name of ['base-uri', 'form-action', 'frame-ancestors'])
    expect(directives.get(name), name).toEqual(["'none'"])
})

test('11, 12: no webview can be attached', () => {
  expect(preferences.webviewTag).toBe(false)
  expect(guarded().prevented('will-attach-webview', {})).toBe(true)
})

describe('13: the window goes nowhere', () => {
  for (const url of strangers)
    test(url, () => {
      const { prevented } = guarded()
      expect(prevented('will-navigate', { url })).toBe(true)
      expect(prevented('will-redirect', { url })).toBe(true)
      expect(prevented('will-frame-navigate', { url, isMainFrame: true })).toBe(true)
      expect(prevented('will-frame-navigate', { url: START_PAGE, isMainFrame: false })).toBe(true)
    })
})

describe('14, 15: no second window; one way out, for known places only', () => {
  for (const url of [...strangers, START_PAGE])
    test(url, () => {
      const { open, opened } = guarded()
      expect(open(url)).toEqual({ action: 'deny' })
      expect(opened).toEqual([])
    })

  test('shell.openExternal is called in one place, behind the gate', () => {
    expect(places(/shell\.|openPath|showItemInFolder/)).toEqual(['electron/window/run.ts'])
    expect(places(/openExternal\(address\)/)).toEqual(['electron/window/guards.ts', 'electron/window/run.ts'])
  })
})

test('16: Electron is the newest that the design names', () => {
  const description: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(description).toMatchObject({ devDependencies: { electron: expect.stringMatching(/^45\./) } })
})

describe('17: a message is heard only from the main frame of our own page', () => {
  type Frame = Parameters<typeof isFromOwnPage>[0]['senderFrame']
  const from = (frame: { parent: object | null; origin: string } | null) =>
    isFromOwnPage({ senderFrame: frame as unknown as Frame })

  test('from nobody else', () => {
    expect(from(null)).toBe(false)
    expect(from({ parent: {}, origin: ORIGIN })).toBe(false)
    for (const origin of ['null', 'https://example.org', 'app://desk.evil', 'app://desk:1', 'file://'])
      expect(from({ parent: null, origin }), origin).toBe(false)
    expect(from({ parent: null, origin: ORIGIN })).toBe(true)
  })

  test('and on one channel', () => {
    expect(places(/ipcMain\.(handle|on|once)\(/)).toEqual(['electron/window/bridge-server.ts'])
  })
})

test('18: own scheme instead of file:, without the right to pass the policy or to use service workers', () => {
  const main = readFileSync(join(root, 'electron', 'main.ts'), 'utf8')
  const privileges = /privileges: \{([^}]*)\}/.exec(main)?.[1] ?? ''
  expect(privileges).toContain('standard: true')
  expect(privileges).toContain('secure: true')
  expect(privileges).not.toMatch(/bypassCSP|allowServiceWorkers|corsEnabled|stream/)
})

test('19: the fuses are set', () => {
  expect(builder.electronFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  })
})

test('20: the preload hands out no part of Electron, only calls on named channels', () => {
  const preload = readFileSync(join(root, 'electron', 'preload.ts'), 'utf8')
  expect(preload.match(/exposeInMainWorld\(/g)).toHaveLength(1)
  expect(preload).not.toMatch(/ipcRenderer\.(send|sendSync|postMessage|sendToHost)\b/)
  expect([...preload.matchAll(/ipcRenderer\.\w+\((\w+)/g)].map(match => match[1])).toEqual([
    'CALL_CHANNEL',
    'EVENT_CHANNEL',
    'EVENT_CHANNEL',
  ])
  expect(preload).toContain('satisfies DeskBridge')
})

test('the stand-in has all that the program takes from Electron', () => {
  const taken = new Set(
    processSources.flatMap(([name, text]) =>
      name.endsWith('preload.ts')
        ? []
        : [...text.matchAll(/^import \{([^}]*)\} from 'electron'/gm)].flatMap(match =>
            (match[1] ?? '')
              .split(',')
              .map(word => word.trim())
              .filter(word => word !== '' && !word.startsWith('type ')),
          ),
    ),
  )
  const index = readFileSync(join(root, 'electron', 'stand-in', 'index.ts'), 'utf8')
  for (const name of taken) expect(index, name).toMatch(new RegExp(`export (const ${name}\\b|\\{[^}]*\\b${name}\\b)`))
})
