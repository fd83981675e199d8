import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { JournalEntry, JournalQuery } from '../../electron/office/types.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { certified, type TestOffice, testOffice } from './office-support.ts'

async function wholeJournal({ office, admin }: TestOffice, query: JournalQuery = {}): Promise<readonly JournalEntry[]> {
  const all: JournalEntry[] = []
  for (;;) {
    const last = all.at(-1)
    const page = await office.audit.journal(admin, { ...query, ...(last ? { before: last.sequence } : {}) })
    all.push(...page.entries)
    if (!page.more) return all
  }
}

test('a long journal is read page by page, each event once, none left out', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  for (let minutes = 1; minutes <= 220; minutes++)
    await test.office.people.changeSettings(test.admin, { claimMinutes: minutes })
  const all = await wholeJournal(test)
  const { events } = await test.office.audit.journalState(test.admin)
  expect(events).toBeGreaterThan(220)
  expect(all.map(({ sequence }) => sequence)).toEqual(Array.from({ length: events }, (_, older) => events - older))
  const settings = await wholeJournal(test, { part: 'office' })
  expect(settings.filter(({ about }) => about.kind === 'setting' && about.name === 'claimMinutes')).toHaveLength(220)
})

test('days are Vietnam’s: what was done at one in the morning is of the new day', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  test.time.now = new Date('2026-11-20T18:00:00Z')
  await test.office.people.changeSettings(test.admin, { claimMinutes: 20 })
  const on = async (day: string) => (await wholeJournal(test, { from: day, to: day })).map(({ action }) => action)
  expect(await on('2026-11-21')).toEqual(['setting-changed'])
  expect(await on('2026-11-20')).not.toContain('setting-changed')
})

test('what was written into the database by hand is shown for what it is, and stops nobody from reading', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const copy = await certified(test, 'Giấy khai sinh')
  const database = new SqliteDatabase(join(test.folder, 'office.sqlite'))
  for (const name of database
    .prepare<[], string>("select name from sqlite_schema where type = 'trigger'")
    .pluck()
    .all())
    database.exec(`drop trigger ${name}`)
  database.pragma('foreign_keys = OFF')
  database.exec("update audit_event set action = 'hand-written', data = 'no facts' where action = 'copy-sign'")
  database.exec("update audit_event set subject = 'gone-0123456789' where action = 'copy-seal'")
  database.exec("update audit_event set at = 'yesterday', actor_id = 'nobody-we-know' where action = 'number-taken'")
  database.close()
  const all = await wholeJournal(test)
  expect(all.find(({ action }) => action === 'hand-written')?.about).toEqual({ kind: 'office' })
  expect(all.find(({ action }) => action === 'copy-seal')?.about).toMatchObject({
    kind: 'copy',
    title: '…456789',
    number: null,
  })
  expect(all.find(({ action }) => action === 'number-taken')).toMatchObject({
    at: new Date(0),
    personName: '…e-know',
    about: { copyId: copy.id, number: '01' },
  })
})

test('what nobody proved to have done at the command line is marked', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  await test.office.people.changeSettings({ ...test.admin, via: 'command-line' }, { claimMinutes: 20 })
  const [newest, before] = await wholeJournal(test)
  expect([newest?.unproven, before?.unproven]).toEqual([true, false])
})
