import { execFileSync } from 'node:child_process'
import { createPublicKey, X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SigningError } from '../../native-signing/errors.ts'
import {
  certificateFromDer,
  changePin,
  listTokens,
  memoryPinAttempts,
  openToken,
  type PinAttempts,
  type WarmModules,
  warmModules,
} from '../../native-signing/token/index.ts'
import type { HashAlgorithm, SignatureScheme, TokenInfo } from '../../native-signing/types.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type MadeToken, TOKEN_MAKERS } from '../support/token-makers.ts'

/** One behaviour suite over modules of different making. What each can do is printed as a table; `native-signing/README.md` has it. */

const folder = temporaryFolder('token-modules-')
const data = new TextEncoder().encode('Lời chứng (mẫu)')
const table = new Map<string, Map<string, string>>()

afterAll(() => {
  const names = TOKEN_MAKERS.map(maker => maker.name)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rows = [...table].map(([row, cells]) => line([row, ...names.map(name => cells.get(name) ?? '–')]))
  process.stdout.write(`\n${[line(['', ...names]), line(['---', ...names.map(() => '---')]), ...rows].join('\n')}\n`)
  folder[Symbol.dispose]()
})

const bytes = (text: string) => new TextEncoder().encode(text)

async function errorOf(work: Promise<unknown>): Promise<SigningError> {
  try {
    await work
  } catch (error) {
    if (error instanceof SigningError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** Whether openssl takes the signature for the certificate's. */
function opensslVerifies(
  der: Uint8Array,
  scheme: SignatureScheme,
  hash: HashAlgorithm,
  signature: Uint8Array,
): boolean {
  const files = { key: folder.file('public.pem'), signature: folder.file('signature'), data: folder.file('data') }
  const publicKey = createPublicKey(new X509Certificate(der).publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(files.key, publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(files.signature, signature)
  writeFileSync(files.data, data)
  const pss = scheme === 'RSA-PSS' ? ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest'] : []
  const digest = `-${hash.replace('-', '').toLowerCase()}`
  const args = ['dgst', digest, '-verify', files.key, ...pss, '-signature', files.signature, files.data]
  return execFileSync('openssl', args, { encoding: 'utf8' }).includes('Verified OK')
}

describe.each(TOKEN_MAKERS)('$name', maker => {
  const reason = maker.unavailable()
  if (reason !== null) {
    test.skip(`cannot be had here: ${reason}`, () => undefined)
    return
  }
  let made: MadeToken
  /** As the program does: looking and logging in share a process, which must see what comes and goes meanwhile. */
  let warm: WarmModules
  const say = (row: string, cell: string) => {
    const cells = table.get(row) ?? new Map<string, string>()
    table.set(row, cells.set(maker.name, cell))
  }
  const open = (more: Partial<Parameters<typeof openToken>[0]> & { readonly text?: string } = {}) => {
    const { text = made.pin, ...options } = more
    return openToken({ module: made.module, ...made.options, warm, pin: bytes(text), ...options })
  }
  const seen = (attempts?: PinAttempts) => listTokens({ modules: [made.module], ...made.options, warm, attempts })
  const list = async (attempts?: PinAttempts): Promise<TokenInfo> => {
    const tokens = await seen(attempts)
    const [token] = tokens
    if (tokens.length !== 1 || !token || 'error' in token) throw new Error(`listed: ${JSON.stringify(tokens)}`)
    return token
  }
  const sha256 = (der: Uint8Array) => certificateFromDer(der).sha256

  beforeAll(async () => {
    made = await maker.make(folder.file(maker.name.replace(/\W/g, '')))
    warm = warmModules(made.options)
  })
  afterAll(async () => {
    await warm?.cool()
    await made?.[Symbol.asyncDispose]()
  })

  test('the token and both certificates are seen before any PIN, and nothing but the token', async () => {
    const token = await list()
    expect(token.certificates.map(each => each.sha256).sort()).toEqual([sha256(made.rsa), sha256(made.ec)].sort())
    expect(token).toMatchObject({ pinState: 'ok', pinPad: false })
    expect(token.label).not.toBe('')
    say('certificates seen before the PIN', 'yes')
    say('PIN length it claims', `${token.minimumPinLength}–${token.maximumPinLength}`)
  })

  test('every scheme and hash that its keys can do verifies in openssl', async () => {
    await using session = await open()
    const done: string[] = []
    for (const der of [made.rsa, made.ec]) {
      for (const scheme of session.schemes(sha256(der))) {
        for (const hash of ['SHA-256', 'SHA-384', 'SHA-512'] as const) {
          const signature = await session.sign(sha256(der), scheme, hash, data)
          expect(opensslVerifies(der, scheme, hash, signature)).toBe(true)
        }
        done.push(scheme)
      }
    }
    expect(done).toEqual(['RSA-PKCS1', 'RSA-PSS', 'ECDSA'])
    say('signs (× SHA-256, 384, 512), openssl verifies', done.join(', '))
  })

  test('a key that asks the PIN for each signature gets it, and no other key does', async () => {
    const before = made.logins()
    await using session = await open()
    for (const der of [made.rsa, made.rsa, made.ec, made.ec]) {
      const scheme = session.schemes(sha256(der))[0] ?? 'ECDSA'
      await session.sign(sha256(der), scheme, 'SHA-256', data)
    }
    const after = made.logins()
    if (before === null || after === null) return say('CKA_ALWAYS_AUTHENTICATE', 'no such key')
    expect(after - before).toBe(3)
    say('CKA_ALWAYS_AUTHENTICATE', 'PIN given once per signature')
  })

  test('two sessions at once sign both', async () => {
    await using one = await open()
    await using other = await open({ certificateSha256: sha256(made.ec) })
    const signatures = [one, other, one].map(session => session.sign(sha256(made.ec), 'ECDSA', 'SHA-256', data))
    for (const signature of await Promise.all(signatures))
      expect(opensslVerifies(made.ec, 'ECDSA', 'SHA-256', signature)).toBe(true)
    say('two sessions at once', 'both sign')
  })

  test('the PIN is changed: the old one opens no more, the new one does; and back', async () => {
    const attempts = memoryPinAttempts()
    const target = { module: made.module, ...made.options, warm, attempts }
    const newPin = '93751842'
    await changePin({ ...target, pin: bytes(made.pin), newPin: bytes(newPin) })
    expect(await errorOf(open({ attempts }))).toMatchObject({ code: 'pin-incorrect' })
    await (await open({ attempts, text: newPin })).close()
    await changePin({ ...target, pin: bytes(newPin), newPin: bytes(made.pin) })
    await (await open({ attempts })).close()
    expect(await list(attempts)).toMatchObject({ pinState: 'ok' })
    say('changes its PIN (C_SetPIN)', 'yes')
  })

  test('a new PIN that cannot be is refused before a try is spent; a wrong old one costs one try and changes nothing', async () => {
    const target = { module: made.module, ...made.options, warm }
    const before = made.logins()
    const change = (pin: string, newPin: string) =>
      errorOf(changePin({ ...target, pin: bytes(pin), newPin: bytes(newPin) })).then(error => error.code)
    expect(await change(made.pin, '12345')).toBe('pin-new-length')
    expect(await change(made.pin, 'mật-khẩu')).toBe('pin-new-characters')
    expect(await change(made.pin, made.pin)).toBe('pin-new-same')
    expect(made.logins()).toBe(before)
    expect(await change('0000000', '93751842')).toBe('pin-incorrect')
    if (before !== null) expect(made.logins()).toBe(before + 1)
    await (await open()).close()
  })

  test('a token pulled out is told; its session stays dead though it comes back; a new login works', async () => {
    if (!made.reader) return say('pulled out and put back', 'cannot be pulled')
    const session = await open()
    const sign = () => session.sign(sha256(made.ec), 'ECDSA', 'SHA-256', data)
    await sign()
    await made.reader.remove()
    expect((await errorOf(sign())).code).toBe('token-removed')
    expect(await seen()).toEqual([])
    await made.reader.putBack()
    expect((await errorOf(sign())).code).toBe('token-removed')
    await session.close()
    await (await open()).close()
    say('pulled out and put back', 'told; session dead; new login works')
  })

  test('with the PIN kept by wish, one login is made again after the token was away, and only one', async () => {
    if (!made.reader) return say('one login again where the PIN was to be kept', 'cannot be pulled')
    await using session = await open({ keepPin: true, backWithinMilliseconds: 0 })
    const sign = () => session.sign(sha256(made.ec), 'ECDSA', 'SHA-256', data)
    await sign()
    await made.reader.remove()
    await made.reader.putBack()
    const before = made.logins() ?? 0
    expect(opensslVerifies(made.ec, 'ECDSA', 'SHA-256', await sign())).toBe(true)
    expect(made.logins()).toBe(before + 1)
    await made.reader.remove()
    await made.reader.putBack()
    expect((await errorOf(sign())).code).toBe('token-removed')
    expect(made.logins()).toBe(before + 1)
    say('one login again where the PIN was to be kept', 'once, then the PIN is wiped')
  })

  test('a wrong PIN costs one try and is never repeated; the last one needs a yes; then it is locked, or it is said that it never locks', async () => {
    const attempts = memoryPinAttempts()
    const before = made.logins()
    const states: string[] = []
    for (const text of ['0000000', '0000001']) {
      const error = await errorOf(open({ text, attempts }))
      expect(error.code).toBe('pin-incorrect')
      states.push((await list()).pinState)
    }
    if (before !== null) expect(made.logins()).toBe(before + 2)
    say('its own flags after one wrong PIN, after two', states.join(', '))
    expect((await list(attempts)).pinState).toBe('final-try')
    expect((await errorOf(open({ attempts }))).code).toBe('pin-last-try')
    if (before !== null) expect(made.logins()).toBe(before + 2)
    const third = await errorOf(open({ text: '0000002', attempts, lastTryConfirmed: true }))
    if (third.code === 'pin-locked') {
      expect((await errorOf(open({ attempts, lastTryConfirmed: true }))).code).toBe('pin-locked')
      expect((await list()).pinState).toBe('locked')
    } else {
      await (await open({ attempts, lastTryConfirmed: true })).close()
      expect((await list()).pinState).toBe('ok')
    }
    say('after the third wrong PIN', third.code === 'pin-locked' ? 'locked' : 'never locks: own count asks for a yes')
  })
})
