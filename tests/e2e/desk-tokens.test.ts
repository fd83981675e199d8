import { expect, test } from 'vitest'
import type { SigningNews } from '../../electron/api/contract/signing.ts'
import { noticeOf } from '../../electron/api/link.ts'
import { PRACTICE } from '../../electron/sandbox/practice-state.ts'
import { goTo, openPinBox, PINS, row, said, sign, sitDown, typePin } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { clientOf, toldBy } from './support/client.ts'
import { deskOfFile } from './support/desk-of-file.ts'
import { submitted } from './support/prepared.ts'
import { still } from './support/scene.ts'
import { tokenReader } from './support/token-reader.ts'

const reader = tokenReader()
const own = deskOfFile(reader.prepare)

test('a wrong PIN, twice: nothing is signed, the box warns, the last try is asked for again; the right one then signs', async () => {
  const { page } = own
  const title = 'Chứng chỉ nhầm mã PIN (mẫu)'
  await submitted(own.desk, [title])
  await sitDown(page, 'signer')
  await row(page, title).click()
  const dialog = await openPinBox(page, 'signature')
  for (const [wrong, warning] of [
    ['11223344', 'Đã có lần nhập sai: nhập thật cẩn thận'],
    ['44332211', 'Chỉ còn một lần thử cuối'],
  ] as const) {
    await typePin(page, 'signature', wrong)
    await dialog.getByRole('alert').getByText('Mã PIN không đúng.').waitFor()
    await dialog.getByText(warning).waitFor()
    expect(await dialog.getByLabel('Mã PIN', { exact: true }).inputValue()).toBe('')
  }
  await dialog.getByRole('button', { name: 'Bỏ qua' }).click()
  await row(page, title).waitFor()

  // The last try is asked for once more, and Enter out of habit does not spend it.
  await openPinBox(page, 'signature')
  await typePin(page, 'signature', PINS.signature)
  const asking = dialog.getByRole('alertdialog', { name: 'Đây là lần thử cuối cùng' })
  await asking.waitFor()
  await page.keyboard.press('Enter')
  await asking.waitFor({ state: 'hidden' })
  await dialog.getByText('Chỉ còn một lần thử cuối').waitFor()
  await typePin(page, 'signature', PINS.signature)
  await dialog.getByRole('button', { name: 'Tôi chắc chắn, thử lần cuối' }).click()
  await said(page, 'Đã ký 1 bản').waitFor()
  await row(page, title).waitFor({ state: 'hidden' })
})

test('the token pulled out in the middle: each file is whole, the screen says which are signed; put back, one PIN signs the rest', async () => {
  const { page } = own
  const titles = Array.from({ length: 6 }, (_, index) => `Trích lục ${index + 1} rút thẻ (mẫu)`)
  await submitted(own.desk, titles)
  await sitDown(page, 'signer')
  const rows = page.getByRole('grid').getByRole('row', { name: /rút thẻ/ })
  await expect.poll(() => rows.count()).toBe(6)
  await page.getByRole('checkbox', { name: /^Chọn tất cả/ }).check()
  reader.pullAfter(2)
  const dialog = await openPinBox(page, 'signature')
  await typePin(page, 'signature', PINS.signature)
  await dialog.getByText('Đã ký 2 bản, chưa được 1, chưa làm 3.').waitFor()
  await dialog.getByText('Mỗi tệp hoặc xong trọn vẹn, hoặc còn nguyên như trước.').waitFor()
  await dialog.getByText('Thẻ ký số đã bị rút ra hoặc mất kết nối.').waitFor()
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
  const named = (result: string) => dialog.locator(`li[data-result=${result}] strong`).allTextContents()
  expect(await named('done')).toHaveLength(2)
  const unsigned = [...(await named('failed')), ...(await named('not-tried'))].sort()
  await dialog.getByRole('button', { name: 'Đóng' }).last().click()

  // What the list still holds is what the dialog named.
  await expect.poll(async () => (await rows.locator('.copy-title').allTextContents()).sort()).toEqual(unsigned)

  // Without the token nothing can be signed and the box asks for it; with it, and a new PIN, the rest is.
  await page.getByRole('checkbox', { name: /^Chọn tất cả/ }).check()
  await page.getByRole('button', { name: 'Ký 4 bản đã chọn' }).click()
  await dialog.getByText('Không thấy thẻ ký số nào.').waitFor()
  reader.plugIn()
  await dialog.getByRole('button', { name: 'Thử lại' }).click()
  await typePin(page, 'signature', PINS.signature)
  await said(page, 'Đã ký 4 bản').waitFor()
  await expect.poll(() => rows.count()).toBe(0)

  // The clerk's seal is put only on a file whose signature is whole: all six take it.
  await sitDown(page, 'clerk')
  await expect.poll(() => rows.count()).toBe(6)
  await page.getByRole('checkbox', { name: /^Chọn tất cả/ }).check()
  await sign(page, 'seal')
  await expect.poll(() => rows.count()).toBe(0)
})

