import { expect, test } from 'vitest'
import { PRACTICE } from '../../electron/sandbox/practice-office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { goTo, receive, sitDown } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { launchDesk } from './support/launch.ts'
import { still } from './support/scene.ts'

const PASSWORD = 'mùa xuân Tân Sửu'

test('a password set by the administrator is asked before that person works; the receipt is printed from a request', async () => {
  using folder = temporaryFolder()
  await using desk = await launchDesk({ dataFolder: folder.path, practice: true })
  const { page } = desk
  const noFault = async () => {
    await still(page)
    expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
  }
  await sitDown(page, 'admin')
  await goTo(page, 'Cài đặt')
  await page.locator('.setup-steps').getByText('đã gắn và đang cắm').waitFor()

  // A certificate that is not the office's is warned of before it is kept; the office's own is not.
  const seal = page.getByRole('region', { name: 'Con dấu của cơ quan' })
  const warning = seal.getByText(`mang tên “${PRACTICE.people.signer}”, không phải tên cơ quan`)
  const choose = async (name: string) => {
    await seal.getByRole('combobox', { name: 'Chứng thư số của cơ quan' }).click()
    await page.getByRole('option', { name }).click()
  }
  await choose(PRACTICE.people.signer)
  await warning.waitFor()
  await noFault()
  await seal.getByRole('button', { name: 'Lưu' }).click()
  await page.locator('.setup-steps').getByText(`mang tên “${PRACTICE.people.signer}”`).waitFor()
  await choose(PRACTICE.office)
  await warning.waitFor({ state: 'hidden' })
  await seal.getByRole('button', { name: 'Lưu' }).click()
  await page.locator('.setup-steps').getByText('đã gắn và đang cắm').waitFor()

  await page.getByRole('button', { name: `Mật khẩu của ${PRACTICE.people.officer}` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  await noFault()
  await dialog.getByLabel('Mật khẩu mới', { exact: true }).fill(PASSWORD)
  await dialog.getByLabel('Gõ lại mật khẩu mới').fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Lưu' }).click()
  await dialog.waitFor({ state: 'detached' })
  // A program that came as no package has nothing that could be renewed, and says so.
  await page.getByText('Bản cài này không tự cập nhật').waitFor()
  // Token modules are chosen from what was found, or in the system's own dialog: there is no field for a path.
  await page.getByRole('group', { name: 'Thư viện thẻ ký số (PKCS#11)' }).waitFor()
  expect(await page.getByRole('textbox', { name: 'Thư viện thẻ ký số' }).count()).toBe(0)

  await page.locator('.person-menu').click()
  await page.getByRole('menuitem', { name: 'Đổi người làm việc' }).click()
  await page.getByRole('button', { name: PRACTICE.people.officer }).click()
  const field = page.getByRole('dialog').getByLabel('Mật khẩu', { exact: true })
  await field.waitFor()
  await noFault()
  await field.fill('không phải')
  await field.press('Enter')
  await page.getByText('Mật khẩu không đúng.').waitFor()
  await field.fill(PASSWORD)
  await field.press('Enter')
  await page.getByRole('navigation', { name: 'Các phần việc' }).waitFor()

  await receive(page, [{ title: 'Giấy khai sinh (mẫu)', issuer: 'UBND xã Mẫu', copies: 1 }])
  await page.getByRole('button', { name: 'In giấy hẹn' }).click()
  const receipt = page.getByRole('dialog', { name: 'Giấy tiếp nhận hồ sơ và hẹn trả kết quả' })
  await receipt.getByRole('img').first().waitFor()
  await noFault()
  const head = await receipt.getByRole('link', { name: 'Lưu PDF để in' }).evaluate(async link => {
    const answer = await fetch(link instanceof HTMLAnchorElement ? link.href : '')
    return (await answer.text()).slice(0, 5)
  })
  expect(head).toBe('%PDF-')
}, 150_000)
