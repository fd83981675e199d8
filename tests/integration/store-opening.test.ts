import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import SqliteDatabase from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { foundDesk, openDesk, thisMachine } from '../../electron/desk.ts'
import { readHeads } from '../../electron/store/heads.ts'
import { makeStore, openStore } from '../../electron/store/store.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { certified, dayOfAnother, prepared, signed, submitted, testOffice } from './office-support.ts'

/** An office that has certified some copies, closed again. @returns its id */
async function workedOffice(folder: TemporaryFolder, copies: number): Promise<string> {
  await using test = await testOffice(folder.path)
  for (let copy = 1; copy <= copies; copy += 1) await certified(test, `Giấy tờ ${copy}`)
  return test.admin.officeId
}

const database = (folder: TemporaryFolder): string => folder.file('office.sqlite')
const headFile = (folder: TemporaryFolder): string => folder.file('office.head.json')

/** What a copy of the folder by hand would be, were nobody at work. */
function copyAsItIs(folder: TemporaryFolder, name: string): void {
  const file = new SqliteDatabase(database(folder))
  file.prepare('vacuum into ?').run(folder.file(name))
  file.close()
}

function putBack(folder: TemporaryFolder, name: string): void {
  dropLog(folder)
  copyFileSync(folder.file(name), database(folder))
}

function dropLog(folder: TemporaryFolder): void {
  for (const suffix of ['-wal', '-shm']) rmSync(`${database(folder)}${suffix}`, { force: true })
}

describe('a store in which an office is expected', () => {
  test('is not made anew where its file is missing or empty', async () => {
    using folder = temporaryFolder()
    await workedOffice(folder, 1)
    dropLog(folder)
    for (const lose of [() => truncateSync(database(folder)), () => rmSync(database(folder))]) {
      lose()
      const before = readdirSync(folder.path).sort()
      await expect(openStore(database(folder))).rejects.toMatchObject({ code: 'store-missing' })
      await expect(makeStore(database(folder))).rejects.toMatchObject({ code: 'store-missing' })
      expect(readdirSync(folder.path).sort()).toEqual(before)
    }
  })

  test('is not made anew by the desk either, nor founded over', async () => {
    using folder = temporaryFolder()
    await foundDesk(folder.path, { name: 'UBND xã Mẫu (mẫu)', administrator: 'Quản trị (mẫu)' })
    rmSync(database(folder))
    dropLog(folder)
    await expect(openDesk(folder.path)).rejects.toMatchObject({ code: 'store-missing' })
    expect(existsSync(database(folder))).toBe(false)
    await workedOffice(folder, 1)
    rmSync(folder.file('settings.json'))
    const again = foundDesk(folder.path, { name: 'UBND xã Khác (mẫu)', administrator: 'Người khác (mẫu)' })
    await expect(again).rejects.toMatchObject({ code: 'office-already-there' })
  })

  test('is told as damaged when any page is, though nobody has read it yet', async () => {
    using folder = temporaryFolder()
    await workedOffice(folder, 3)
    dropLog(folder)
    const bytes = readFileSync(database(folder))
    for (const at of [40_000, 100_000]) {
      expect(bytes.length).toBeGreaterThan(at + 4096)
      const noisy = Buffer.from(bytes)
      for (let i = 0; i < 4096; i += 1) noisy[at + i] = (i * 151 + 7) % 256
      writeFileSync(database(folder), noisy)
      await expect(openStore(database(folder))).rejects.toMatchObject({ code: 'store-damaged' })
    }
  })

  test('is left alone where a newer program has migrated it', async () => {
    using folder = temporaryFolder()
    await workedOffice(folder, 1)
    const file = new SqliteDatabase(database(folder))
    file.prepare("insert into kysely_migration (name, timestamp) values ('9999-future', '2030')").run()
    file.close()
    await expect(openStore(database(folder))).rejects.toMatchObject({ code: 'store-newer' })
  })
})

