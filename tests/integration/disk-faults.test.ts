import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { foundDesk, openDesk, thisMachine } from '../../electron/desk.ts'
import { readDeskSettings, writeDeskSettings } from '../../electron/desk-settings.ts'
import { explain } from '../../electron/messages.ts'
import { explainSqliteError } from '../../electron/store/sqlite/errors.ts'
import { openHost } from '../../electron/window/desk-host.ts'
import { openLog } from '../../electron/window/log.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

const OFFICE = { name: 'UBND xã Mẫu', administrator: 'Quản Trị (mẫu)' }
const isRoot = process.getuid?.() === 0

let folder: TemporaryFolder
let office: string
beforeEach(() => {
  folder = temporaryFolder()
  office = folder.file('office')
})
afterEach(() => folder[Symbol.dispose]())

/** What the person reads when the office is opened; null where it opens. */
async function saidOnOpening(): Promise<ReturnType<typeof explain> | null> {
  try {
    const desk = await openDesk(office)
    await desk.people()
    await desk.close()
    return null
  } catch (error) {
    return explain(error, 'vi')
  }
}

describe('a file that the office cannot do without', () => {
  const damages: readonly [string, (path: string) => void, string][] = [
    ['damaged', path => writeFileSync(path, '{"officeId": ""'), 'own-file-damaged'],
    ['of other content', path => writeFileSync(path, '[1, 2]'), 'own-file-damaged'],
    ['empty', path => writeFileSync(path, ''), 'own-file-damaged'],
    ['overwritten with zeros', path => writeFileSync(path, Buffer.alloc(4096)), 'own-file-damaged'],
    ['gone', path => rmSync(path), 'own-file-missing'],
    [
      'a folder',
      path => {
        rmSync(path)
        mkdirSync(path)
      },
      'own-file-damaged',
    ],
  ]

  test.each(damages)('its settings are %s', async (_how, damage, code) => {
    await foundDesk(office, OFFICE)
    damage(join(office, 'settings.json'))
    const said = await saidOnOpening()
    expect(said?.code).toBe(code === 'own-file-missing' ? 'settings-missing' : code)
    expect(said?.what).toContain('settings.json')
  })

  test.each(damages)('a certificate that it trusts is %s', async (_how, damage, code) => {
    await foundDesk(office, OFFICE)
    const anchor = join(office, 'root.crt')
    writeFileSync(anchor, '')
    await writeDeskSettings(office, { ...(await readDeskSettings(office)), trust: { anchors: ['root.crt'] } })
    damage(anchor)
    const said = await saidOnOpening()
    expect([code, 'certificate-unreadable']).toContain(said?.code)
    expect(said?.code).not.toBe('unexpected')
  })

  test.each(damages)('the portal’s credentials are %s', async (_how, damage, code) => {
    await foundDesk(office, OFFICE, {
      delivery: { kind: 'dossier-api', settings: {}, credentialsFile: 'credentials.json' },
    })
    const credentials = join(office, 'credentials.json')
    writeFileSync(credentials, '')
    damage(credentials)
    const desk = await openDesk(office)
    try {
      await expect(desk.deliver()).rejects.toMatchObject({ code })
    } finally {
      await desk.close()
    }
  })

  test.each(damages)(
    'what the program remembers of its person is %s: it starts as at the first time',
    async (_how, damage) => {
      for (const name of ['program.json', 'window.json']) {
        writeFileSync(folder.file(name), '{}')
        damage(folder.file(name))
      }
      const host = await openHost({
        dataFolder: folder.path,
        officeFolder: null,
        practice: false,
        temporaryFolder: folder.file('temporary'),
        programVersion: '0.0.0',
        machine: thisMachine,
        chooseFolder: async () => null,
        restore: async () => false,
        onFault: () => undefined,
      })
      expect(host.language()).toBe('vi')
      await host.close()
    },
  )
})

describe('a database that cannot be opened', () => {
  test('because a folder has its name', async () => {
    await foundDesk(office, OFFICE)
    for (const name of ['office.sqlite', 'office.sqlite-wal', 'office.sqlite-shm'])
      rmSync(join(office, name), { force: true })
    mkdirSync(join(office, 'office.sqlite'))
    expect((await saidOnOpening())?.code).toBe('file-unusable')
  })

  test.each([
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_IOERR', 'disk-fault'],
    ['SQLITE_IOERR_WRITE', 'disk-fault'],
    ['SQLITE_IOERR_SHMSIZE', 'disk-full'],
    ['SQLITE_CANTOPEN_ISDIR', 'path-missing'],
    ['SQLITE_READONLY_DBMOVED', 'disk-read-only'],
    ['SQLITE_PERM', 'permission-missing'],
    ['SQLITE_AUTH', 'permission-missing'],
    ['SQLITE_LOCKED', 'store-busy'],
    ['SQLITE_BUSY_SNAPSHOT', 'store-busy'],
    ['SQLITE_CORRUPT_INDEX', 'store-damaged'],
    ['SQLITE_NOTADB', 'store-damaged'],
    ['SQLITE_TOOBIG', 'file-too-large'],
    ['SQLITE_NOMEM', 'machine-exhausted'],
  ])('SQLite’s %s is said as %s', (code, ours) => {
    const error = explainSqliteError(new SqliteDatabase.SqliteError('', code))
    expect(explain(error, 'vi').code).toBe(ours)
  })

  test('a mistake of ours stays one: no sentence about the disk hides it', () => {
    const error = explainSqliteError(new SqliteDatabase.SqliteError('no such column', 'SQLITE_ERROR'))
    expect(explain(error, 'vi').code).toBe('unexpected')
  })
})