test('twenty copies, one PIN: all ticked, all signed, all sealed', async () => {
  const { page } = own
  await submitted(
    own.desk,
    Array.from({ length: 20 }, (_, index) => `Bảng điểm lô ${index + 1} (mẫu)`),
  )
  for (const [role, kind] of [
    ['signer', 'signature'],
    ['clerk', 'seal'],
  ] as const) {
    await sitDown(page, role)
    const rows = page.getByRole('grid').getByRole('row', { name: /mẫu/ })
    await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(20)
    const count = await rows.count()
    await page.getByRole('checkbox', { name: /^Chọn tất cả/ }).check()
    const dialog = await openPinBox(page, kind)
    await dialog.getByRole('checkbox', { name: 'Giữ mã PIN đến hết lượt này' }).check()
    await typePin(page, kind, PINS[kind])
    await said(page, `${count} bản`).waitFor()
    await expect.poll(() => rows.count()).toBe(0)
  }
})

test('a PIN that is remembered is asked once, until it is forgotten, the token is pulled out, or somebody else sits down', async () => {
  const { page } = own
  await submitted(
    own.desk,
    [1, 2, 3, 4].map(number => `Giấy nhớ mã ${number} (mẫu)`),
  )
  await sitDown(page, 'signer')
  const first = await chosenOf(1)
  const remember = page.getByRole('checkbox', { name: 'Nhớ mã PIN đến khi đổi người làm việc hoặc rút thẻ' })
  await openPinBox(page, 'signature')
  await remember.check()
  await typePin(page, 'signature', PINS.signature)
  await first.waitFor({ state: 'hidden' })

  // The next: no PIN, and Enter is enough.
  const second = await chosenOf(2)
  await page.keyboard.press('Control+Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Thẻ đang mở, không cần nhập mã PIN').waitFor()
  expect(await dialog.getByLabel('Mã PIN', { exact: true }).count()).toBe(0)
  await still(page)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
  await page.keyboard.press('Enter')
  await second.waitFor({ state: 'hidden' })

  await chosenOf(3)
  await page.keyboard.press('Control+Enter')
  await dialog.getByRole('button', { name: 'Quên mã PIN ngay' }).click()
  const field = dialog.getByLabel('Mã PIN', { exact: true })
  await expect.poll(() => field.evaluate(element => element === document.activeElement)).toBe(true)
  await remember.check()
  await typePin(page, 'signature', PINS.signature)
  await dialog.waitFor({ state: 'hidden' })

  // Pulled out, the token has forgotten its login; put back, it is not opened with what was remembered.
  await chosenOf(4)
  reader.pullAfter(1)
  await page.keyboard.press('Control+Enter')
  await dialog.getByText('Thẻ đang mở').waitFor()
  await page.keyboard.press('Enter')
  await dialog.getByText('Thẻ ký số đã bị rút ra hoặc mất kết nối.').waitFor()
  await dialog.getByRole('button', { name: 'Đóng' }).last().click()
  reader.plugIn()
  await openPinBox(page, 'signature')
  await remember.check()
  await typePin(page, 'signature', PINS.signature)
  await dialog.waitFor({ state: 'hidden' })

  const more = 'Giấy người khác (mẫu)'
  await sitDown(page, 'clerk')
  await submitted(own.desk, [more])
  await sitDown(page, 'signer')
  await row(page, more).click()
  await openPinBox(page, 'signature')
  await page.keyboard.press('Escape')
  // Nor by asking past the window.
  const client = await clientOf(own.desk)
  const [copy] = await client.copies.queue.query()
  if (!copy) throw new Error('no copy')
  const copies = [{ id: copy.id, version: copy.version }]
  const unasked = toldBy<SigningNews>(observer =>
    client.signing.sign.subscribe({ jobId: 'unasked', kind: 'signature', copies, pin: null }, observer),
  )
  expect(noticeOf(await unasked.catch((error: unknown) => error))).toMatchObject({ code: 'pin-not-held' })

  async function chosenOf(number: number) {
    const line = row(page, `Giấy nhớ mã ${number} (mẫu)`)
    await line.click()
    return line
  }
})

test('while this PC has no network the window works on: who sits down, a wrong PIN told at once, a copy read and signed', async () => {
  const { page } = own
  const title = 'Giấy ký lúc mất mạng (mẫu)'
  await submitted(own.desk, [title])
  await page.context().setOffline(true)
  try {
    expect(await page.evaluate(() => navigator.onLine)).toBe(false)
    await sitDown(page, 'signer')
    await goTo(page, 'Thẻ ký số')
    await page.getByRole('button', { name: `Đổi mã PIN ${PRACTICE.tokens.signer.label}` }).click()
    const dialog = page.getByRole('dialog')
    for (const [label, text] of [
      ['Mã PIN đang dùng', '11223344'],
      ['Mã PIN mới', '93751842'],
      ['Nhập lại mã PIN mới', '93751842'],
    ] as const)
      await dialog.getByLabel(label, { exact: true }).fill(text)
    await page.keyboard.press('Enter')
    await dialog.getByText('Mã PIN không đúng.').waitFor()
    await dialog.getByRole('button', { name: 'Bỏ qua' }).click()

    await goTo(page, 'Chờ ký')
    await row(page, title).click()
    const picture = page.locator('.copy-view img').first()
    await expect
      .poll(() => picture.evaluate(image => image instanceof HTMLImageElement && image.naturalWidth))
      .toBeGreaterThan(0)
    await sign(page, 'signature')
    await row(page, title).waitFor({ state: 'hidden' })
  } finally {
    await page.context().setOffline(false)
  }
})
