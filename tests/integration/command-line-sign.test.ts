import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { certificationOf, lockOf } from '../../electron/cli/sign-options.ts'
import { revocationList } from '../../electron/sandbox/pki.ts'
import { startTimestampAuthority, type TimestampAuthority } from '../../electron/sandbox/timestamp-authority.ts'
import { verifyPdf } from '../../native-signing/index.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { buildFakeModule, fakeToken } from '../support/fake-token.ts'
import { pem } from '../support/openssl-tsa.ts'
import { pdfsig, qpdf, qpdfCheck } from '../support/pdf-judges.ts'
import { createTestToken, userPin } from '../support/sandbox-office.ts'
import { samplePdf, temporaryFolder, testOffice, testSigner } from '../unit/signing/support.ts'

const office = testOffice()
const folder = temporaryFolder('command-line-sign-')
const secrets = { KEY_PASSWORD: 'khoa 1', PDF_PASSWORD: 'mật khẩu' }
let authority: TimestampAuthority
let count = 0
const newFile = () => folder.file(`${++count}.pdf`)

beforeAll(async () => {
  authority = await startTimestampAuthority({
    identity: office.pki.timestampAuthority,
    chain: [office.pki.subCa.certificate],
  })
  const now = new Date()
  writeFileSync(folder.file('root.pem'), pem(office.pki.root.certificate))
  mkdirSync(folder.file('lists'))
  for (const issuer of ['root', 'subCa'] as const)
    writeFileSync(folder.file(`lists/${issuer}.crl`), revocationList(office.pki, issuer, now))
  keyFile('rsa.p12', 'rsa')
  keyFile('weak.p12', 'rsa-1024')
})
afterAll(async () => {
  await authority.close()
  folder[Symbol.dispose]()
})

