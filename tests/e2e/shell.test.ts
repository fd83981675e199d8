import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { isOwnPage, launchDesk, type RunningDesk } from './support/launch.ts'

let folder: TemporaryFolder
let desk: RunningDesk

beforeAll(async () => {
  folder = temporaryFolder()
  desk = await launchDesk({ dataFolder: folder.path })
})
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** Gives an attack the time to work before it is judged to have failed. */
const settle = () => pause(250)
const home = () => desk.page.url()

/** The bridge as an attacker in the page would use it: with anything. */
const callBridge = (sent: unknown): Promise<unknown> =>
  desk.page.evaluate(async what => {
    const bridge: unknown = Reflect.get(window, 'desk')
    const call: unknown = typeof bridge === 'object' && bridge !== null ? Reflect.get(bridge, 'call') : null
    return typeof call === 'function' ? call(what) : 'no bridge'
  }, sent)

const refused = expect.objectContaining({
  ok: false,
  error: expect.objectContaining({ message: 'call-refused' }),
})

describe('the window', () => {
  test('opens with its page, and the page can ask who works here', async () => {
    expect(await desk.page.title()).toContain('Bàn chứng thực')
    expect(await callBridge({ kind: 'call', type: 'query', path: 'session.state' })).toMatchObject({
      ok: true,
      data: { office: null, person: null, language: 'vi' },
    })
  })

  test('gives the page the bridge, frozen, and nothing of Node', async () => {
    const seen = await desk.page.evaluate(() => {
      const bridge: unknown = Reflect.get(window, 'desk')
      return {
        keys: typeof bridge === 'object' && bridge !== null ? Object.keys(bridge).sort() : [],
        frozen: Object.isFrozen(bridge),
        replaced: Reflect.set(window, 'desk', null),
        node: ['require', 'process', 'module', 'Buffer', 'global'].filter(name => name in window),
      }
    })
    expect(seen).toEqual({ keys: ['call', 'onEvent'], frozen: true, replaced: false, node: [] })
  })

  test('a second start does not open a second window', async () => {
    await expect(launchDesk({ dataFolder: folder.path })).rejects.toThrow('did not start')
    expect(await desk.page.title()).toContain('Bàn chứng thực')
  })
})

describe('the content security policy holds', () => {
  const attacks: Readonly<Record<string, string>> = {
    'inline script': `const s = document.createElement('script'); s.textContent = 'window.hacked = 1'; document.body.append(s)`,
    'inline handler': `document.body.insertAdjacentHTML('beforeend', '<img src="/nothing.png" onerror="window.hacked = 1">')`,
    'remote script': `const s = document.createElement('script'); s.src = 'https://example.org/x.js'; s.onload = () => { window.hacked = 1 }; document.body.append(s)`,
    'script from data:': `const s = document.createElement('script'); s.src = 'data:text/javascript,window.hacked=1'; document.body.append(s)`,
    'script from blob:': `const s = document.createElement('script'); s.src = URL.createObjectURL(new Blob(['window.hacked=1'])); document.body.append(s)`,
    'javascript: link': `const a = document.createElement('a'); a.href = 'javascript:window.hacked=1'; document.body.append(a); a.click()`,
    'remote frame': `const f = document.createElement('iframe'); f.src = 'https://example.org/'; document.body.append(f)`,
    'remote picture': `const i = new Image(); i.onload = () => { window.hacked = 1 }; i.src = 'https://example.org/x.png'`,
    'remote fetch': `fetch('https://example.org/', { mode: 'no-cors' }).then(() => { window.hacked = 1 }, () => {})`,
    'web socket': `try { const w = new WebSocket('wss://example.org/'); w.onopen = () => { window.hacked = 1 } } catch {}`,
  }
  for (const [name, attack] of Object.entries(attacks))
    test(`${name} does not run`, async () => {
      await desk.page.evaluate(`
        window.hacked = undefined
        window.violations = []
        document.addEventListener('securitypolicyviolation', event => window.violations.push(event.effectiveDirective), { once: true })
        ${attack}`)
      await settle()
      const seen = await desk.page.evaluate('({ hacked: window.hacked, violations: window.violations })')
      expect(seen).toEqual({
        hacked: undefined,
        violations: [expect.stringMatching(/^(script|img|connect|frame)-src/)],
      })
    })

  test('eval is refused', async () => {
    // The text runs as the page's own script does, not as the debugger's.
    const outcome = await desk.page.evaluate(
      () =>
        new Promise(resolve =>
          setTimeout(() => {
            try {
              resolve(Reflect.construct(Function, ['return 1'])())
            } catch (error) {
              resolve(String(error))
            }
          }),
        ),
    )
    expect(outcome).toContain('Content Security Policy')
  })

  test('an inline style does not paint', async () => {
    const colour = await desk.page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="color: rgb(1, 2, 3)">x</p>')
      const styled = document.getElementById('styled')
      return styled ? getComputedStyle(styled).color : ''
    })
    expect(colour).not.toBe('rgb(1, 2, 3)')
  })
})

