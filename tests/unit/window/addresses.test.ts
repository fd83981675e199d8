import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromChromium, originOf, toChromium } from '../../../electron/stand-in/addresses.ts'
import { type AppAddresses, createAppHandler, safePath } from '../../../electron/window/app-protocol.ts'
import { allowedExternal } from '../../../electron/window/external-links.ts'
import { isOwnAddress, START_PAGE } from '../../../electron/window/origin.ts'

describe('the own address', () => {
  for (const look of [
    'app://desk.evil/index.html',
    'app://evil/desk',
    'app://desk@evil/',
    'app://user:word@desk/',
    'app://desk:8080/',
    'App2://desk/',
    'https://desk/',
    'https://desk.app.invalid/',
    'file:///desk',
    'app:desk',
    'javascript:app://desk/',
    'desk',
    '',
  ])
    test(`is not ${look || 'nothing'}`, () => expect(isOwnAddress(look)).toBe(false))

  test('is the start page, whatever its query', () => {
    expect(isOwnAddress(START_PAGE)).toBe(true)
    expect(isOwnAddress(`${START_PAGE}?x=https://evil/#y`)).toBe(true)
  })
})

describe('the way out', () => {
  for (const bad of [
    'http://dichvucong.gov.vn/',
    'https://dichvucong.gov.vn.evil.example/',
    'https://evil.example/?https://dichvucong.gov.vn/',
    'https://dichvucong.gov.vn@evil.example/',
    'https://a:b@dichvucong.gov.vn/',
    'https://dichvucong.gov.vn:8443/',
    'https://xdichvucong.gov.vn/',
    'https://dichvucong.gov.vn%2eevil.example/',
    'file:///etc/passwd',
    'ms-msdt:/id',
    'smb://dichvucong.gov.vn/x',
    'javascript:alert(1)',
    'mailto:a@b',
    'not an address',
  ])
    test(`is not ${bad}`, () => expect(allowedExternal(bad)).toBeNull())

  test('is a known host and what lies below it', () => {
    expect(allowedExternal('https://dichvucong.gov.vn/p/home')).toBe('https://dichvucong.gov.vn/p/home')
    expect(allowedExternal('https://xacthuc.neac.gov.vn/')).toBe('https://xacthuc.neac.gov.vn/')
  })
})

describe('paths', () => {
  for (const bad of [
    '/../x',
    '/a/../x',
    '/%2e%2e/x',
    '/a%2f..%2fx',
    '/.hidden',
    '/a//b',
    '/a\\b',
    '/a%00b',
    '/%',
    '/a/',
    '/a b',
    '/a:b',
    '/a?b%3f',
  ])
    test(`${bad} is refused`, () => expect(safePath(bad)).toBeNull())

  test('never climb up, begin at a root or hold what separates folders, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const path = safePath(`/${text}`)
        if (path === null) return
        for (const part of path.split('/')) expect(part === '' ? path : part).not.toMatch(/^\.|[\\:\0%]/)
      }),
    )
  })
})

describe('answers of the own scheme', () => {
  const none: AppAddresses = { page: async () => null, pictures: async () => null, files: async () => null }
  const failing: AppAddresses = {
    ...none,
    page: async () => {
      throw new Error('/home/someone/secret')
    },
  }

  test('a fault tells the page nothing, carries the policy, and is heard by the program', async () => {
    const faults: unknown[] = []
    const answer = await createAppHandler(failing, fault => faults.push(fault))(new Request('app://desk/x.js'))
    expect(answer.status).toBe(404)
    expect(await answer.text()).toBe('')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(faults).toHaveLength(1)
  })

  test('each address goes to its own source, once decoded', async () => {
    const asked: string[] = []
    const source = (name: string) => async (path: string) => {
      asked.push(`${name} ${path}`)
      return null
    }
    const handler = createAppHandler(
      { page: source('page'), pictures: source('pictures'), files: source('files') },
      () => undefined,
    )
    for (const path of ['', 'assets/a-1.js', 'page/c/p?turn=0', 'file/copy/c/sealed.pdf']) {
      await handler(new Request(`app://desk/${path}`))
    }
    expect(asked).toEqual(['page index.html', 'page assets/a-1.js', 'pictures c/p', 'files copy/c/sealed.pdf'])
  })

  test('nothing is answered for another host, and only GET', async () => {
    const handler = createAppHandler(none, () => undefined)
    expect((await handler(new Request('app://evil/index.html'))).status).toBe(404)
    expect((await handler(new Request('app://desk/index.html', { method: 'POST', body: 'x' }))).status).toBe(405)
  })
})

describe('addresses in the stand-in', () => {
  const own = new Set(['app'])

  test('go there and back', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        const address = `app://desk${path}?${query}`
        expect(fromChromium(toChromium(address, own), own)).toBe(address)
      }),
    )
  })

  test('a look-alike is not taken for ours', () => {
    for (const address of [
      'https://desk.app.invalid.evil.example/',
      'https://desk.app.invalid@evil.example/',
      'http://desk.app.invalid/',
      'https://desk.other.invalid/',
    ])
      expect(isOwnAddress(fromChromium(address, own))).toBe(false)
  })

  test('origins are named as Electron names them', () => {
    expect(originOf('app://desk/x')).toBe('app://desk')
    expect(originOf('https://a.example/x')).toBe('https://a.example')
    expect(originOf('about:srcdoc')).toBe('null')
    expect(originOf('')).toBe('null')
  })
})