test.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EROFS', 'disk-read-only'],
  ['EIO', 'disk-fault'],
  ['EACCES', 'permission-missing'],
  ['EPERM', 'permission-missing'],
  ['ENOENT', 'path-missing'],
  ['EISDIR', 'file-unusable'],
  ['EBUSY', 'file-in-use'],
  ['EMFILE', 'machine-exhausted'],
])('the system’s %s on a file is said as %s', (code, ours) => {
  expect(explain(Object.assign(new Error(code), { code, syscall: 'open' }), 'vi').code).toBe(ours)
})

test('the same code of a program or an address is not said of a file', () => {
  for (const syscall of ['spawn scanimage', 'connect', 'listen'])
    expect(explain(Object.assign(new Error(), { code: 'EACCES', syscall }), 'vi').code).toBe('unexpected')
})

describe.runIf(isRoot && process.platform === 'linux')('another account of the PC', () => {
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath]
  const root = join(import.meta.dirname, '../..')
  const listing = () =>
    spawnSync(
      'setpriv',
      [
        ...nobody,
        join(root, 'electron/cli/ctdesk.ts'),
        'office',
        'list',
        '--office',
        office,
        '--as',
        'admin',
        '--json',
      ],
      {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', HOME: folder.path },
      },
    )
  const canRun = () => spawnSync('setpriv', [...nobody, join(root, 'electron/cli/ctdesk.ts'), '--help']).status === 0
  const codeSaid = () => JSON.parse(listing().stdout).error.code

  test('that may not read the office is told so', async context => {
    if (!canRun()) return context.skip('another account cannot run the program from here')
    chmodSync(folder.path, 0o755)
    await foundDesk(office, OFFICE)
    expect(codeSaid()).toBe('permission-missing')
  })

  test('that may read and not write it is told so', async context => {
    if (!canRun()) return context.skip('another account cannot run the program from here')
    chmodSync(folder.path, 0o755)
    await foundDesk(office, OFFICE)
    execFileSync('chmod', ['-R', 'a+rX', office])
    expect(codeSaid()).toBe('permission-missing')
  })
})

describe.runIf(isRoot && process.platform === 'linux')('a disk', () => {
  let mounted = false
  beforeEach(() => {
    mkdirSync(office)
    mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', office]).status === 0
  })
  afterEach(() => {
    if (mounted) execFileSync('umount', ['--lazy', office])
  })

  /** Takes all the room but so many kilobytes. */
  function fill(left: number): void {
    const file = openSync(join(office, 'fill'), 'w')
    let bytes = 0
    try {
      for (;;) bytes += writeSync(file, Buffer.alloc(4096))
    } catch {
      ftruncateSync(file, bytes - left * 1024)
    } finally {
      closeSync(file)
    }
  }

  test('that is full to the last kilobytes is said to be full, also where nothing is to be written', async context => {
    if (!mounted) return context.skip('mounting is not allowed here')
    await foundDesk(office, OFFICE)
    for (const left of [20, 12, 4, 0]) {
      fill(left)
      const said = await saidOnOpening()
      expect(['disk-full', left > 0 ? null : 'disk-full']).toContain(said?.code ?? null)
    }
    rmSync(join(office, 'fill'))
    expect(await saidOnOpening()).toBeNull()
  })

  test('that is mounted read-only is said to be so', async context => {
    if (!mounted) return context.skip('mounting is not allowed here')
    await foundDesk(office, OFFICE)
    execFileSync('mount', ['-o', 'remount,ro', office])
    expect(await saidOnOpening()).toMatchObject({ code: 'disk-read-only' })
  })

  test('that is full stops the diary, not the program', async context => {
    if (!mounted) return context.skip('mounting is not allowed here')
    const log = openLog(join(office, 'logs'), () => new Date())
    log.note('before')
    fill(0)
    for (let line = 0; line < 200; line += 1) log.note('x'.repeat(100))
    log.fault('full', new Error('full'))
    expect(readFileSync(join(office, 'logs/desk.log'), 'utf8')).toContain('before')
  })
})
