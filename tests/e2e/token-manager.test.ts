import { join } from 'node:path'
import { expect, test } from 'vitest'
import { issueCertificate, openPki } from '../../electron/sandbox/pki.ts'
import { PRACTICE } from '../../electron/sandbox/practice-office.ts'
import { createSoftToken } from '../../electron/sandbox/soft-token.ts'
import { ensurePracticeOffice } from '../../electron/window/practice.ts'
import { goTo, openPinBox, PINS, said, sitDown, typePin } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { clientOf, workAs } from './support/client.ts'
import { deskOfFile } from './support/desk-of-file.ts'
import { heapHolds } from './support/heap.ts'
import { Keys } from './support/keys.ts'
import { submitted } from './support/prepared.ts'

const OLD = { label: 'Thẻ cũ (mẫu)', pin: '55667788' }
const day = 86_400_000

/** A third token in the practice office's reader: an expired certificate, one that may not sign, and a good one of nobody. */
async function plugInOldToken(dataFolder: string): Promise<void> {
  const office = join(dataFolder, 'practice-office')
  const now = new Date()
  await ensurePracticeOffice(office, now)
  const pki = openPki(join(office, 'practice', 'pki'))
  const identity = (kind: 'person' | 'encryption', commonName: string, until: number) => ({
    certify: (publicKey: Uint8Array) =>
      issueCertificate(pki, {
        kind,
        publicKey,
        subject: { locality: PRACTICE.locality, organisation: PRACTICE.office, commonName },
        notBefore: new Date(now.getTime() - 400 * day),
        notAfter: new Date(now.getTime() + until * day),
      }),
  })
  await createSoftToken({
    folder: join(office, 'practice', 'tokens'),
    ...OLD,
    securityOfficerPin: PRACTICE.securityOfficerPin,
    identities: [
      identity('person', 'Lê Văn Cũ (mẫu)', -35),
      identity('encryption', 'Lê Văn Kín (mẫu)', 300),
      identity('person', 'Lê Văn Mới (mẫu)', 300),
    ],
  })
}

const own = deskOfFile(plugInOldToken)

const panel = (label: string) => own.page.getByRole('region', { name: label })
const line = (name: string) => own.page.getByRole('listitem').filter({ hasText: name })

test('the contract tells each token, whose each certificate is, and why one cannot sign', async () => {
  const client = await clientOf(own.desk)
  await workAs(client, 'signer')
  const { tokens, faults } = await client.tokens.overview.query({})
  expect(faults).toEqual([])
  const certificates = tokens.flatMap(token => token.certificates.filter(each => !each.isIssuer))
  const told = Object.fromEntries(certificates.map(each => [each.commonName, [each.uses, each.fault?.code ?? null]]))
  expect(told).toEqual({
    [PRACTICE.people.signer]: [[{ kind: 'person', name: PRACTICE.people.signer, mine: true }], null],
    [PRACTICE.office]: [[{ kind: 'seal' }], null],
    'Lê Văn Cũ (mẫu)': [[], 'certificate-expired'],
    'Lê Văn Kín (mẫu)': [[], 'certificate-not-for-signing'],
    'Lê Văn Mới (mẫu)': [[], null],
  })
  const old = tokens.find(token => token.label === OLD.label)
  expect(old).toMatchObject({ pinState: 'ok', newPin: { minimum: 6, maximum: 255 } })
  const { module = '', slotId = 0 } = old ?? {}
  const elsewhere = { module, slotId, serialNumber: 'another', pin: OLD.pin, newPin: '93751842' }
  await expect(client.tokens.changePin.query(elsewhere)).rejects.toThrow('no-token')
  await client.session.end.mutate()
})

test('the screen says in plain words what is plugged in and what is wrong with it', async () => {
  const { page } = own
  await sitDown(page, 'signer')
  await goTo(page, 'Thẻ ký số')
  await panel(PRACTICE.tokens.signer.label).getByText('Của tôi').waitFor()
  await panel(PRACTICE.tokens.organisation.label).getByText('Con dấu của cơ quan').waitFor()
  await line('Lê Văn Cũ (mẫu)').getByText('Chứng thư số đã hết hạn').waitFor()
  await line('Lê Văn Mới (mẫu)').getByText('chưa gắn với ai trong cơ quan').waitFor()
  expect(await panel(OLD.label).getByText('không có lần nhập sai nào').count()).toBe(1)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
})

