import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { goTo, sign, sitDown } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { clientOf } from './support/client.ts'
import { deskOfFile } from './support/desk-of-file.ts'
import { submitted } from './support/prepared.ts'
import { tamper } from './support/tampering.ts'

const own = deskOfFile()

const answer = (page: Page, words: string | RegExp) => page.getByRole('heading', { level: 2, name: words }).waitFor()
const check = (page: Page) => page.getByRole('button', { name: /^Kiểm tra ngay/ }).click()

test('the signer signs, reads it in the journal, and hears that the register is true; changed in its file it is red, with sentence and way', async () => {
  const { page, desk } = own
  await page.setViewportSize({ width: 1366, height: 768 })
  await submitted(desk, ['Giấy khai sinh (mẫu)'])
  await sitDown(page, 'signer')
  await sign(page, 'signature')
  await goTo(page, 'Nhật ký')
  await answer(page, 'Chưa kiểm tra lần này')
  const line = page.getByRole('link', { name: /^Ký bản sao số 01 \(01\/\d{4}-SCT\/BS\)$/ })
  await line.waitFor()

  await check(page)
  await answer(page, 'Sổ đúng như nhật ký')
  await page.getByText(/Đã xem \d+ sự kiện, 1 số chứng thực, 1 bản sao/).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)

  const tampered = tamper(desk.dataFolder)
  await check(page)
  await answer(page, 'Có 3 chỗ không khớp')
  await page.getByText('Nhật ký bị sửa hoặc mất ở sự kiện số 5.').waitFor()
  await page.getByText(/Số 01 \(.*ngày chứng thực.*05\/01\/2026/).waitFor()
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
  await page.getByRole('link', { name: 'Mở bản sao' }).first().click()
  await page.getByRole('heading', { level: 1, name: 'Giấy khai sinh (mẫu)' }).waitFor()

  // Remembered by the program, whoever looks.
  await goTo(page, 'Nhật ký')
  await answer(page, 'Có 3 chỗ không khớp')
  tampered.undo()
  await check(page)
  await answer(page, 'Sổ đúng như nhật ký')
})

test('the head of the journal is compared with what was printed', async () => {
  const { page, desk } = own
  await sitDown(page, 'admin')
  await goTo(page, 'Nhật ký')
  const { events, head } = await (await clientOf(desk)).journal.state.query()
  const compare = async (hash: string) => {
    await page.getByLabel('Sự kiện số', { exact: true }).fill(String(events))
    await page.getByLabel('Mã băm', { exact: true }).fill(hash)
    await page.keyboard.press('Enter')
  }
  await compare(head.slice(0, 16))
  await page.getByText(`Mã đã in ở sự kiện số ${events} khớp`).waitFor()
  await compare(head.replace(/^./, first => (first === 'a' ? 'b' : 'a')))
  await answer(page, 'Có 1 chỗ không khớp')
  await page.getByText(`ở sự kiện số ${events} là`).waitFor()
})

test('the administrator narrows the journal by number and gets a time-stamp', async () => {
  const { page } = own
  await sitDown(page, 'admin')
  await goTo(page, 'Nhật ký')
  const lines = page.locator('.journal-day li')
  await page.getByText('Lập cơ quan trên chương trình').waitFor()
  await page.getByLabel('Số bản sao').fill('1')
  await page.getByText('Lập cơ quan trên chương trình').waitFor({ state: 'detached' })
  expect(await lines.filter({ hasNotText: 'bản sao số 01' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Bỏ lọc' }).click()
  await page.getByText('Lập cơ quan trên chương trình').waitFor()
  const before = await page.getByText('Lấy chứng nhận thời gian cho nhật ký').count()
  await page.getByRole('button', { name: 'Lấy chứng nhận ngay' }).click()
  await expect.poll(() => page.getByText('Lấy chứng nhận thời gian cho nhật ký').count()).toBe(before + 1)
})

test('the officer finds no entry, and the office refuses whoever asks all the same', async () => {
  const { page, desk } = own
  await sitDown(page, 'officer')
  await page.getByRole('navigation').getByRole('link', { name: 'Sổ chứng thực' }).waitFor()
  expect(await page.getByRole('navigation').getByRole('link', { name: 'Nhật ký' }).count()).toBe(0)
  await page.evaluate(() => {
    window.location.hash = '#/journal'
  })
  await page.locator('[data-code="role-missing"]').waitFor()
  const client = await clientOf(desk)
  await expect(client.journal.events.query({})).rejects.toMatchObject({ message: 'role-missing' })
  await expect(client.journal.anchor.mutate()).rejects.toMatchObject({ message: 'role-missing' })
})
