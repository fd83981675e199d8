import { execFile, spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SoftToken } from '../../electron/sandbox/soft-token.ts'
import { SigningError } from '../../native-signing/errors.ts'
import {
  certificateFromDer,
  changePin,
  listTokens,
  memoryPinAttempts,
  openToken,
} from '../../native-signing/token/index.ts'
import { buildFakeModule, type FakeBehaviour, type FakeToken, fakeToken } from '../support/fake-token.ts'
import { createTestToken, userPin } from '../support/sandbox-office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder('token-faults-')
const stateFile = folder.file('state')
const data = new TextEncoder().encode('Lời chứng (mẫu)')
let soft: SoftToken
let module: string
let certificateSha256: string

beforeAll(async () => {
  const made = await createTestToken(folder.path)
  soft = made
  certificateSha256 = certificateFromDer(made.certificate).sha256
  module = buildFakeModule(folder.path)
})
beforeEach(() => writeFileSync(stateFile, '0 0'))
afterAll(() => folder[Symbol.dispose]())

const fake = (behaviours: readonly FakeBehaviour[], more?: Readonly<Record<string, string>>): FakeToken =>
  fakeToken(module, soft, stateFile, behaviours, more)

function open(token: FakeToken, options: Partial<Parameters<typeof openToken>[0]> & { readonly text?: string } = {}) {
  const { text = userPin, ...more } = options
  const { environment } = token
  return openToken({ module, environment, pin: new TextEncoder().encode(text), ...more })
}

