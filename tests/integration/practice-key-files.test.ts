import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readDeskSettings, writeDeskSettings } from '../../electron/desk-settings.ts'
import { certificatesBeside } from '../../electron/key-file-tokens.ts'
import { verifyCopy } from '../../electron/office/verification/judge-copy.ts'
import { PRACTICE } from '../../electron/sandbox/practice-office.ts'
import { readTrust } from '../../electron/signing-parts.ts'
import { verifyPdf } from '../../native-signing/index.ts'
import { openPractice, type Practice } from '../support/practice.ts'

describe('a practice office on a PC without SoftHSM: key files play the tokens', () => {
  let practice: Practice
  beforeAll(async () => {
    practice = await openPractice(false)
  })
  afterAll(() => practice[Symbol.asyncDispose]())

  test('signs and seals a good copy; a wrong PIN signs nothing', async () => {
    const { desk, officeFolder } = practice
    const copies = await practice.submitted(1)
    await expect(practice.sign(copies, 'signature', { pin: '00000000' })).rejects.toMatchObject({
      code: 'pin-incorrect',
    })
    expect(await practice.sign(copies, 'signature')).toMatchObject([{ result: 'done' }])
    const clerk = await practice.actor('clerk')
    const signed = await Promise.all(copies.map(({ id }) => desk.office.copies.read(clerk, id)))
    expect(await practice.sign(signed, 'seal')).toMatchObject([{ result: 'done' }])
    const file = await desk.office.copies.file(clerk, copies[0]?.id ?? '', 'sealed')
    const report = await verifyPdf(file, await readTrust(officeFolder, desk.settings.trust))
    expect(report.valid).toBe(true)
    expect(verifyCopy(file, report)).toMatchObject({ good: true, number: '01' })
  })

  test('they are shown as what they are, by themselves, and keep their PIN', async () => {
    const { tokens } = practice.desk
    const seen = await tokens.list({}, true)
    const fileOf = ({ label }: { readonly label: string }) => ({ label: `${label} (tệp khóa)`, model: 'PKCS#12' })
    expect(seen).toMatchObject([fileOf(PRACTICE.tokens.signer), fileOf(PRACTICE.tokens.organisation)])
    const [token] = seen
    if (!token || 'error' in token) throw new Error('no token')
    expect(token.certificates.map(each => tokens.judge(each, token))).toEqual([
      { isIssuer: false, problem: null },
      { isIssuer: true, problem: null },
    ])
    const [pin, newPin] = [Buffer.from(PRACTICE.tokens.signer.pin), Buffer.from('93751842')]
    await expect(tokens.changePin(token, { pin, newPin })).rejects.toMatchObject({ code: 'pin-change-not-supported' })
    expect([...pin, ...newPin].every(byte => byte === 0)).toBe(true)
  })

  test.each([
    ['missing', (file: string) => rmSync(file)],
    [
      'damaged',
      (file: string) => writeFileSync(file, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
    ],
    ['empty', (file: string) => writeFileSync(file, '')],
  ] as const)('a certificate file that is %s is told with what to do; the other token signs on', async (_, spoil) => {
    const { desk, officeFolder } = practice
    const keyFile = join(officeFolder, 'practice', 'tokens', `${PRACTICE.tokens.organisation.label} (tệp khóa).p12`)
    const file = certificatesBeside(keyFile)
    const whole = readFileSync(file)
    const clerk = await practice.actor('clerk')
    spoil(file)
    try {
      const told = { code: 'key-file-certificate-unreadable', parameters: { file: basename(file) } }
      expect(await desk.tokens.list()).toMatchObject([
        { label: `${PRACTICE.tokens.signer.label} (tệp khóa)` },
        { module: keyFile, error: told },
      ])
      await expect(desk.findToken(clerk, 'seal')).rejects.toMatchObject(told)
      expect(await practice.sign(await practice.submitted(1), 'signature')).toMatchObject([{ result: 'done' }])
    } finally {
      writeFileSync(file, whole)
    }
    expect(await desk.findToken(clerk, 'seal')).toMatchObject({ token: { module: keyFile } })
  })

  test('a key file that is gone is told as such, not as something unforeseen', async () => {
    const { desk, officeFolder } = practice
    const file = join(officeFolder, 'practice', 'tokens', `${PRACTICE.tokens.signer.label} (tệp khóa).p12`)
    const chosen = await desk.findToken(await practice.actor('signer'), 'signature')
    renameSync(file, `${file}.away`)
    try {
      await expect(desk.tokens.open(chosen, { pin: Buffer.from('13572468') })).rejects.toMatchObject({
        code: 'key-file-unreadable',
      })
    } finally {
      renameSync(`${file}.away`, file)
    }
  })

  test('no other office takes key files for tokens', async () => {
    const settings = await readDeskSettings(practice.officeFolder)
    await expect(writeDeskSettings(practice.folder.path, { ...settings, practice: false })).rejects.toThrow(/key files/)
  })
})
