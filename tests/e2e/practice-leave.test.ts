import { expect, test } from 'vitest'
import { PRACTICE } from '../../electron/sandbox/practice-office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { goTo, sitDown } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { launchDesk } from './support/launch.ts'
import { still } from './support/scene.ts'

const OFFICE = 'Ủy ban nhân dân xã Thật (mẫu)'

test('who has practised leaves for the first start and sets up the real office, which opens from then on', async () => {
  using folder = temporaryFolder()
  {
    await using desk = await launchDesk({ dataFolder: folder.path })
    const { page } = desk
    const practise = page.getByRole('button', { name: 'Dùng thử' })
    const leave = page.getByRole('button', { name: 'Thiết lập cơ quan thật' })
    await practise.click()
    await leave.click()
    await practise.click()

    // What belongs to the PC is shown in practice, and nobody can type what would then be refused.
    await sitDown(page, 'admin')
    await goTo(page, 'Cài đặt')
    await page.getByText('cơ quan tập dượt chỉ xem').waitFor()
    for (const name of ['Thư viện thẻ ký số (PKCS#11)', 'Dịch vụ dấu thời gian', 'Địa chỉ cập nhật'])
      expect(await page.getByLabel(name).isEditable()).toBe(false)
    expect(await page.getByRole('button', { name: 'Lưu và mở lại cơ quan' }).count()).toBe(0)
    await page.getByLabel('Địa chỉ cập nhật').press('Enter')
    await still(page)
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })

    await page.locator('.person-menu').click()
    await page.getByRole('menuitem', { name: 'Đổi người làm việc' }).click()
    await leave.click()
    await practise.waitFor()
  }
  {
    await using desk = await launchDesk({ dataFolder: folder.path })
    const { page } = desk
    await page.getByLabel('Tên cơ quan').fill(OFFICE)
    await page.getByLabel('Họ tên người quản trị').fill('Quản Trị Thật (mẫu)')
    await page.getByRole('button', { name: 'Tạo cơ quan' }).click()
    await page.locator('.top-bar-office').getByText(OFFICE).waitFor()
    await goTo(page, 'Cài đặt')
    expect(await page.getByLabel('Địa chỉ cập nhật').isEditable()).toBe(true)
  }
  {
    await using desk = await launchDesk({ dataFolder: folder.path, practice: true })
    await desk.page.getByRole('button', { name: PRACTICE.people.officer }).waitFor()
    await desk.page.getByRole('button', { name: 'Về cơ quan thật' }).click()
    await desk.page.getByRole('button', { name: 'Quản Trị Thật (mẫu)' }).waitFor()
    await desk.page.getByText(OFFICE).waitFor()
  }
  await using desk = await launchDesk({ dataFolder: folder.path })
  await desk.page.getByText(OFFICE).waitFor()
  expect(await desk.page.getByText('CƠ QUAN TẬP DƯỢT').count()).toBe(0)
})