async function errorOf(work: Promise<unknown>): Promise<SigningError> {
  try {
    await work
  } catch (error) {
    if (error instanceof SigningError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
const codeOf = async (work: Promise<unknown>): Promise<string> => (await errorOf(work)).code

const short = { start: 700, list: 700, login: 700, pinPad: 700, keys: 700, sign: 700, close: 300 }
/** A hang is what is tested, so the deadline must be short and yet longer than a busy machine needs to start the process. */
const patient = { ...short, start: 20_000, list: 20_000, login: 20_000, keys: 20_000, sign: 20_000 }

describe('a token that locks at the third wrong PIN', () => {
  test('wrong, last try, refused without a yes, locked: each said, and never more than one login per call', async () => {
    const token = fake(['locks'])
    const first = await errorOf(open(token, { text: '0000' }))
    expect(first).toMatchObject({ code: 'pin-incorrect', parameters: { state: 'count-low' } })
    expect(token.seen().logins).toBe(1)
    const second = await errorOf(open(token, { text: '0001' }))
    expect(second).toMatchObject({ code: 'pin-incorrect', parameters: { state: 'final-try' } })
    expect(await codeOf(open(token))).toBe('pin-last-try')
    expect(token.seen()).toEqual({ wrong: 2, logins: 2 })
    expect(await codeOf(open(token, { text: '0002', lastTryConfirmed: true }))).toBe('pin-locked')
    expect(token.seen().logins).toBe(3)
    expect(await codeOf(open(token, { lastTryConfirmed: true }))).toBe('pin-locked')
    expect(token.seen().logins).toBe(3)
    const [listed] = await listTokens({ modules: [module], environment: token.environment })
    expect(listed).toMatchObject({ pinState: 'locked' })
  })

  test('the right PIN after a yes to the last try opens it and sets the count back', async () => {
    const token = fake(['locks'])
    writeFileSync(stateFile, '2 2')
    await using session = await open(token, { lastTryConfirmed: true })
    expect(session.token.pinState).toBe('final-try')
    expect(token.seen()).toEqual({ wrong: 0, logins: 3 })
  })

  test('CKR_GENERAL_ERROR for a wrong PIN is told as a wrong PIN when the flags went up, as a token fault when they did not', async () => {
    expect(await codeOf(open(fake(['locks', 'general-error']), { text: '0000' }))).toBe('pin-incorrect')
    writeFileSync(stateFile, '0 0')
    const attempts = memoryPinAttempts()
    const silent = fake(['general-error'])
    const error = await errorOf(open(silent, { text: '0000', attempts }))
    expect(error).toMatchObject({ code: 'token-failed', parameters: { call: 'C_Login', returnCode: '0x00000005' } })
    expect(await listTokens({ modules: [module], environment: silent.environment, attempts })).toMatchObject([
      { pinState: 'count-low' },
    ])
  })

  test('no PIN set, and PIN cancelled on the reader', async () => {
    expect(await codeOf(open(fake(['pin-not-set'])))).toBe('pin-not-set')
    const attempts = memoryPinAttempts()
    expect(await codeOf(open(fake(['pin-pad', 'cancelled-on-reader']), { pin: null, attempts }))).toBe(
      'signing-cancelled',
    )
    await using session = await open(fake(['pin-pad'], { FAKE_TOKEN_PIN_ON_READER: userPin }), { pin: null, attempts })
    expect(session.token.pinPad).toBe(true)
    expect(await codeOf(open(fake([]), { pin: null }))).toBe('pin-length')
  })
})

describe('a module that hangs', () => {
  test.each(['initialize', 'login', 'sign'] as const)('in %s is given up, and its process ended', async call => {
    const calls = { initialize: 'start', login: 'login', sign: 'sign' } as const
    const deadlines = { ...patient, [calls[call]]: short.sign }
    const work = async () => {
      await using session = await open(fake([`hang-${call}`]), { deadlines })
      await session.sign(certificateSha256, 'RSA-PKCS1', 'SHA-256', data)
    }
    const error = await errorOf(work())
    expect(error).toMatchObject({ code: 'module-not-responding', parameters: { call: calls[call] } })
  })

  test('in C_Login counts as a wrong PIN: nobody knows', async () => {
    const attempts = memoryPinAttempts()
    const token = fake(['hang-login'])
    await codeOf(open(token, { deadlines: { ...patient, login: short.login }, attempts }))
    expect(await listTokens({ modules: [module], environment: token.environment, attempts })).toMatchObject([
      { pinState: 'count-low' },
    ])
  })

  test('is not thought of a program that was busy itself for longer than the deadline', async () => {
    await using session = await open(fake([]), { deadlines: { ...patient, sign: 800 } })
    const signing = session.sign(certificateSha256, 'RSA-PKCS1', 'SHA-256', data)
    await new Promise(resolve => setImmediate(resolve))
    for (const until = Date.now() + 1600; Date.now() < until; );
    expect(await signing).toHaveLength(256)
  })

  test('in C_Finalize does not keep what was signed from being done', async () => {
    const session = await open(fake(['hang-finalize']), { deadlines: { ...patient, close: short.close } })
    expect(await session.sign(certificateSha256, 'RSA-PKCS1', 'SHA-256', data)).toHaveLength(256)
    await session.close()
  })
})

test('Ctrl-C at the terminal goes to every process there: the module’s finishes its signature, the program decides', async () => {
  const { environment } = fake(['slow-sign'])
  const script = `
    import { openToken } from ${JSON.stringify(join(import.meta.dirname, '../../native-signing/token/index.ts'))}
    process.on('SIGINT', () => undefined)
    await using session = await openToken({ module: ${JSON.stringify(module)}, pin: new TextEncoder().encode('${userPin}') })
    const signing = session.sign('${certificateSha256}', 'RSA-PKCS1', 'SHA-256', new Uint8Array(1))
    console.log('signing')
    console.log((await signing).length)`
  writeFileSync(folder.file('interrupted.ts'), script)
  const env = { ...process.env, ...environment }
  const program = spawn(process.execPath, [folder.file('interrupted.ts')], { env, detached: true })
  let printed = ''
  program.stderr.pipe(process.stderr)
  for await (const chunk of program.stdout) {
    if (printed === '' && program.pid) process.kill(-program.pid, 'SIGINT')
    printed += chunk
  }
  expect(printed).toBe('signing\n256\n')
})

describe('a module that crashes', () => {
  test.each(['initialize', 'login', 'sign'] as const)('in %s takes its own process down, not ours', async call => {
    const work = async () => {
      await using session = await open(fake([`crash-${call}`]))
      await session.sign(certificateSha256, 'RSA-PKCS1', 'SHA-256', data)
    }
    const error = await errorOf(work())
    expect(error).toMatchObject({ code: 'token-failed', parameters: { reason: 'module-crashed' } })
  })

  test('on closing is nobody’s concern', async () => {
    await (await open(fake(['crash-finalize']))).close()
  })

  test('does not spoil the list of the others', async () => {
    const { environment } = fake(['crash-initialize'])
    const listed = await listTokens({ modules: [module, soft.module, '/no/such.so'], environment })
    expect(listed).toMatchObject([
      { module, error: { code: 'token-failed' } },
      { module: soft.module, label: soft.label },
      { error: { code: 'module-not-found' } },
    ])
  })
})

describe('a key that asks the PIN for every signature', () => {
  const sign = (session: Awaited<ReturnType<typeof open>>) =>
    session.sign(certificateSha256, 'RSA-PKCS1', 'SHA-256', data)

  test('on a reader with keys there is as much time for each as at the login', async () => {
    const slow = fake(['always-authenticate', 'pin-pad', 'slow-context-login'], { FAKE_TOKEN_PIN_ON_READER: userPin })
    const deadlines = { ...patient, pinPad: 20_000, sign: 700 }
    await using session = await open(slow, { pin: null, deadlines })
    expect(await sign(session)).toHaveLength(256)
  })

  test('refused: counted once, by whatever name, and never tried again in this session', async () => {
    const attempts = memoryPinAttempts()
    const token = fake(['always-authenticate', 'refuses-context-login'])
    await using session = await open(token, { attempts })
    const fault = { code: 'token-failed', parameters: { call: 'C_Login', returnCode: '0x00000005' } }
    expect(await errorOf(sign(session))).toMatchObject(fault)
    expect(await errorOf(sign(session))).toMatchObject(fault)
    expect(token.seen().logins).toBe(2)
    expect(attempts.failures(session.token.serialNumber)).toBe(1)
  })

  test('and never answered: counted, since nobody knows', async () => {
    const attempts = memoryPinAttempts()
    const token = fake(['always-authenticate', 'hang-context-login'])
    await using session = await open(token, { attempts, deadlines: { ...patient, sign: short.sign } })
    expect(await codeOf(sign(session))).toBe('module-not-responding')
    expect(attempts.failures(session.token.serialNumber)).toBe(1)
  })
})

describe('a token pulled out', () => {
  test('in the middle of a batch: what was signed stays, the next says so, and the session does not come back by itself', async () => {
    await using session = await open(fake([], { FAKE_TOKEN_VANISHES_AFTER: '2' }))
    const sign = () => session.sign(certificateSha256, 'RSA-PKCS1', 'SHA-256', data)
    expect(await sign()).toHaveLength(256)
    expect(await sign()).toHaveLength(256)
    expect(await codeOf(sign())).toBe('token-removed')
    expect(await codeOf(sign())).toBe('token-removed')
  })
})

describe('a token that was away while its PIN was to be kept', () => {
  const files = [folder.file('pulled'), folder.file('other'), folder.file('changed')] as const
  const [pulled, other, changed] = files
  const away = (behaviours: readonly FakeBehaviour[] = []) =>
    fake(behaviours, { FAKE_TOKEN_PULLED: pulled, FAKE_TOKEN_OTHER: other, FAKE_TOKEN_PIN_CHANGED: changed })
  beforeEach(() => {
    for (const file of files) rmSync(file, { force: true })
  })
  /** Signs once, loses the token, gets it back after `meanwhile`, and signs again. */
  async function signAcross(token: FakeToken, keepPin: boolean, meanwhile: () => unknown = () => undefined) {
    const session = await open(token, { keepPin, backWithinMilliseconds: 3000 })
    const sign = () => session.sign(certificateSha256, 'RSA-PKCS1', 'SHA-256', data)
    expect(await sign()).toHaveLength(256)
    writeFileSync(pulled, '0')
    const second = sign().then(
      signature => signature.length,
      (error: SigningError) => error.code,
    )
    await pause(300)
    await meanwhile()
    rmSync(pulled)
    return { session, sign, outcome: await second }
  }

  test('comes back in time and signs after one login more; the next time it does not', async () => {
    const token = away()
    const { session, sign, outcome } = await signAcross(token, true)
    expect([outcome, token.seen().logins]).toEqual([256, 2])
    writeFileSync(pulled, '0')
    expect(await codeOf(sign())).toBe('token-removed')
    rmSync(pulled)
    expect(await codeOf(sign())).toBe('token-removed')
    expect(token.seen().logins).toBe(2)
    await session.close()
  })

  test('is not logged in to again where nobody asked for it', async () => {
    const token = away()
    const { session, outcome } = await signAcross(token, false)
    expect([outcome, token.seen().logins]).toEqual(['token-removed', 1])
    await session.close()
  })

  test('and is another one now: the PIN is not given to it', async () => {
    const token = away()
    const { session, outcome } = await signAcross(token, true, () => writeFileSync(other, ''))
    expect([outcome, token.seen().logins]).toEqual(['token-removed', 1])
    await session.close()
  })

  test('and had a wrong PIN elsewhere meanwhile: a person has to type it', async () => {
    const token = away(['locks'])
    const { session, outcome } = await signAcross(token, true, () => writeFileSync(stateFile, '1 1'))
    expect([outcome, token.seen().logins]).toEqual(['token-removed', 1])
    await session.close()
  })

  test('and has another PIN now: it is refused once, counted, and never tried again', async () => {
    const token = away()
    const { session, sign, outcome } = await signAcross(token, true, () => writeFileSync(changed, ''))
    expect([outcome, token.seen().logins]).toEqual(['pin-incorrect', 2])
    expect(await codeOf(sign())).toBe('token-removed')
    expect(token.seen().logins).toBe(2)
    await session.close()
  })
})

describe('a change of PIN', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const change = (token: FakeToken, pin: string | null, newPin: string | null, more: object = {}) =>
    changePin({
      ...{ module, environment: token.environment, ...more },
      ...{ pin: pin === null ? null : bytes(pin), newPin: newPin === null ? null : bytes(newPin) },
    })

  test('on a reader with keys both PINs are typed there', async () => {
    const [old, next] = [userPin, '93751842']
    const typed = (pin: string, newPin: string) => ({
      FAKE_TOKEN_PIN_ON_READER: pin,
      FAKE_TOKEN_NEW_PIN_ON_READER: newPin,
    })
    await change(fake(['pin-pad'], typed(old, next)), null, null)
    expect(await codeOf(open(fake([])))).toBe('pin-incorrect')
    await change(fake(['pin-pad'], typed(next, old)), null, null)
    await (await open(fake([]))).close()
  })

  test('on the last try needs a yes as every login does, and a wrong old PIN then locks', async () => {
    const token = fake(['locks'])
    writeFileSync(stateFile, '2 2')
    expect(await codeOf(change(token, userPin, '93751842'))).toBe('pin-last-try')
    expect(token.seen().logins).toBe(2)
    expect(await codeOf(change(token, '0000000', '93751842', { lastTryConfirmed: true }))).toBe('pin-locked')
    expect(token.seen().logins).toBe(3)
  })

  test('where the login is another program’s, only the change itself sets the count of wrong PINs back', async () => {
    const attempts = memoryPinAttempts()
    const count = async () => {
      const [listed] = await listTokens({ modules: [module], environment: fake([]).environment, attempts })
      return listed && 'pinState' in listed ? listed.pinState : null
    }
    expect(await codeOf(open(fake([]), { text: '0000000', attempts }))).toBe('pin-incorrect')
    const shared = fake(['logged-in-elsewhere'], { FAKE_TOKEN_PIN_ON_READER: userPin })
    await (await open(shared, { text: '0000000', attempts })).close()
    expect(await count()).toBe('count-low')
    expect(await codeOf(change(shared, '0000000', '93751842', { attempts }))).toBe('pin-incorrect')
    expect(await count()).toBe('final-try')
    await change(shared, userPin, '93751842', { attempts, lastTryConfirmed: true })
    await change(fake([]), '93751842', userPin, { attempts })
    expect(await count()).toBe('ok')
  })

  test('that the token refuses or does not know is told as such, and the old PIN stays', async () => {
    expect(await codeOf(change(fake(['refuses-new-pin']), userPin, '93751842'))).toBe('pin-new-refused')
    expect(await codeOf(change(fake(['cannot-change-pin']), userPin, '93751842'))).toBe('pin-change-not-supported')
    await (await open(fake([]))).close()
  })

  test('wipes both PINs, whatever comes of it', async () => {
    const [pin, newPin] = [bytes('0000000'), bytes('93751842')]
    await codeOf(changePin({ module, environment: fake([]).environment, pin, newPin }))
    expect([...pin, ...newPin].every(byte => byte === 0)).toBe(true)
  })
})

describe('a module that lies or lacks', () => {
  test.each([
    ['nonsense lengths', 'lying-lengths'],
    ['a length of zero', 'reports-zero-length'],
    ['CKR_CRYPTOKI_ALREADY_INITIALIZED', 'already-initialized'],
    ['only bare RSA', 'bare-mechanisms'],
    ['listed mechanisms that are refused', 'refuses-hashing'],
    ['a PIN for every signature', 'always-authenticate'],
    ['keys without modulus', 'hides-modulus'],
  ] as const)('%s: signs all the same', async (_, behaviour) => {
    await using session = await open(fake([behaviour]))
    expect(session.schemes(certificateSha256)).toContain('RSA-PKCS1')
    for (const hash of ['SHA-256', 'SHA-512'] as const) {
      expect(await session.sign(certificateSha256, 'RSA-PKCS1', hash, data)).toHaveLength(256)
    }
  })

  test('a value that is no signature of the key is never given out', async () => {
    await using session = await open(fake(['wrong-signature']))
    const error = await errorOf(session.sign(certificateSha256, 'RSA-PKCS1', 'SHA-256', data))
    expect(error).toMatchObject({ code: 'token-failed', parameters: { reason: 'signature-does-not-verify' } })
  })

  test('PSS where the token has only bare RSA is refused', async () => {
    await using session = await open(fake(['bare-mechanisms']))
    expect(session.schemes(certificateSha256)).toEqual(['RSA-PKCS1'])
    expect(await codeOf(session.sign(certificateSha256, 'RSA-PSS', 'SHA-256', data))).toBe('mechanism-not-supported')
  })

  test('no module, no library, a library that is no PKCS#11 module, one that will not start', async () => {
    writeFileSync(folder.file('text.so'), 'không phải thư viện '.repeat(10))
    const binding = join(import.meta.dirname, '../../node_modules/pkcs11js/build/Release/pkcs11.node')
    const pin = () => new TextEncoder().encode(userPin)
    expect(await codeOf(openToken({ module: folder.file('none.so'), pin: pin() }))).toBe('module-not-found')
    const text = await errorOf(openToken({ module: folder.file('text.so'), pin: pin() }))
    expect(text).toMatchObject({ code: 'module-unusable', parameters: { reason: 'not-a-library' } })
    const other = await errorOf(openToken({ module: binding, pin: pin() }))
    expect(other).toMatchObject({ code: 'module-unusable', parameters: { reason: 'not-pkcs11' } })
    const dead = await errorOf(open(fake(['fails-to-initialize'])))
    expect(dead).toMatchObject({ code: 'module-unusable', parameters: { returnCode: '0x00000030' } })
  })
})

describe('the PIN', () => {
  const secret = '73918246'

  /** Everything that can be seen of an error: message, stack, fields, causes. */
  function everything(error: unknown): string {
    if (!(error instanceof Error)) return String(error)
    const fields = JSON.stringify(error, Object.getOwnPropertyNames(error))
    return `${error.message}\n${error.stack}\n${fields}\n${everything(error.cause)}`
  }

  test('stands in no error, whatever goes wrong', async () => {
    const behaviours: readonly (readonly FakeBehaviour[])[] = [
      [],
      ['locks'],
      ['general-error'],
      ['prints-pin'],
      ['crash-login'],
      ['hang-login'],
      ['fails-to-initialize'],
      ['pin-not-set'],
    ]
    for (const behaviour of behaviours) {
      writeFileSync(stateFile, '0 0')
      const deadlines = behaviour.includes('hang-login') ? { ...patient, login: short.login } : patient
      const error = await errorOf(open(fake(behaviour), { text: secret, deadlines }))
      expect(everything(error)).not.toContain(secret)
      expect(everything(error)).not.toContain(Buffer.from(secret).toString('base64').replace(/=+$/, ''))
    }
  })

  test('does not reach our output through a module that prints it', async () => {
    const { environment } = fake(['prints-pin'])
    const script = `
      import { openToken } from ${JSON.stringify(join(import.meta.dirname, '../../native-signing/token/index.ts'))}
      await openToken({ module: ${JSON.stringify(module)}, pin: new TextEncoder().encode('${secret}') })
        .catch(error => console.log(error.code))`
    writeFileSync(folder.file('script.ts'), script)
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [folder.file('script.ts')], {
      env: { ...process.env, ...environment },
    })
    expect(stdout).toBe('pin-incorrect\n')
    expect(stderr).not.toContain(secret)
  })
})
