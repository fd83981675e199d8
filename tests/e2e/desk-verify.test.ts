import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { samplePdf, signFile, testOffice } from '../unit/signing/support.ts'
import { goTo, sitDown } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { deskOfFile } from './support/desk-of-file.ts'
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

test('a file that wants a password: it is asked for, a wrong one is named and asked again, the right one shows the report', async () => {
  const { page } = own
  const file = await lockedFile('mở ra')
  await sitDown(page, 'clerk')
  await goTo(page, 'Kiểm tra chữ ký')
  await page.locator('input[type=file]').first().setInputFiles(file)
  const field = page.getByLabel('Mật khẩu mở tệp', { exact: true })
  await field.waitFor()
  await page.getByText('Tệp PDF được bảo vệ bằng mật khẩu.').waitFor()
  await expect.poll(() => field.evaluate(element => element === document.activeElement)).toBe(true)
  await still(page)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })

  await field.fill('sai')
  await field.press('Enter')
  await page.getByText('Mật khẩu không mở được tệp PDF.').waitFor()
  await expect.poll(() => field.inputValue()).toBe('')

  await field.fill('mở ra')
  await field.press('Enter')
  await page.getByText('Chưa kết luận được chữ ký này').waitFor()
  expect(await page.getByText('Giấy khóa.pdf').count()).toBe(1)
  expect(await field.count()).toBe(0)
  expect(await page.getByRole('alert').count()).toBe(0)
  await still(page)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
})
