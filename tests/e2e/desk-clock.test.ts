import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../electron/store/store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { goTo, sitDown } from './support/at-the-desk.ts'
import { accessibilityFaults } from './support/axe.ts'
import { launchDesk } from './support/launch.ts'
import { still } from './support/scene.ts'

test('after a clock that ran ahead the administrator says in the settings that it is right now, and the work goes on', async () => {
  using folder = temporaryFolder()
  await using desk = await launchDesk({ dataFolder: folder.path, practice: true })
  const { page } = desk
  await sitDown(page, 'admin')
  const store = await openStore(join(folder.path, 'practice-office', 'office.sqlite'))
  const at = new Date(Date.now() + 30 * 86_400_000).toISOString()
  await store.write(writer => writer.updateTable('audit_head').set({ at }).execute())
  await store.close()

  await page.reload()
  await page.getByText('Chưa ghi được việc mới.').waitFor()
  await goTo(page, 'Cài đặt')
  const section = page.getByRole('region', { name: 'Giờ của cơ quan' })
  await section.getByRole('button', { name: 'Xem và xác nhận' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Dịch vụ dấu thời gian').waitFor()
  await dialog.getByText('Đang hỏi…').waitFor({ state: 'hidden' })
  await still(page)
  expect(await accessibilityFaults(page)).toEqual({ light: [], dark: [] })
  await dialog.getByLabel('Lý do (ghi vào nhật ký)').fill('Pin đồng hồ hỏng')
  await dialog.getByRole('button', { name: /^Giờ máy đúng/ }).click()
  await dialog.waitFor({ state: 'detached' })
  await section.getByText('Không cần xác nhận gì.').waitFor()
  expect(await page.getByText('Chưa ghi được việc mới.').count()).toBe(0)
}, 180_000)
