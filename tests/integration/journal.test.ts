import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CheckNews } from '../../electron/api/contract/journal.ts'
import { deskRouter } from '../../electron/api/router.ts'
import type { Role } from '../../electron/office/types.ts'
import { PRACTICE } from '../../electron/sandbox/practice-office.ts'
import { openPractice, type Practice } from '../support/practice.ts'
import { programOn } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** The calls of the page "Nhật ký" on a practice office in which two copies were signed and one of them sealed. */
let practice: Practice
const data = temporaryFolder()
let program: Awaited<ReturnType<typeof programOn>>

beforeAll(async () => {
  practice = await openPractice()
  await practice.sign(await practice.submitted(2), 'signature')
  const [first] = await practice.desk.office.copies.list(await practice.actor('admin'), { states: ['signed'] })
  if (!first) throw new Error('nothing signed')
  await practice.sign([first], 'seal')
  program = await programOn(data, { officeFolder: practice.officeFolder })
})
afterAll(async () => {
  await program[Symbol.asyncDispose]()
  await practice[Symbol.asyncDispose]()
  data[Symbol.dispose]()
})

async function as(role: Role) {
  const person = (await program.page.session.people()).find(each => each.roles.includes(role))
  await program.page.session.begin({ personId: person?.id ?? '' })
  return program.page.journal
}

async function told(news: AsyncIterable<CheckNews>): Promise<readonly CheckNews[]> {
  const all: CheckNews[] = []
  for await (const each of news) all.push(each)
  return all
}

const check = async (known: { sequence: number; hash: string } | null = null) =>
  told(await program.page.journal.check({ jobId: 'check', known }))

/** Somebody with the database in hand. */
function behindItsBack(deed: (database: SqliteDatabase.Database) => void): void {
  const database = new SqliteDatabase(join(practice.officeFolder, 'office.sqlite'))
  try {
    deed(database)
  } finally {
    database.close()
  }
}

test('officer and clerk are refused each call, by the office', async () => {
  for (const role of ['officer', 'clerk'] as const) {
    const journal = await as(role)
    const refused = { cause: { code: 'role-missing' } }
    await expect(journal.events({})).rejects.toMatchObject(refused)
    await expect(journal.state()).rejects.toMatchObject(refused)
    await expect(journal.anchor()).rejects.toMatchObject(refused)
    await expect(check()).rejects.toMatchObject({ code: 'role-missing' })
  }
})

test('events come newest first, with who, what and which copy, and older ones page by page', async () => {
  const journal = await as('signer')
  const { events } = await journal.events({})
  const sequences = events.map(({ sequence }) => sequence)
  expect(sequences).toEqual([...sequences].sort((a, b) => b - a))
  const [sealed] = events.filter(({ action }) => action === 'copy-seal')
  const [seal] = await practice.desk.office.copies.list(await practice.actor('admin'), {
    states: ['sealed', 'delivered'],
  })
  expect(sealed).toMatchObject({
    personName: PRACTICE.people.clerk,
    unproven: false,
    about: {
      kind: 'copy',
      copyId: seal?.id,
      title: seal?.title,
      number: seal?.certification?.number,
      book: seal?.certification?.book,
    },
  })
  const older = await journal.events({ before: sequences[3] ?? 0 })
  expect(older.events[0]?.sequence).toBe((sequences[3] ?? 0) - 1)
})

test('are narrowed by person, number, kind and days', async () => {
  const journal = await as('admin')
  const people = await program.page.session.people()
  const clerk = people.find(({ roles }) => roles.includes('clerk'))
  const ofClerk = await journal.events({ personId: clerk?.id ?? '' })
  expect(new Set(ofClerk.events.map(({ personName }) => personName))).toEqual(new Set([clerk?.name]))
  const ofProgram = await journal.events({ personId: null })
  expect(ofProgram.events.every(({ personName }) => personName === null)).toBe(true)
  const second = await journal.events({ number: 2 })
  expect(second.events.map(({ action }) => action)).toContain('copy-sign')
  expect(second.events.every(({ about }) => about.kind === 'copy' && about.number === '02')).toBe(true)
  expect((await journal.events({ number: 7 })).events).toEqual([])
  const signing = await journal.events({ part: 'signing' })
  expect(new Set(signing.events.map(({ action }) => action))).toEqual(
    new Set(['content-fixed', 'copy-composed', 'copy-sign', 'copy-seal']),
  )
  // The program itself may write meanwhile; what people have done stands.
  const all = await journal.events({ personId: clerk?.id ?? '' })
  const day = (at: string) => new Date(Date.parse(at) + 7 * 60 * 60 * 1000).toISOString().slice(0, 10)
  const today = day(all.events[0]?.at ?? '')
  expect((await journal.events({ personId: clerk?.id ?? '', from: today, to: today })).events[0]).toEqual(all.events[0])
  expect((await journal.events({ to: '2020-01-01' })).events).toEqual([])
  // @ts-expect-error: a field that is none
  await expect(journal.events({ action: 'copy-sign' })).rejects.toThrow()
})