function keyFile(name: string, key: 'rsa' | 'rsa-1024'): void {
  const { certificate, privateKey } = testSigner(office.pki, { key })
  writeFileSync(folder.file('key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
  writeFileSync(folder.file('own.pem'), pem(certificate.der))
  writeFileSync(folder.file('chain.pem'), pem(office.pki.subCa.certificate))
  const files = ['-inkey', folder.file('key.pem'), '-in', folder.file('own.pem'), '-certfile', folder.file('chain.pem')]
  const output = ['-out', folder.file(name), '-passout', `pass:${secrets.KEY_PASSWORD}`]
  execFileSync('openssl', ['pkcs12', '-export', ...files, ...output])
}

async function plain(...encryption: readonly string[]): Promise<string> {
  const path = newFile()
  writeFileSync(path, await samplePdf())
  if (encryption.length === 0) return path
  const encrypted = newFile()
  await qpdf('--encrypt', ...encryption, path, encrypted)
  return encrypted
}

const answer = z.looseObject({ error: z.object({ code: z.string() }).optional(), level: z.string().optional() })

async function call(...args: readonly string[]) {
  const { status, stdout } = await ctdesk([...args, '--json'], secrets)
  return { status, data: stdout === '' ? {} : answer.parse(JSON.parse(stdout)) }
}

const key = (name = 'rsa.p12') => ['--p12', folder.file(name), '--pin-env', 'KEY_PASSWORD']
const longTerm = () => ['--trust', folder.file('root.pem'), '--crl', folder.file('lists'), '--offline']

async function levelOf(path: string): Promise<string | null | undefined> {
  const { valid, signatures } = await verifyPdf(path, office.trust)
  expect(valid).toBe(true)
  return signatures.find(({ field }) => field === 'Signature')?.level
}

describe('levels', () => {
  test('B-LTA in one go', { timeout: 180_000 }, async () => {
    const level = 'B-LTA'
    const output = newFile()
    const options = ['--level', level, '--tsa', authority.url, ...longTerm()]
    const result = await call('sign', await plain(), '--out', output, ...key(), ...options)
    expect(result).toMatchObject({ status: 0, data: { level } })
    expect(await levelOf(output)).toBe(level)
    await qpdfCheck(output)
  })

  test('without what they need: said before any key is asked, and no file', { timeout: 180_000 }, async () => {
    const output = newFile()
    const nobody = ['--p12', folder.file('no-such.p12'), '--pin-env', 'KEY_PASSWORD']
    const options = ['--level', 'B-LTA', '--tsa', authority.url]
    expect(await call('sign', await plain(), '--out', output, ...nobody, ...options)).toMatchObject({
      status: 2,
      data: { error: { code: 'argument-invalid' } },
    })
    const basic = ['--level', 'B-B']
    const rectangle = ['--rect', '20,20,120,60', '--image']
    writeFileSync(folder.file('mark.png'), 'no picture')
    const certified = newFile()
    await call('sign', await plain(), '--out', certified, ...key(), ...basic, '--certify', '1')
    const encrypted = await plain('khóa', 'chủ', '256', '--')
    for (const [input, code, ...more] of [
      [await plain(), 'argument-invalid', ...rectangle, folder.file('mark.png'), '--page', '0'],
      [await plain(), 'image-unreadable', ...rectangle, folder.file('mark.png')],
      [await plain(), 'password-source-missing', '--password-env', 'NO_SUCH'],
      [encrypted, 'pdf-password-required'],
      [certified, 'pdf-changes-forbidden', '--field', 'Two'],
    ] as const)
      expect(await call('sign', input, '--out', output, ...nobody, ...basic, ...more)).toMatchObject({
        data: { error: { code } },
      })
    expect(await call('sign', await plain(), '--out', certified, ...nobody, ...basic)).toMatchObject({
      data: { error: { code: 'file-exists' } },
    })
    mkdirSync(folder.file('one'))
    writeFileSync(folder.file('one/1.pdf'), await samplePdf())
    const batch = ['sign-batch', folder.file('one'), '--out', folder.file('none'), ...nobody, ...basic]
    expect(await call(...batch, '--password-env', 'NO_SUCH')).toMatchObject({
      data: { error: { code: 'password-source-missing' } },
    })
    const unknown = ['--level', 'B-LT', '--tsa', authority.url, '--trust', folder.file('root.pem'), '--offline']
    expect(await call('sign', await plain(), '--out', output, ...key(), ...unknown)).toMatchObject({
      status: 2,
      data: { error: { code: 'validation-data-unavailable' } },
    })
    expect(existsSync(output)).toBe(false)
  })
})

describe('locks', () => {
  test('--certify 1: nobody signs after it; --lock: nobody signs the field', { timeout: 180_000 }, async () => {
    const [certified, locked] = [newFile(), newFile()]
    const basic = [...key(), '--level', 'B-B']
    expect(await call('sign', await plain(), '--out', certified, ...basic, '--certify', '1')).toMatchObject({
      status: 0,
    })
    expect(await call('sign', certified, '--out', newFile(), ...basic, '--field', 'Two')).toMatchObject({
      status: 1,
      data: { error: { code: 'pdf-changes-forbidden' } },
    })
    const lock = ['--lock', 'include:Two,Con dấu']
    expect(await call('sign', await plain(), '--out', locked, ...basic, ...lock)).toMatchObject({ status: 0 })
    expect(await call('sign', locked, '--out', newFile(), ...basic, '--field', 'Con dấu')).toMatchObject({
      status: 1,
      data: { error: { code: 'field-locked' } },
    })
  })
})

describe('what --lock and --certify mean', () => {
  const options = { out: '', level: 'B-B', field: '', trust: [], crl: [] } as const
  test.each([
    ['all', { kind: 'all' }],
    ['include:Two', { kind: 'include', fields: ['Two'] }],
    ['exclude:Two, Con dấu', { kind: 'exclude', fields: ['Two', 'Con dấu'] }],
  ])('%s', (lock, expected) => {
    expect(lockOf({ ...options, lock })).toEqual(expected)
  })

  test.each(['everything', 'include:', 'include:One,', 'only:One', ''])('«%s» is no lock', lock => {
    expect(() => lockOf({ ...options, lock })).toThrow(expect.objectContaining({ code: 'argument-invalid' }))
  })

  test('nothing unless asked', () => {
    expect([lockOf(options), certificationOf(options)]).toEqual([null, null])
    expect(certificationOf({ ...options, certify: '2' })).toBe(2)
  })
})

describe('encrypted files', () => {
  test('by a password from the environment or a file, never from an argument', { timeout: 180_000 }, async () => {
    const input = await plain(secrets.PDF_PASSWORD, 'owner', '256', '--')
    const [one, two, extended] = [newFile(), newFile(), newFile()]
    const basic = [...key(), '--level', 'B-B']
    expect(await call('sign', input, '--out', one, ...basic)).toMatchObject({
      status: 2,
      data: { error: { code: 'pdf-password-required' } },
    })
    expect(await call('sign', input, '--out', one, ...basic, '--password-env', 'PDF_PASSWORD')).toMatchObject({
      status: 0,
    })
    writeFileSync(folder.file('password'), 'owner\n')
    const file = ['--password-file', folder.file('password')]
    expect(await call('sign', one, '--out', two, ...basic, '--field', 'Two', ...file)).toMatchObject({ status: 0 })
    expect((await pdfsig(two, 'owner')).map(({ field, valid }) => [field, valid])).toEqual([
      ['Signature', true],
      ['Two', true],
    ])
    const lifting = ['--level', 'B-LTA', '--tsa', authority.url, ...longTerm(), ...file]
    expect(await call('extend', two, '--out', extended, ...lifting)).toMatchObject({ status: 0 })
    await qpdfCheck(extended, 'owner')
    expect((await ctdesk(['sign', input, '--out', newFile(), ...basic, '--password', 'owner'])).status).toBe(64)
  })
})

test('a weak key is refused', { timeout: 180_000 }, async () => {
  expect(await call('sign', await plain(), '--out', newFile(), ...key('weak.p12'), '--level', 'B-B')).toMatchObject({
    status: 1,
    data: { error: { code: 'algorithm-too-weak' } },
  })
})

describe('a folder of files', () => {
  test('good ones and bad ones, to the level asked for; nothing else is left behind', {
    timeout: 180_000,
  }, async () => {
    const [inputs, outputs] = [folder.file('inputs'), folder.file('outputs')]
    mkdirSync(inputs)
    for (const name of ['1.pdf', '2.pdf', '4.pdf', '5.pdf', '6.pdf', '7.pdf'])
      writeFileSync(`${inputs}/${name}`, await samplePdf())
    writeFileSync(`${inputs}/3.pdf`, 'no PDF')
    const options = ['--level', 'B-LT', '--tsa', authority.url, ...longTerm()]
    const result = await call('sign-batch', inputs, '--out', outputs, ...key(), ...options)
    expect(result.status).toBe(2)
    expect(result.data['files']).toMatchObject(
      [1, 2, 3, 4, 5, 6, 7].map(each => ({ result: each === 3 ? 'failed' : 'done' })),
    )
    expect(readdirSync(outputs).sort()).toEqual(['1.pdf', '2.pdf', '4.pdf', '5.pdf', '6.pdf', '7.pdf'])
    expect(await levelOf(`${outputs}/7.pdf`)).toBe('B-LT')
  })

  test('ends with the worst that came of a file, whichever came last', { timeout: 180_000 }, async () => {
    const [inputs, basic] = [folder.file('mixed'), [...key(), '--level', 'B-B']]
    mkdirSync(inputs)
    writeFileSync(`${inputs}/1.pdf`, 'no PDF')
    await call('sign', await plain(), '--out', `${inputs}/2.pdf`, ...basic, '--certify', '1')
    expect(
      await call('sign-batch', inputs, '--out', folder.file('mixed-out'), ...basic, '--field', 'Two'),
    ).toMatchObject({
      status: 2,
      data: {
        error: { code: 'pdf-unreadable' },
        files: [{ error: { code: 'pdf-unreadable' } }, { error: { code: 'pdf-changes-forbidden' } }],
      },
    })
  })

  test('stopped by Ctrl-C: the file under the token is finished, and it does not end as if all were done', {
    timeout: 180_000,
  }, async () => {
    const inputs = folder.file('stopped')
    mkdirSync(inputs)
    for (let n = 1; n <= 9; n++) writeFileSync(`${inputs}/${n}.pdf`, await samplePdf())
    const token = await createTestToken(folder.path)
    const { module, environment } = fakeToken(buildFakeModule(folder.path), token, folder.file('state'), ['slow-sign'])
    const place = ['--out', folder.file('stopped-out'), '--module', module, '--pin-env', 'PIN', '--level', 'B-B']
    const stopped = await ctdesk(['sign-batch', inputs, ...place, '--json'], { ...environment, PIN: userPin }, '✓')
    const { files, error } = z
      .object({ files: z.array(z.looseObject({ result: z.string() })), error: z.object({ code: z.string() }) })
      .parse(JSON.parse(stopped.stdout))
    expect([stopped.status, error.code]).toEqual([2, 'cancelled'])
    expect(files.map(each => each.result)).toEqual(expect.arrayContaining(['done', 'not-tried']))
    expect(files.filter(each => each.result === 'failed')).toEqual([])
    expect(readdirSync(folder.file('stopped-out'))).toHaveLength(files.filter(each => each.result === 'done').length)
  })
})
