import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { foundDesk, openDesk } from '../../electron/desk.ts'
import { desktopCommand } from '../../scripts/desktop-command.mjs'
import { ensureBuilt } from '../../scripts/ensure-built.mjs'
import { temporaryFolder } from '../support/temporary-folder.ts'

ensureBuilt()
const { standIn } = desktopCommand()

/** Starts the program where it cannot start. @returns how it ended, and what it said */
function failingStart(dataFolder: string, environment: Readonly<Record<string, string>> = {}) {
  const { file, args } = desktopCommand([`--data=${dataFolder}`, '--headless'])
  const { status, stderr } = spawnSync(file, args, {
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, said: stderr }
}

// Electron itself says it in a box that waits for a person.
describe.runIf(standIn)('a program that cannot start says why and what to do, and ends as failed', () => {
  test('its data folder cannot be made', () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('file'), '')
    const { status, said } = failingStart(folder.file('file/data'))
    expect(said).toMatch(/không ghi được vào thư mục dữ liệu của mình\.\n.*cấp quyền ghi/)
    expect(status).toBe(1)
  })

  test('its diary cannot be written', () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('logs'), '')
    const { status, said } = failingStart(folder.path)
    expect(said).toContain('không ghi được vào thư mục dữ liệu của mình.')
    expect(status).toBe(1)
  })

  test('the browser cannot be started, in the language that was chosen', () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('program.json'), '{"language":"en"}')
    const { status, said } = failingStart(folder.path, { DESK_CHROMIUM: folder.file('nothing') })
    expect(said).toContain('The program met an unexpected error.')
    expect(readFileSync(folder.file('logs/desk.log'), 'utf8')).toContain('could not start')
    expect(status).toBe(1)
  })

  test('its office is damaged', () => {
    using folder = temporaryFolder()
    mkdirSync(folder.file('office'))
    writeFileSync(folder.file('office/settings.json'), '{"officeId": ""')
    const { status, said } = failingStart(folder.path)
    expect(said).toMatch(/\p{L}+ .*\n.*(Dữ liệu|sao lưu|hỗ trợ)/u)
    expect(status).toBe(1)
  })

  test('its database is damaged: it leads to the backup, restores it where that is chosen, and keeps the old one', async () => {
    using folder = temporaryFolder()
    using drive = temporaryFolder()
    const office = folder.file('office')
    await foundDesk(office, { name: 'UBND xã Mẫu (mẫu)', administrator: 'Quản trị (mẫu)' })
    const desk = await openDesk(office)
    await desk.backup(drive.path)
    await desk.close()
    const noise = 'hỏng '.repeat(3000)
    writeFileSync(join(office, 'office.sqlite'), noise)

    const closed = failingStart(folder.path)
    expect(closed.said).toMatch(/kho dữ liệu bị hỏng\.\n.*\n\[Khôi phục từ bản sao lưu…\] \[Đóng\]/)
    expect(closed.status).toBe(1)
    expect(readFileSync(join(office, 'office.sqlite'), 'utf8')).toBe(noise)

    const chosen = { DESK_CHOSEN_FOLDER: drive.path, DESK_CHOSEN_BUTTON: '0' }
    const restored = failingStart(folder.path, chosen)
    expect(restored.said).toContain('Đã khôi phục dữ liệu của cơ quan.')
    expect(restored.status).toBe(0)
    const [aside] = readdirSync(join(office, 'set-aside'))
    expect(readFileSync(join(office, 'set-aside', aside ?? '', 'office.sqlite'), 'utf8')).toBe(noise)
    const again = await openDesk(office)
    expect(await again.people()).toMatchObject([{ name: 'Quản trị (mẫu)' }])
    await again.close()
  })
})
