import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SoftToken } from '../../electron/sandbox/soft-token.ts'
import { verifyPdf } from '../../native-signing/index.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { buildFakeModule, fakeToken } from '../support/fake-token.ts'
import { chairman, createTestToken, userPin } from '../support/sandbox-office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { samplePdf } from '../unit/signing/support.ts'

const folder = temporaryFolder('token-command-')
let token: SoftToken

beforeAll(async () => {
  token = await createTestToken(folder.path)
})
afterAll(() => folder[Symbol.dispose]())

const call = async (args: readonly string[], pins: Readonly<Record<string, string>> = {}) => {
  const finished = await ctdesk(['token', ...args, '--module', token.module], { ...token.environment, ...pins })
  for (const pin of Object.values(pins)) expect(finished.stdout + finished.stderr).not.toContain(pin)
  return finished
}
const change = (pin: string, newPin: string) =>
  call(['pin', '--pin-env', 'OLD', '--new-pin-env', 'NEW', '--json'], { OLD: pin, NEW: newPin })

describe('ctdesk token', () => {
  test('list tells the token, its certificates and its PIN in plain words, and ends by itself', async () => {
    const { status, stderr, stdout } = await call(['list'])
    expect(status).toBe(0)
    expect(stdout + stderr).toContain('PIN: không có lần nhập sai nào')
    expect(stdout + stderr).toContain(chairman)
  })

  test('pin changes it: the old one is refused afterwards, the new one changes it back', async () => {
    expect(await change(userPin, '93751842')).toMatchObject({ status: 0 })
    const refused = await change(userPin, '11223344')
    expect(refused.status).toBe(1)
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'pin-incorrect' } })
    expect(await change('93751842', userPin)).toMatchObject({ status: 0 })
  })

  test('wrong PINs are counted over calls: a script meets the question of the last try though the token says nothing of it', async () => {
    const other = await createTestToken(folder.file('other'))
    const place = ['--module', other.module, '--pin-env', 'OLD', '--new-pin-env', 'NEW', '--json']
    const environment = { ...other.environment, XDG_STATE_HOME: folder.file('state'), NEW: '93751842' }
    const codes: string[] = []
    for (const OLD of ['0000000', '0000001', '0000002']) {
      const { stdout } = await ctdesk(['token', 'pin', ...place], { ...environment, OLD })
      codes.push(JSON.parse(stdout).error.code)
    }
    expect(codes).toEqual(['pin-incorrect', 'pin-incorrect', 'pin-last-try'])
    expect((await ctdesk(['token', 'pin', ...place, '--last-try'], { ...environment, OLD: userPin })).status).toBe(0)
    expect(readFileSync(folder.file('state/ctdesk/pin-attempts.json'), 'utf8')).toMatch(/\n\{"[^"]+":0\}$/)
  })

  test('the PINs do not live on in the environment that the module’s process inherits', async () => {
    const { module, environment } = fakeToken(buildFakeModule(folder.path), token, folder.file('count'), [])
    const place = ['--module', module, '--pin-env', 'OLD', '--new-pin-env', 'NEW']
    const change = (refused: string, OLD: string, NEW: string) =>
      ctdesk(['token', 'pin', ...place], { ...environment, FAKE_TOKEN_REFUSES_VARIABLE: refused, OLD, NEW })
    expect(await change('OLD', userPin, '93751842')).toMatchObject({ status: 0 })
    expect(await change('NEW', '93751842', userPin)).toMatchObject({ status: 0 })
  })

  /** What a terminal shows of `ctdesk token pin` when its first question is answered so. */
  const asked = async (language: string, answer: (terminal: ChildProcessByStdio<Writable, Readable, null>) => void) => {
    const command = `exec ${process.execPath} electron/cli/ctdesk.ts --language ${language} token pin --module ${token.module}`
    const terminal = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, ...token.environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let shown = ''
    for await (const chunk of terminal.stdout) {
      const isAsked = shown.includes(': ')
      shown += chunk
      if (!isAsked && shown.includes(': ')) answer(terminal)
    }
    return shown
  }

  test('asks in the language that was chosen', async () => {
    const stopped = (language: string) => asked(language, ({ stdin }) => void stdin.write('\u0003'))
    expect(await stopped('en')).toMatch(/^PIN of “Thẻ tập dượt”: \s+✗ Stopped as asked/)
    expect(await stopped('vi')).toMatch(/^Mã PIN của «Thẻ tập dượt»: \s+✗ Đã dừng/)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('a question ends when the program is told to stop by %s', async signal => {
    const shown = await asked('vi', ({ pid }) => {
      process.kill(Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')), signal)
    })
    expect(shown).toMatch(/^Mã PIN của «Thẻ tập dượt»: \s+✗ Đã dừng/)
  })

  test('pin refuses what cannot be, before the old one is tried', async () => {
    const code = async (newPin: string) => JSON.parse((await change('0000000', newPin)).stdout).error.code
    expect(await code('12')).toBe('pin-new-length')
    expect(await code('mậtkhẩu')).toBe('pin-new-characters')
    expect(await code('0000000')).toBe('pin-new-same')
  })

  test('without a terminal and without a place for the PIN it asks nothing and hangs nowhere', async () => {
    expect((await call(['pin'])).status).toBe(2)
  })
})

test('ctdesk sign with a certificate from a file, where the token holds only the key', async () => {
  const bare = await createTestToken(folder.file('bare'), { withCertificate: false })
  const pem = (der: Uint8Array) =>
    `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`
  writeFileSync(folder.file('signer.pem'), pem(bare.certificate))
  writeFileSync(folder.file('in.pdf'), await samplePdf())
  const place = ['--module', bare.module, '--level', 'B-B', '--pin-env', 'PIN', '--json']
  const environment = { ...bare.environment, PIN: userPin }
  const sign = (out: string, ...more: readonly string[]) =>
    ctdesk(['sign', folder.file('in.pdf'), '--out', folder.file(out), ...place, ...more], environment)
  const without = await sign('never.pdf')
  expect(JSON.parse(without.stdout)).toMatchObject({ error: { code: 'certificate-not-found' } })
  expect((await sign('signed.pdf', '--cert-file', folder.file('signer.pem'))).status).toBe(0)
  const { signatures } = await verifyPdf(folder.file('signed.pdf'), { trustAnchors: [] })
  expect(signatures).toMatchObject([{ signerName: chairman, integrity: 'intact' }])

  // A certificate of another key is refused after the login, without a try lost and without a file.
  writeFileSync(folder.file('other.pem'), pem(token.certificates[0] ?? new Uint8Array()))
  const other = await sign('other.pdf', '--cert-file', folder.file('other.pem'))
  expect(JSON.parse(other.stdout)).toMatchObject({ error: { code: 'key-not-found' } })
  expect(existsSync(folder.file('other.pdf'))).toBe(false)
})
