import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { changePin, listTokens, memoryPinAttempts } from '../../native-signing/token/index.ts'
import type { FakeBehaviour, FakeToken } from '../support/fake-token.ts'
import { codeOf, errorOf, faultyToken, patient, short } from '../support/faulty-token.ts'
import { userPin } from '../support/sandbox-office.ts'

const given = faultyToken('token-pin-faults-')
const { folder, stateFile, fake, open, sign } = given

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
    const [listed] = await listTokens({ modules: [given.module], environment: token.environment })
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
    expect(await listTokens({ modules: [given.module], environment: silent.environment, attempts })).toMatchObject([
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

describe('a key that asks the PIN for every signature', () => {
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

describe('a change of PIN', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const change = (token: FakeToken, pin: string | null, newPin: string | null, more: object = {}) =>
    changePin({
      ...{ module: given.module, environment: token.environment, ...more },
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
      const [listed] = await listTokens({ modules: [given.module], environment: fake([]).environment, attempts })
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
    await codeOf(changePin({ module: given.module, environment: fake([]).environment, pin, newPin }))
    expect([...pin, ...newPin].every(byte => byte === 0)).toBe(true)
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
      await openToken({ module: ${JSON.stringify(given.module)}, pin: new TextEncoder().encode('${secret}') })
        .catch(error => console.log(error.code))`
    writeFileSync(folder.file('script.ts'), script)
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [folder.file('script.ts')], {
      env: { ...process.env, ...environment },
    })
    expect(stdout).toBe('pin-incorrect\n')
    expect(stderr).not.toContain(secret)
  })
})