describe('the window stays on its own page', () => {
  const leave: Readonly<Record<string, string>> = {
    'a link outside': `const a = document.createElement('a'); a.href = 'https://example.org/'; document.body.append(a); a.click()`,
    'a link with target=_blank': `const a = document.createElement('a'); a.href = 'https://example.org/'; a.target = '_blank'; document.body.append(a); a.click()`,
    'a look-alike below another name': `location.href = 'https://desk.app.invalid.example.org/'`,
    'a look-alike with our name as user': `location.href = 'https://desk.app.invalid@example.org/'`,
    'another host of our scheme': `location.href = location.protocol === 'app:' ? 'app://desk.evil/' : 'https://desk.evil.app.invalid/'`,
    'location.replace': `location.replace('https://example.org/')`,
    'a refresh': `const m = document.createElement('meta'); m.httpEquiv = 'refresh'; m.content = '0;url=https://example.org/'; document.head.append(m)`,
    'a form': `const f = document.createElement('form'); f.action = 'https://example.org/'; f.method = 'post'; document.body.append(f); f.submit()`,
    'a file': `location.href = 'file:///etc/passwd'`,
    'window.open': `window.open('https://example.org/')`,
    'an empty window': `window.open('about:blank')`,
    'a data: page': `location.href = 'data:text/html,<h1>x</h1>'`,
  }
  for (const [name, attack] of Object.entries(leave))
    test(`${name} leads nowhere`, async () => {
      const before = home()
      await desk.page.evaluate(attack).catch(() => undefined)
      await settle()
      expect(home()).toBe(before)
      expect(await callBridge({ kind: 'call', type: 'query', path: 'session.state' })).toMatchObject({ ok: true })
      const open = () =>
        desk.page
          .context()
          .pages()
          .filter(page => !page.isClosed() && !page.url().startsWith('chrome'))
          .map(page => page.url())
      await expect.poll(open).toEqual([before])
    })

  test('an unknown place is not handed to the browser, a known one is', async () => {
    if (!desk.standIn) return
    await desk.page.evaluate(() => window.open('https://dichvucong.gov.vn.example.org/'))
    await desk.page.evaluate(() => window.open('http://dichvucong.gov.vn/'))
    await desk.page.evaluate(() => window.open('https://dichvucong.gov.vn/'))
    await desk.said('open-external https://dichvucong.gov.vn/')
    expect(desk.output().match(/open-external/g)).toHaveLength(1)
  })
})

