import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { foundDesk, openDesk } from '../../../electron/desk.ts'
import { accountsThatRead, closeToOthers } from '../../../electron/own-folder.ts'
import { ctdesk } from '../../support/ctdesk.ts'
import { programOn } from '../../support/program.ts'
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary-folder.ts'

const OFFICE = { name: 'UBND xã Mẫu', administrator: 'Quản Trị (mẫu)' }
const isRoot = process.getuid?.() === 0
const rights = (path: string): string => (lstatSync(path).mode & 0o777).toString(8)

let folder: TemporaryFolder
beforeEach(() => {
  folder = temporaryFolder()
  // As a folder of the person's own usually is.
  chmodSync(folder.path, 0o755)
})
afterEach(() => folder[Symbol.dispose]())

describe.skipIf(process.platform === 'win32')('citizens’ papers are for the account that works with them', () => {
  test('a new office is closed to other accounts', async () => {
    const office = folder.file('office')
    await foundDesk(office, OFFICE)
    expect([rights(office), rights(join(office, 'settings.json')), rights(join(office, 'office.sqlite'))]).toEqual([
      '700',
      '600',
      '600',
    ])
  })

  test('an office that was open to others is closed when it is opened', async () => {
    const office = folder.file('office')
    await foundDesk(office, OFFICE)
    for (const name of ['office.sqlite', 'settings.json']) chmodSync(join(office, name), 0o644)
    mkdirSync(join(office, 'packages'))
    chmodSync(join(office, 'packages'), 0o775)
    chmodSync(office, 0o755)
    const desk = await openDesk(office)
    await desk.close()
    expect(['', 'office.sqlite', 'settings.json', 'packages'].map(name => rights(join(office, name)))).toEqual([
      '700',
      '600',
      '600',
      '700',
    ])
  })

  test('so is the program’s own folder, with what is uploaded and printed', async () => {
    await using _program = await programOn(folder)
    expect(rights(folder.path)).toBe('700')
  })

  test.runIf(isRoot)('another account reads neither the database nor a scan', async () => {
    const office = folder.file('office')
    await foundDesk(office, OFFICE)
    writeFileSync(join(office, 'page.jpg'), 'a scan')
    const reading = (name: string) =>
      execFileSync('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'cat', join(office, name)], {
        stdio: 'pipe',
      })
    for (const name of ['office.sqlite', 'settings.json', 'page.jpg']) expect(() => reading(name)).toThrow()
  })

  test('a link that lies in the folder is not followed, and what it leads to stays as it is', async () => {
    const [own, elsewhere] = [folder.file('own'), folder.file('elsewhere')]
    mkdirSync(own)
    writeFileSync(elsewhere, '')
    chmodSync(elsewhere, 0o644)
    symlinkSync(elsewhere, join(own, 'link'))
    symlinkSync('/nowhere', join(own, 'broken'))
    execFileSync('mkfifo', [join(own, 'pipe')])
    await closeToOthers(own)
    expect(rights(elsewhere)).toBe('644')
    expect(rights(own)).toBe('700')
  })

  test('an office behind a link is closed where it really is', async () => {
    const [real, link] = [folder.file('real'), folder.file('link')]
    mkdirSync(real)
    chmodSync(real, 0o755)
    symlinkSync(real, link)
    await closeToOthers(link)
    expect(rights(real)).toBe('700')
  })

  test.runIf(isRoot)('what belongs to another account is left alone', async () => {
    const [own, foreign] = [folder.file('own'), folder.file('own/foreign')]
    mkdirSync(own)
    writeFileSync(foreign, '')
    chmodSync(foreign, 0o644)
    chownSync(foreign, 65534, 65534)
    await closeToOthers(own)
    expect(rights(foreign)).toBe('644')
  })

  test('what ctdesk makes of an office’s register is read by this account alone', async () => {
    const office = folder.file('office')
    await foundDesk(office, OFFICE)
    const words = ['office', 'register', '--office', office, '--as', OFFICE.administrator]
    const { status, stderr } = await ctdesk([
      ...words,
      '--from',
      '2026-01-01',
      '--to',
      '2026-12-31',
      '--out',
      folder.file('out'),
    ])
    expect([status, stderr]).toEqual([0, ''])
    expect(['out', 'out/register.pdf', 'out/register.xlsx'].map(name => rights(folder.file(name)))).toEqual([
      '700',
      '600',
      '600',
    ])
  })

  test('an office that is open keeps its locks while its rights are looked at', async () => {
    const office = folder.file('office')
    await foundDesk(office, OFFICE)
    const path = join(office, 'office.sqlite')
    const database = new SqliteDatabase(path)
    database.exec('begin immediate')
    for (const name of ['office.sqlite', 'office.sqlite-shm']) chmodSync(join(office, name), 0o644)
    await closeToOthers(office)
    const other = `
      const { default: Database } = await import(${JSON.stringify(import.meta.resolve('better-sqlite3'))})
      try { new Database(${JSON.stringify(path)}, { timeout: 100 }).exec('begin immediate'); console.log('ours') } catch (error) { console.log(error.code) }`
    const said = execFileSync(process.execPath, ['--input-type=module', '-e', other], { encoding: 'utf8' })
    database.exec('rollback')
    database.close()
    expect(said.trim()).toBe('SQLITE_BUSY')
  })

  test('the window begins with it, before it makes anything', () => {
    expect(readFileSync('electron/main.ts', 'utf8')).toMatch(/^keepToOneself\(\)\nconst options/m)
  })
})

describe('whom Windows lets in', () => {
  const FOLDER = 'C:\\Users\\canbo\\AppData\\Roaming\\Ban chung thuc\\office'
  const done = '\r\n\r\nSuccessfully processed 1 files; Failed processing 0 files\r\n'

  test('nobody else reads a folder of the account’s own data', () => {
    const printed =
      `${FOLDER} NT AUTHORITY\\SYSTEM:(I)(OI)(CI)(F)\r\n` +
      `${' '.repeat(FOLDER.length)} BUILTIN\\Administrators:(I)(OI)(CI)(F)\r\n` +
      `${' '.repeat(FOLDER.length)} MAYCHU\\canbo:(I)(OI)(CI)(F)${done}`
    expect(accountsThatRead(printed, FOLDER, 'maychu\\canbo')).toEqual([])
  })

  test('a folder of drive D: is read by every account of the PC', () => {
    const printed =
      'D:\\office BUILTIN\\Administrators:(I)(OI)(CI)(F)\r\n' +
      '          NT AUTHORITY\\SYSTEM:(I)(OI)(CI)(F)\r\n' +
      '          NT AUTHORITY\\Authenticated Users:(I)(OI)(CI)(M)\r\n' +
      `          BUILTIN\\Users:(I)(OI)(CI)(RX)${done}`
    expect(accountsThatRead(printed, 'D:\\office', 'maychu\\canbo')).toEqual([
      'NT AUTHORITY\\Authenticated Users',
      'BUILTIN\\Users',
    ])
  })

  test('who is denied does not read; another person of the office does', () => {
    const printed =
      `D:\\office MAYCHU\\khach:(DENY)(OI)(CI)(F)\r\n          MAYCHU\\vanthu:(OI)(CI)(RX)\r\n` +
      `          Everyone:(N)\r\n          CREATOR OWNER:(OI)(CI)(IO)(F)${done}`
    expect(accountsThatRead(printed, 'D:\\office', 'maychu\\canbo')).toEqual(['MAYCHU\\vanthu'])
  })
})
