import { join } from 'node:path'
import { expect, test } from 'vitest'
import { foundDesk } from '../../electron/desk.ts'
import { openStore } from '../../electron/store/store.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { programOn } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { OFFICE } from './office-support.ts'

const DAY = 86_400_000
const refused = (code: string) => expect.objectContaining({ cause: expect.objectContaining({ code }) })

/** A real office whose last event lies so many days from now. */
async function officeSeen(folder: string, days: number): Promise<string> {
  await foundDesk(folder, { name: OFFICE, administrator: 'Quản trị (mẫu)' })
  const store = await openStore(join(folder, 'office.sqlite'))
  const at = new Date(Date.now() + days * DAY).toISOString()
  await store.write(writer => writer.updateTable('audit_head').set({ at }).execute())
  await store.close()
  return at
}

test('in the window: the clock is doubted before anything is written, and confirmed by the administrator with a reason', async () => {
  using folder = temporaryFolder()
  const officeFolder = folder.file('office')
  const last = await officeSeen(officeFolder, 30)
  await using program = await programOn(folder, { officeFolder })
  const { page } = program
  const [person] = await page.session.people()
  await page.session.begin({ personId: person?.id ?? '' })
  expect(await page.clock.state()).toMatchObject({ verdict: 'went-back', last, aheadSeconds: 0 })
  // This office has no time-stamp service to ask.
  expect(await page.clock.authority()).toBeNull()
  await expect(page.people.rename({ name: 'Tên khác (mẫu)' })).rejects.toEqual(refused('clock-went-back'))
  await expect(page.clock.accept({ reason: null })).rejects.toEqual(refused('reason-missing'))
  await page.clock.accept({ reason: 'Pin đồng hồ hỏng' })
  expect(await page.clock.state()).toMatchObject({ verdict: 'right' })
  await page.people.rename({ name: 'Tên khác (mẫu)' })
}, 60_000)

test('at the terminal: after a long closing, and after a clock that ran ahead', async () => {
  using folder = temporaryFolder()
  const office = async (days: number) => {
    const path = folder.file(`office${days}`)
    await officeSeen(path, days)
    return async (...args: readonly string[]) => {
      const { status, stdout } = await ctdesk(['office', ...args, '--office', path, '--json'])
      return { status, data: JSON.parse(stdout) as unknown }
    }
  }
  const closed = await office(-30)
  expect(await closed('clock')).toMatchObject({ status: 1, data: { verdict: 'ahead', authority: null } })
  expect(await closed('rename', '--name', 'Tên')).toMatchObject({ status: 1, data: { error: { code: 'clock-ahead' } } })
  expect(await closed('clock-accept')).toMatchObject({ status: 0 })
  expect(await closed('rename', '--name', 'Tên')).toMatchObject({ status: 0 })

  const ahead = await office(30)
  expect(await ahead('clock-accept')).toMatchObject({ status: 1, data: { error: { code: 'reason-missing' } } })
  expect(await ahead('clock-accept', '--reason', 'Máy chạy sai giờ')).toMatchObject({ status: 0 })
  expect(await ahead('clock')).toMatchObject({ status: 0, data: { verdict: 'right' } })
}, 120_000)
