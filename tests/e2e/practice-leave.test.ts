import { expect, test } from 'vitest'
import { PRACTICE } from '../../electron/sandbox/practice-office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { goTo, sitDown } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { launchDesk } from './support/launch.ts'
import { still } from './support/scene.ts'

const OFFICER = 'Công Chức Thật (mẫu)'
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
    for (const name of ['Dịch vụ dấu thời gian', 'Địa chỉ cập nhật'])
      expect(await page.getByLabel(name).isEditable()).toBe(false)
    const modules = page.getByRole('group', { name: 'Thư viện thẻ ký số (PKCS#11)' })
    for (const module of await modules.getByRole('checkbox').all()) expect(await module.isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Chọn thư viện khác…' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Lưu và mở lại cơ quan' }).count()).toBe(0)
    await page.getByLabel('Địa chỉ cập nhật').press('Enter')
    await still(page)
    expect(await page.getByRole('alert').count()).toBe(0)
    expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })

    // Made anew, it is as on the first day, and somebody has to sit down.
    await page.getByLabel('Tên ghi trên bản sao').fill('Tên tập dượt đã sửa (mẫu)')
    await page.getByRole('button', { name: 'Lưu', exact: true }).first().click()
    await page.locator('.top-bar-office').getByText('Tên tập dượt đã sửa (mẫu)').waitFor()
    await page.getByRole('button', { name: 'Làm lại cơ quan tập dượt' }).click()
    await page.getByRole('button', { name: 'Xóa và làm lại từ đầu' }).click()
    await page.getByRole('heading', { name: 'Ai làm việc tại máy này?' }).waitFor()
    await page.getByText(PRACTICE.office).waitFor()

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
    const name = page.getByLabel('Tên ghi trên bản sao')
    await name.fill(`${OFFICE}, tỉnh Mẫu`)
    await name.press('Enter')
    await page.locator('.top-bar-office').getByText(`${OFFICE}, tỉnh Mẫu`).waitFor()
    await name.fill(OFFICE)
    await name.press('Enter')
    await page.locator('.top-bar-office').getByText(OFFICE, { exact: true }).waitFor()

    // From the real office into the practice office and back; nobody is taken along either way.
    await page.getByRole('button', { name: 'Vào cơ quan tập dượt' }).click()
    await page.getByRole('button', { name: PRACTICE.people.officer }).waitFor()
    await page.locator('.practice-band').waitFor()
    await sitDown(page, 'admin')
    await goTo(page, 'Cài đặt')
    expect(await page.getByRole('button', { name: 'Vào cơ quan tập dượt' }).count()).toBe(0)
    await page.locator('.person-menu').click()
    await page.getByRole('menuitem', { name: 'Đổi người làm việc' }).click()
    await page.getByRole('button', { name: 'Về cơ quan thật' }).click()
    await page.getByRole('button', { name: 'Quản Trị Thật (mẫu)' }).click()
    await page.locator('.top-bar-office').getByText(OFFICE).waitFor()
    expect(await page.locator('.practice-band').count()).toBe(0)

    // An officer has no such way.
    await goTo(page, 'Cài đặt')
    await page.getByRole('button', { name: 'Thêm người' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Họ và tên').fill(OFFICER)
    await dialog.getByRole('checkbox', { name: /^Công chức/ }).check()
    await dialog.getByRole('button', { name: 'Lưu' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.locator('.person-menu').click()
    await page.getByRole('menuitem', { name: 'Đổi người làm việc' }).click()
    await page.getByRole('button', { name: OFFICER }).click()
    await goTo(page, 'Cài đặt')
    await page.getByRole('heading', { name: 'Con dấu của cơ quan' }).waitFor()
    expect(await page.getByLabel('Tên ghi trên bản sao').isEditable()).toBe(false)
    expect(await page.getByRole('button', { name: 'Vào cơ quan tập dượt' }).count()).toBe(0)
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