describe('the head beside the database', () => {
  test('is on disk before a number is answered, and when a copy is sealed', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const kept = async () => (await readHeads(headFile(folder)))?.[test.admin.officeId]
    await prepared(test, await submitted(test))
    expect((await kept())?.numbers).toEqual([{ kind: 'copy', year: 2026, highest: 1 }])
    await certified(test, 'Giấy tờ hai')
    const end = await test.parts.store.reader.selectFrom('audit_head').select(['sequence', 'hash']).executeTakeFirst()
    expect(await kept()).toEqual({ ...end, numbers: [{ kind: 'copy', year: 2026, highest: 2 }] })
  })

  test('stops an older database that was put back, before a number is given twice', async () => {
    using folder = temporaryFolder()
    {
      await using test = await testOffice(folder.path)
      for (let copy = 1; copy <= 7; copy += 1) await certified(test, `Giấy tờ ${copy}`)
      copyAsItIs(folder, 'old')
      for (const copy of [8, 9]) await certified(test, `Giấy tờ ${copy}`)
    }
    putBack(folder, 'old')
    await expect(openStore(database(folder))).rejects.toMatchObject({ code: 'store-older-than-head' })
  })

  test('stops a database that lacks a signature alone, though every number stands in it', async () => {
    using folder = temporaryFolder()
    {
      await using test = await testOffice(folder.path)
      const copy = await submitted(test)
      await prepared(test, copy)
      copyAsItIs(folder, 'old')
      await signed(test, (await test.office.copies.list(test.officer))[0] ?? copy)
    }
    putBack(folder, 'old')
    await expect(openStore(database(folder))).rejects.toMatchObject({ code: 'store-older-than-head' })
  })

  test('never goes back, whichever of several processes writes it', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const kept = async () => (await readHeads(headFile(folder)))?.[test.admin.officeId]
    let left = 4
    const ends = ['một', 'hai', 'ba', 'bốn'].map(name =>
      dayOfAnother(test, 4, name).finally(() => {
        left -= 1
      }),
    )
    let before = 0
    while (left > 0) {
      const sequence = (await kept())?.sequence ?? 0
      expect(sequence).toBeGreaterThanOrEqual(before)
      before = sequence
      await wait(10)
    }
    expect(await Promise.all(ends)).toEqual([0, 0, 0, 0])
    expect((await kept())?.numbers[0]?.highest).toBe(16)
  })

  test('that cannot be read is told, and stays as it is', async () => {
    using folder = temporaryFolder()
    await workedOffice(folder, 1)
    writeFileSync(headFile(folder), '{"format":1,')
    await expect(openStore(database(folder))).rejects.toMatchObject({ code: 'head-unreadable' })
    expect(readFileSync(headFile(folder), 'utf8')).toBe('{"format":1,')
  })

  test('that is gone is told, and made anew only with an event that says so', async () => {
    using folder = temporaryFolder()
    await foundDesk(folder.path, { name: 'UBND xã Mẫu (mẫu)', administrator: 'Quản trị (mẫu)' })
    const officeId = await workedOffice(folder, 1)
    rmSync(headFile(folder))
    const store = await openStore(database(folder))
    expect(store.head.missing).toBe(true)
    await store.close()
    expect(existsSync(headFile(folder))).toBe(false)

    const settings = JSON.parse(readFileSync(folder.file('settings.json'), 'utf8'))
    writeFileSync(folder.file('settings.json'), JSON.stringify({ ...settings, officeId }))
    const desk = await openDesk(folder.path, { ...thisMachine, clock: () => new Date('2026-11-21T02:00:00Z') })
    const [admin] = await desk.people()
    const events = await desk.office.audit.events({ officeId, personId: admin?.id ?? '' })
    await desk.close()
    const renewed = events.find(({ action }) => action === 'head-renewed')
    expect(renewed).toMatchObject({ actorId: null })
    expect((await readHeads(headFile(folder)))?.[officeId]?.sequence).toBe(renewed?.sequence)
  })
})
