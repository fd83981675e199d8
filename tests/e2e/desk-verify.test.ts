import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { Locator, Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { samplePdf, signFile, testOffice } from '../unit/signing/support.ts'
import { goTo, sitDown } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { deskOfFile } from './support/desk-of-file.ts'
import { heapHolds } from './support/heap.ts'
import { still } from './support/scene.ts'

const own = deskOfFile()
const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())

/** Encrypted first, then signed, by people whom the practice office does not know. */
async function lockedFile(password: string): Promise<string> {
  const [plain, encrypted, signed] = ['plain', 'encrypted', 'Giấy khóa'].map(name => folder.file(`${name}.pdf`))
  if (!plain || !encrypted || !signed) throw new Error('three names')
  writeFileSync(plain, await samplePdf())
  execFileSync('qpdf', ['--encrypt', password, 'owner', '256', '--', plain, encrypted])
  const office = testOffice()
  await signFile(office, office.chairman, encrypted, signed, { password })
  return signed
}

/** The page gets no bytes of a file until they are let through. */
async function holdFiles(page: Page): Promise<() => Promise<void>> {
  await page.evaluate(() => {
    const { readAsDataURL } = FileReader.prototype
    const { promise, resolve } = Promise.withResolvers<void>()
    FileReader.prototype.readAsDataURL = function (blob) {
      void promise.then(() => readAsDataURL.call(this, blob))
    }
    Reflect.set(window, 'releaseFiles', () => {
      FileReader.prototype.readAsDataURL = readAsDataURL
      resolve()
    })
  })
  return () => page.evaluate(() => Reflect.get(window, 'releaseFiles')())
}

test('a file that wants a password: it is asked for, a try can be stopped, a wrong one is named at its field, the right one shows the report', async () => {
  const { page } = own
  const password = 'hai-mua-mua-nang-27'
  const file = await lockedFile(password)
  await sitDown(page, 'clerk')
  await goTo(page, 'Kiểm tra chữ ký')
  await page.locator('input[type=file]').first().setInputFiles(file)
  const field = page.getByLabel('Mật khẩu mở tệp', { exact: true })
  await field.waitFor()
  await page.getByText('Tệp PDF được bảo vệ bằng mật khẩu.').waitFor()
  await expect.poll(() => field.evaluate(element => element === document.activeElement)).toBe(true)
  await still(page)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })

  // While a try runs its form stays, with a way to stop it; stopped, it is there as before.
  const release = await holdFiles(page)
  const stop = page.getByRole('button', { name: 'Dừng kiểm tra' })
  await field.fill('khong-phai-33')
  await field.press('Enter')
  await stop.waitFor()
  expect(await field.inputValue()).toBe('khong-phai-33')
  expect(await field.isEditable()).toBe(false)
  await still(page)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
  await stop.click()
  await release()
  await stop.waitFor({ state: 'hidden' })
  expect(await field.inputValue()).toBe('khong-phai-33')
  expect(await field.isEditable()).toBe(true)
  expect(await page.getByRole('alert').count()).toBe(0)

  // A wrong one is named at its field and stays to be mended; the words go when it is changed.
  await field.press('Enter')
  const wrong = page.getByText('Mật khẩu không mở được tệp PDF.')
  await wrong.waitFor()
  expect(await field.inputValue()).toBe('khong-phai-33')
  expect(await field.getAttribute('aria-invalid')).toBe('true')
  await expect.poll(() => field.evaluate(element => element === document.activeElement)).toBe(true)
  await still(page)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
  await field.press('End')
  await field.pressSequentially('!')
  await wrong.waitFor({ state: 'hidden' })
  expect(await field.inputValue()).toBe('khong-phai-33!')

  await field.fill(password)
  expect(await heapHolds(page, password)).toBe(true)
  await field.press('Enter')
  await page.getByText('Chưa kết luận được chữ ký này').waitFor()
  expect(await page.getByText('Giấy khóa.pdf').count()).toBe(1)
  expect(await field.count()).toBe(0)
  for (const typed of [password, 'khong-phai-33']) {
    await expect.poll(() => heapHolds(page, typed)).toBe(false)
    expect(own.desk.output()).not.toContain(typed)
  }
  expect(await page.getByRole('alert').count()).toBe(0)
  await still(page)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
})

test('of a long file the pages in sight are drawn, and those far away give their pictures back until they are scrolled to again', async () => {
  const { page } = own
  const file = folder.file('Giấy dài.pdf')
  writeFileSync(file, await samplePdf({ pages: 30 }))
  await sitDown(page, 'clerk')
  await goTo(page, 'Kiểm tra chữ ký')
  await page.locator('input[type=file]').first().setInputFiles(file)
  const sheets = page.locator('.copy-page canvas')
  const first = sheets.first()
  const last = sheets.last()
  /** Whether anything dark stands on it. */
  const drawn = (sheet: Locator) =>
    sheet.evaluate(canvas => {
      if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return false
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
      return data.some((value, index) => index % 4 === 0 && value < 128 && (data[index + 3] ?? 0) > 0)
    })
  await expect.poll(() => drawn(first)).toBe(true)
  expect(await sheets.count()).toBe(30)
  for (let turn = 0; turn < 3; turn++) {
    await last.scrollIntoViewIfNeeded()
    await first.scrollIntoViewIfNeeded()
  }
  await last.scrollIntoViewIfNeeded()
  await expect.poll(() => drawn(last)).toBe(true)
  await expect.poll(() => drawn(first)).toBe(false)
  await first.scrollIntoViewIfNeeded()
  await expect.poll(() => drawn(first)).toBe(true)
  expect(await page.getByRole('alert').count()).toBe(0)
})