test('keys alone change the PIN; what cannot be is said at its field, and nothing typed stays in the page', async () => {
  const { page } = own
  await sitDown(page, 'signer')
  await goTo(page, 'Thẻ ký số')
  const keys = new Keys(page)
  const fill = async (pin: string, newPin: string, again: string) => {
    for (const [label, text] of [
      ['Mã PIN đang dùng', pin],
      ['Mã PIN mới', newPin],
      ['Nhập lại mã PIN mới', again],
    ] as const) {
      await dialog.getByLabel(label, { exact: true }).focus()
      await page.keyboard.press('Control+A')
      await keys.type(text)
    }
    await keys.press('Enter')
  }
  const dialog = page.getByRole('dialog')
  await panel(OLD.label).waitFor()
  await keys.reach('Tab', `Đổi mã PIN ${OLD.label}`)
  await keys.press('Enter')
  await dialog.waitFor()
  await fill(OLD.pin, '123', '123')
  await dialog.getByText('Từ 6 đến 255 ký tự').first().waitFor()
  await fill(OLD.pin, '93751842', '93751843')
  await dialog.getByText('Hai lần nhập mã PIN mới không giống nhau').waitFor()
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
  await dialog.getByLabel('Mã PIN mới', { exact: true }).fill('93751842')
  expect(await heapHolds(page, '93751842')).toBe(true)
  await fill(OLD.pin, '93751842', '93751842')
  await said(page, `Đã đổi mã PIN của ${OLD.label}`).waitFor()
  await dialog.waitFor({ state: 'hidden' })
  for (const secret of [OLD.pin, '93751842']) {
    await expect.poll(() => heapHolds(page, secret)).toBe(false)
    expect(own.desk.output()).not.toContain(secret)
  }
})

test('a wrong PIN warns, the last try is asked for once more, and no is the way out', async () => {
  const { page } = own
  await sitDown(page, 'clerk')
  await goTo(page, 'Thẻ ký số')
  const { label } = PRACTICE.tokens.organisation
  await page.getByRole('button', { name: `Đổi mã PIN ${label}` }).click()
  const dialog = page.getByRole('dialog')
  const send = async (pin: string) => {
    await dialog.getByLabel('Mã PIN đang dùng', { exact: true }).fill(pin)
    await dialog.getByLabel('Mã PIN mới', { exact: true }).fill('93751842')
    await dialog.getByLabel('Nhập lại mã PIN mới', { exact: true }).fill('93751842')
    await dialog.getByRole('button', { name: 'Đổi mã PIN', exact: true }).click()
  }
  await send('11223344')
  await dialog.getByText('Mã PIN không đúng.').waitFor()
  await dialog.getByText('đã có lần nhập sai').waitFor()
  await send('44332211')
  await dialog.getByText('chỉ còn một lần thử cuối').waitFor()
  await send(PINS.seal)
  await dialog.getByRole('alertdialog', { name: 'Đây là lần thử cuối cùng' }).waitFor()
  await page.keyboard.press('Enter')
  await dialog.getByRole('alertdialog').waitFor({ state: 'hidden' })
  await dialog.getByRole('button', { name: 'Đổi mã PIN', exact: true }).click()
  await dialog.getByRole('button', { name: 'Tôi chắc chắn, thử lần cuối' }).click()
  await said(page, `Đã đổi mã PIN của ${label}`).waitFor()
  await panel(label).getByText('không có lần nhập sai nào').waitFor()
})

test('a practice PIN stands beside its field until it is changed; then the field says so', async () => {
  const { page } = own
  const { label } = PRACTICE.tokens.signer
  await submitted(own.desk, ['Giấy tờ sau khi đổi mã PIN (mẫu)'])
  await sitDown(page, 'signer')
  const dialog = await openPinBox(page, 'signature')
  await dialog.getByText(`Mã PIN tập dượt: ${PINS.signature}`).waitFor()
  await page.keyboard.press('Escape')

  await goTo(page, 'Thẻ ký số')
  await page.getByRole('button', { name: `Đổi mã PIN ${label}` }).click()
  await dialog.getByLabel('Mã PIN đang dùng', { exact: true }).fill(PINS.signature)
  await dialog.getByLabel('Mã PIN mới', { exact: true }).fill('93751842')
  await dialog.getByLabel('Nhập lại mã PIN mới', { exact: true }).fill('93751842')
  await page.keyboard.press('Enter')
  await said(page, `Đã đổi mã PIN của ${label}`).waitFor()

  await page.reload()
  await goTo(page, 'Chờ ký')
  await openPinBox(page, 'signature')
  await dialog.getByText('Mã PIN tập dượt đã được đổi').waitFor()
  expect(await dialog.getByText(PINS.signature).count()).toBe(0)
  await typePin(page, 'signature', '93751842')
  await said(page, 'Đã ký 1 bản').waitFor()
})