test('a check tells its progress, finds the register true, and is remembered by the program alone', async () => {
  const journal = await as('admin')
  expect((await journal.state()).check).toBeNull()
  const news = await check()
  expect(news.some(each => each.kind === 'files' && each.done > 0 && each.done <= each.all)).toBe(true)
  const last = news.at(-1)
  expect(last).toMatchObject({
    kind: 'finished',
    check: { intact: true, findings: [], checked: { numbers: 2, copies: 2 } },
  })
  const state = await journal.state()
  expect(state.check).toEqual(last?.kind === 'finished' && last.check)
})

test('a check can be stopped, and the one before still stands', async () => {
  const journal = await as('admin')
  const before = (await journal.state()).check
  const { host, session } = program
  const desk = host.desk()
  if (!desk) throw new Error('no office')
  // The files of a large office: the check is in the midst of them when the button is pressed.
  const { audit } = desk.office
  const slow: typeof audit = {
    ...audit,
    verify: async (actor, options = {}) => {
      options.onFile?.(1, 1000)
      await new Promise(resolve => options.signal?.addEventListener('abort', resolve))
      return audit.verify(actor, options)
    },
  }
  const slowHost = { ...host, desk: () => ({ ...desk, office: { ...desk.office, audit: slow } }) }
  const stopped: CheckNews[] = []
  for await (const each of await deskRouter
    .createCaller({ host: slowHost, session })
    .journal.check({ jobId: 'stopped' })) {
    stopped.push(each)
    await program.page.jobs.cancel({ jobId: 'stopped' })
  }
  expect(stopped).toEqual([{ kind: 'files', done: 1, all: 1000 }, { kind: 'stopped' }])
  expect((await journal.state()).check).toEqual(before)
})

test('the time-stamp authority witnesses the end when the signer asks, and the journal says who', async () => {
  const journal = await as('signer')
  expect((await journal.state()).canAnchor).toBe(true)
  await journal.anchor()
  const { lastAnchor } = await journal.state()
  expect(Math.abs(Date.parse(lastAnchor ?? '') - Date.now())).toBeLessThan(300_000)
  const signer = (await program.page.session.people()).find(({ roles }) => roles.includes('signer'))
  const { events } = await journal.events({ part: 'proof', personId: signer?.id ?? '' })
  expect(events[0]).toMatchObject({
    action: 'head-anchored',
    personName: PRACTICE.people.signer,
    about: { kind: 'office' },
  })
  const news = (await check()).at(-1)
  if (news?.kind !== 'finished') throw new Error('not finished')
  expect(news.check.intact).toBe(true)
  expect(news.check.checked.anchors).toBeGreaterThan(0)
})

test('a head that was printed agrees by its first characters, and no longer when the journal is another', async () => {
  const { events, head } = await (await as('admin')).state()
  const known = { sequence: events, hash: head.slice(0, 16) }
  expect((await check(known)).at(-1)).toMatchObject({ check: { intact: true, comparedWith: events } })
  const other = { ...known, hash: known.hash.replace(/^./, first => (first === 'a' ? 'b' : 'a')) }
  const last = (await check(other)).at(-1)
  expect(last).toMatchObject({ check: { intact: false, findings: [{ code: 'audit-known-differs' }] } })
  await expect(check({ ...known, hash: head.slice(0, 15) })).rejects.toThrow()
})

test('a number changed behind the program’s back is a sentence, with what to do and the copy', async () => {
  await as('admin')
  behindItsBack(database => {
    for (const { name } of database
      .prepare<[], { name: string }>(
        "select name from sqlite_schema where type = 'trigger' and tbl_name = 'certification_number'",
      )
      .all())
      database.exec(`drop trigger ${name}`)
    database.exec("update certification_number set day = '2020-01-01' where number = 2")
  })
  const last = (await check()).at(-1)
  if (last?.kind !== 'finished') throw new Error('not finished')
  const { findings, intact } = last.check
  expect(intact).toBe(false)
  const [found] = findings.filter(({ code }) => code === 'audit-row-differs')
  const { events } = await program.page.journal.events({ number: 2 })
  const [about] = events.map(each => each.about)
  expect(found?.copyId).toBe(about?.kind === 'copy' && about.copyId)
  expect(found?.what).toContain('02 (')
  expect(found?.what).toContain('01/01/2020')
  expect(found?.todo).not.toBe('')
  expect(findings.filter(({ what, todo }) => /[{}]/.test(what + todo))).toEqual([])
})