describe('the bridge refuses', () => {
  const malformed: Readonly<Record<string, unknown>> = {
    nothing: null,
    text: 'session.state',
    'an unknown kind': { kind: 'eval', path: 'session.state' },
    'a field too many': { kind: 'call', type: 'query', path: 'session.state', actor: { personId: 'x' } },
    'a subscription as a call': { kind: 'call', type: 'subscription', path: 'session.changes' },
    'a path into the prototype': { kind: 'call', type: 'query', path: '__proto__.constructor' },
    'a procedure that does not exist': { kind: 'call', type: 'query', path: 'session.nothing' },
    'a query called as a mutation': { kind: 'call', type: 'mutation', path: 'session.state' },
    'input of the wrong shape': {
      kind: 'call',
      type: 'mutation',
      path: 'session.begin',
      input: { personId: '../../x' },
    },
    'a subscription without number': { kind: 'subscribe', id: 'x', path: 'session.changes' },
  }
  for (const [name, sent] of Object.entries(malformed))
    test(`${name}`, async () => {
      const answer = await callBridge(sent)
      if (name === 'input of the wrong shape') return expect(answer).toMatchObject({ ok: false })
      expect(answer).toEqual(refused)
    })

  test('work before anybody is at work', async () => {
    expect(await callBridge({ kind: 'call', type: 'query', path: 'copies.queue' })).toMatchObject({
      ok: false,
      error: { message: 'no-office-open' },
    })
  })

  test('calls from a frame inside the page', async () => {
    if (!desk.standIn) return
    const answer = await desk.page.evaluate(async () => {
      const frame = document.createElement('iframe')
      frame.srcdoc = '<p>inside</p>'
      document.body.append(frame)
      await new Promise(resolve => {
        frame.onload = resolve
      })
      const inside = frame.contentWindow
      const invoke: unknown = inside ? Reflect.get(inside, 'standInInvoke') : null
      if (typeof invoke !== 'function') return 'no way in'
      return invoke({ channel: 'desk:call', sent: [{ kind: 'call', type: 'query', path: 'session.state' }] })
    })
    expect(answer).toEqual({ value: refused })
  })

  test('what no page of ours would send through the debugger’s binding', async () => {
    if (!desk.standIn) return
    await desk.page.evaluate(() => {
      const send: unknown = Reflect.get(window, 'standInSend')
      if (typeof send === 'function') for (const text of ['{', 'null', '{"id":"x"}']) send(text)
    })
    expect(await callBridge({ kind: 'call', type: 'query', path: 'session.state' })).toMatchObject({ ok: true })
  })

  test('a channel that is not there', async () => {
    if (!desk.standIn) return
    const answer = await desk.page.evaluate(async () => {
      const invoke: unknown = Reflect.get(window, 'standInInvoke')
      return typeof invoke === 'function' ? invoke({ channel: 'shell:open', sent: [] }) : null
    })
    expect(answer).toEqual({ error: expect.stringContaining('No handler registered') })
  })
})

describe("the program's own addresses", () => {
  const ask = (path: string, method = 'GET') =>
    desk.page.evaluate(
      async ([address, how]) => {
        const answer = await fetch(address, { method: how })
        return { status: answer.status, policy: answer.headers.get('content-security-policy') }
      },
      [path, method] as const,
    )

  test('answer GET only, every answer with the policy', async () => {
    expect(await ask('/index.html')).toEqual({ status: 200, policy: expect.stringContaining("default-src 'none'") })
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect(await ask('/index.html', method)).toEqual({
        status: 405,
        policy: expect.stringContaining("default-src 'none'"),
      })
  })

  test('lead to nothing outside the page', async () => {
    for (const path of [
      '/%2e%2e/app/electron/main.js',
      '/..%2fapp%2felectron%2fmain.js',
      '/%2Fetc%2Fpasswd',
      '/assets/%5c..%5c..%5cmain.js',
      '/.built',
      '/index.html%00.png',
      '/page/x/y',
      '/file/copy/x/../../settings.json',
    ])
      expect((await ask(path)).status, path).toBeGreaterThanOrEqual(400)
  })
})

test('a crashed page comes back by itself', async () => {
  using own = temporaryFolder()
  await using crashing = await launchDesk({ dataFolder: own.path })
  await crashing.page.goto('chrome://crash').catch(() => undefined)
  const pages = () =>
    crashing.page
      .context()
      .pages()
      .filter(page => isOwnPage(page.url()))
  await expect
    .poll(
      async () =>
        (await pages()
          .at(-1)
          ?.title()
          .catch(() => '')) ?? '',
    )
    .toContain('Bàn chứng thực')
  expect(readFileSync(own.file('logs/desk.log'), 'utf8')).toContain('page crashed')
})

test('a browser that is killed takes the program with it, closed in order', async () => {
  using own = temporaryFolder()
  await using killed = await launchDesk({ dataFolder: own.path })
  if (!killed.standIn) return
  // Chromium's own lock names its process: "host-1234".
  process.kill(Number(readlinkSync(own.file('chromium/SingletonLock')).split('-').at(-1)), 'SIGKILL')
  await expect.poll(() => existsSync(own.file('single-instance.lock'))).toBe(false)
  expect(existsSync(own.file('temporary'))).toBe(false)
})

test('an office that cannot be opened is said in Vietnamese, with what to do, and the program ends', async () => {
  using own = temporaryFolder()
  mkdirSync(own.file('office'))
  writeFileSync(own.file('office/settings.json'), '{"officeId": ""')
  const failure = await launchDesk({ dataFolder: own.path }).catch((error: unknown) => String(error))
  expect(failure).toMatch(/\p{L}+ .*\n.*(Dữ liệu|sao lưu|hỗ trợ)/u)
  expect(readFileSync(own.file('logs/desk.log'), 'utf8')).toContain('could not start')
})
