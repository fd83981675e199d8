import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { foundDesk, openDesk } from '../../electron/desk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { goTo } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { launchDesk } from './support/launch.ts'
import { still } from './support/scene.ts'

const ADMINISTRATOR = 'Phạm Thị Quản (mẫu)'
const OFFICER = 'Trần Thị Bình (mẫu)'

/** Chooses who works, on the first screen. */
async function sitDownAs(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click()
  await page.getByRole('navigation', { name: 'Các phần việc' }).waitFor()
}

/** Keeps what is seen, for whoever asks for it by DESK_PICTURES. */
async function look(page: Page, name: string): Promise<void> {
  await still(page)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
  const folder = process.env['DESK_PICTURES']
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) })
}

test('the first screen says that there is no backup; the administrator sets one up, makes it and checks it', async () => {
  using folder = temporaryFolder()
  using drive = temporaryFolder()
  const office = folder.file('office')
  await foundDesk(office, { name: 'Ủy ban nhân dân xã Thanh Bình (mẫu)', administrator: ADMINISTRATOR })
  {
    const desk = await openDesk(office)
    const [admin] = await desk.people()
    const actor = { officeId: desk.officeId, personId: admin?.id ?? '' }
    await desk.office.people.add(actor, { name: OFFICER, roles: ['officer'] })
    await desk.close()
  }
  await using desk = await launchDesk({
    dataFolder: folder.path,
    environment: { DESK_CHOSEN_FOLDER: drive.path },
  })
  const { page } = desk
  await page.setViewportSize({ width: 1366, height: 768 })
  await sitDownAs(page, OFFICER)
  const warning = page.locator('.backup-warning')
  await warning.getByText('Báo người quản trị.').waitFor()
  await look(page, 'backup-warning-officer')
  await page.locator('.person-menu').click()
  await page.getByRole('menuitem', { name: 'Đổi người làm việc' }).click()
  await sitDownAs(page, ADMINISTRATOR)

  await goTo(page, 'Cài đặt')
  const section = page.locator('section', { has: page.getByRole('heading', { level: 2, name: 'Sao lưu dữ liệu' }) })
  await section.getByText('chưa chọn').waitFor()
  await warning.getByRole('button', { name: 'Chọn nơi sao lưu…' }).click()
  await section.getByText(drive.path).waitFor()
  await look(page, 'backup-warning-administrator')
  // By itself it would begin soon, too; then this one waits for that.
  await section.getByRole('button', { name: 'Sao lưu ngay' }).click()
  await section.getByText('chưa có').waitFor({ state: 'detached' })
  await section.getByRole('button', { name: 'Kiểm tra bản sao lưu' }).click()
  await section.getByText(/nguyên vẹn: 0 tệp khớp/).waitFor()
  await section.evaluate(each => each.scrollIntoView())
  await look(page, 'backup-settings')
  await expect.poll(() => warning.count()).toBe(0)
}, 150_000)

test('a new PC is offered the backup of the old one on its very first screen', async () => {
  using folder = temporaryFolder()
  using old = temporaryFolder()
  using drive = temporaryFolder()
  const office = old.file('office')
  await foundDesk(office, { name: 'Ủy ban nhân dân xã Thanh Bình (mẫu)', administrator: ADMINISTRATOR })
  {
    const desk = await openDesk(office)
    await desk.backup(drive.path)
    await desk.close()
  }
  await using desk = await launchDesk({ dataFolder: folder.path, environment: { DESK_CHOSEN_FOLDER: drive.path } })
  const { page } = desk
  await page.setViewportSize({ width: 1366, height: 768 })
  await page.getByRole('button', { name: 'Khôi phục từ bản sao lưu…' }).waitFor()
  await look(page, 'backup-first-start')
  await page.getByRole('button', { name: 'Khôi phục từ bản sao lưu…' }).click()
  await page.getByRole('button', { name: ADMINISTRATOR }).waitFor()
  await desk.said('Đã khôi phục dữ liệu của cơ quan.')
}, 150_000)
