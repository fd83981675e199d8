import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import type { SigningError } from '../../native-signing/errors.ts'
import { listTokens, memoryPinAttempts, openToken } from '../../native-signing/token/index.ts'
import type { FakeBehaviour, FakeToken } from '../support/fake-token.ts'
import { codeOf, data, errorOf, faultyToken, patient, short } from '../support/faulty-token.ts'
import { userPin } from '../support/sandbox-office.ts'

const given = faultyToken('token-faults-')
const { folder, stateFile, fake, open, sign } = given

describe('a module that hangs', () => {
  test.each(['initialize', 'login', 'sign'] as const)('in %s is given up, and its process ended', async call => {
    const calls = { initialize: 'start', login: 'login', sign: 'sign' } as const
    const deadlines = { ...patient, [calls[call]]: short.sign }
    const work = async () => {
      await using session = await open(fake([`hang-${call}`]), { deadlines })
      await sign(session)
    }
    const error = await errorOf(work())
    expect(error).toMatchObject({ code: 'module-not-responding', parameters: { call: calls[call] } })
  })

  test('in C_Login counts as a wrong PIN: nobody knows', async () => {
    const attempts = memoryPinAttempts()
    const token = fake(['hang-login'])
    await codeOf(open(token, { deadlines: { ...patient, login: short.login }, attempts }))
    expect(await listTokens({ modules: [given.module], environment: token.environment, attempts })).toMatchObject([
      { pinState: 'count-low' },
    ])
  })

  test('is not thought of a program that was busy itself for longer than the deadline', async () => {
    await using session = await open(fake([]), { deadlines: { ...patient, sign: 800 } })
    const signing = sign(session)
    await new Promise(resolve => setImmediate(resolve))
    for (const until = Date.now() + 1600; Date.now() < until; );
    expect(await signing).toHaveLength(256)
  })

  test('in C_Finalize does not keep what was signed from being done', async () => {
    const session = await open(fake(['hang-finalize']), { deadlines: { ...patient, close: short.close } })
    expect(await sign(session)).toHaveLength(256)
    await session.close()
  })
})

test('Ctrl-C at the terminal goes to every process there: the module’s finishes its signature, the program decides', async () => {
  const { environment } = fake(['slow-sign'])
  const script = `
    import { openToken } from ${JSON.stringify(join(import.meta.dirname, '../../native-signing/token/index.ts'))}
    process.on('SIGINT', () => undefined)
    await using session = await openToken({ module: ${JSON.stringify(given.module)}, pin: new TextEncoder().encode('${userPin}') })
    const signing = session.sign('${given.certificateSha256}', 'RSA-PKCS1', 'SHA-256', new Uint8Array(1))
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
      await sign(session)
    }
    const error = await errorOf(work())
    expect(error).toMatchObject({ code: 'token-failed', parameters: { reason: 'module-crashed' } })
  })

  test('on closing is nobody’s concern', async () => {
    await (await open(fake(['crash-finalize']))).close()
  })

  test('does not spoil the list of the others', async () => {
    const { environment } = fake(['crash-initialize'])
    const listed = await listTokens({ modules: [given.module, given.soft.module, '/no/such.so'], environment })
    expect(listed).toMatchObject([
      { module: given.module, error: { code: 'token-failed' } },
      { module: given.soft.module, label: given.soft.label },
      { error: { code: 'module-not-found' } },
    ])
  })
})

describe('a token pulled out', () => {
  test('in the middle of a batch: what was signed stays, the next says so, and the session does not come back by itself', async () => {
    await using session = await open(fake([], { FAKE_TOKEN_VANISHES_AFTER: '2' }))
    expect(await sign(session)).toHaveLength(256)
    expect(await sign(session)).toHaveLength(256)
    expect(await codeOf(sign(session))).toBe('token-removed')
    expect(await codeOf(sign(session))).toBe('token-removed')
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
    expect(await sign(session)).toHaveLength(256)
    writeFileSync(pulled, '0')
    const second = sign(session).then(
      signature => signature.length,
      (error: SigningError) => error.code,
    )
    await pause(300)
    await meanwhile()
    rmSync(pulled)
    return { session, outcome: await second }
  }

  test('comes back in time and signs after one login more; the next time it does not', async () => {
    const token = away()
    const { session, outcome } = await signAcross(token, true)
    expect([outcome, token.seen().logins]).toEqual([256, 2])
    writeFileSync(pulled, '0')
    expect(await codeOf(sign(session))).toBe('token-removed')
    rmSync(pulled)
    expect(await codeOf(sign(session))).toBe('token-removed')
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
    const { session, outcome } = await signAcross(token, true, () => writeFileSync(changed, ''))
    expect([outcome, token.seen().logins]).toEqual(['pin-incorrect', 2])
    expect(await codeOf(sign(session))).toBe('token-removed')
    expect(token.seen().logins).toBe(2)
    await session.close()
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
    expect(session.schemes(given.certificateSha256)).toContain('RSA-PKCS1')
    for (const hash of ['SHA-256', 'SHA-512'] as const) {
      expect(await session.sign(given.certificateSha256, 'RSA-PKCS1', hash, data)).toHaveLength(256)
    }
  })

  test('a value that is no signature of the key is never given out', async () => {
    await using session = await open(fake(['wrong-signature']))
    const error = await errorOf(sign(session))
    expect(error).toMatchObject({ code: 'token-failed', parameters: { reason: 'signature-does-not-verify' } })
  })

  test('PSS where the token has only bare RSA is refused', async () => {
    await using session = await open(fake(['bare-mechanisms']))
    expect(session.schemes(given.certificateSha256)).toEqual(['RSA-PKCS1'])
    expect(await codeOf(session.sign(given.certificateSha256, 'RSA-PSS', 'SHA-256', data))).toBe(
      'mechanism-not-supported',
    )
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
