import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
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
})
