import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '../../electron/office/types.ts'
import { PRACTICE } from '../../electron/sandbox/practice-state.ts'
import { programOn } from '../support/program.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

const FEED = 'https://capnhat.example.vn/ban'
const OFFICE = { name: 'UBND xã Thật (mẫu)', administrator: 'Quản Trị Thật (mẫu)' }

const remembered = (folder: TemporaryFolder): string => readFileSync(folder.file('program.json'), 'utf8')

async function sitDown(page: Awaited<ReturnType<typeof programOn>>['page'], role: Role): Promise<void> {
  const person = (await page.session.people()).find(({ roles }) => roles.includes(role))
  await page.session.begin({ personId: person?.id ?? '' })
}

let practised: TemporaryFolder
let real: TemporaryFolder

beforeAll(async () => {
  practised = temporaryFolder()
  real = temporaryFolder()
})
afterAll(() => {
  practised[Symbol.dispose]()
  real[Symbol.dispose]()
})

test('“Dùng thử” clicked twice makes one practice office, and the next start goes on with it', async () => {
  {
    await using program = await programOn(practised)
    expect((await program.page.session.state()).office).toBeNull()
    await Promise.all([program.page.practice.start(), program.page.practice.start()])
    expect((await program.page.session.state()).office).toMatchObject({ name: PRACTICE.office, practice: true })
  }
  await using again = await programOn(practised)
  expect((await again.page.session.state()).office).toMatchObject({ practice: true })
}, 120_000)

test('the practice office is left for the first start, also at the next one, and what was practised is kept', async () => {
  const title = 'Giấy khai sinh tập dượt (mẫu)'
  {
    await using program = await programOn(practised)
    const { page, session } = program
    await sitDown(page, 'officer')
    await page.requests.receive({
      requester: { name: 'Công Dân (mẫu)', personalNumber: '099090000017', email: null, phone: null },
      originals: [{ title, kind: title, issuer: 'UBND xã Mẫu', copyCount: 1 }],
    })
    await Promise.all([page.practice.leave(), page.practice.leave()])
    expect(session.actor).toBeNull()
    expect((await page.session.state()).office).toBeNull()
    expect(await page.practice.state()).toBeNull()
  }
  {
    await using program = await programOn(practised)
    expect((await program.page.session.state()).office).toBeNull()
    await program.page.practice.start()
  }
  await using again = await programOn(practised)
  await sitDown(again.page, 'officer')
  expect((await again.page.copies.queue()).map(copy => copy.title)).toEqual([title])
}, 120_000)

test('the administrator of a practice office, who may be anybody, changes nothing of this PC', async () => {
  await using program = await programOn(practised)
  const { page } = program
  await page.session.setLanguage({ language: 'vi' })
  const before = remembered(practised)
  await sitDown(page, 'admin')
  await expect(page.settings.changeUpdateFeed({ feed: FEED })).rejects.toThrow('not-in-practice')
  await expect(page.settings.changeDesk({ tokenModules: [randomUUID()] })).rejects.toThrow('not-in-practice')
  expect(remembered(practised)).toBe(before)
  await expect(page.settings.chooseTokenModule()).rejects.toThrow('not-in-practice')
}, 60_000)

test('the practice office is made anew by its administrator alone: what was practised is gone, and it works', async () => {
  using folder = temporaryFolder()
  await using program = await programOn(folder)
  const { page, session } = program
  await page.practice.start()
  const before = (await page.session.state()).office
  await sitDown(page, 'officer')
  await page.requests.receive({
    requester: { name: 'Công Dân (mẫu)', personalNumber: '099090000017', email: null, phone: null },
    originals: [{ title: 'Giấy khai sinh (mẫu)', kind: 'Hộ tịch', issuer: 'UBND xã Mẫu', copyCount: 1 }],
  })
  await expect(page.practice.renew()).rejects.toThrow('role-missing')
  expect(await page.copies.queue()).toHaveLength(1)
  await sitDown(page, 'admin')
  expect(await page.practice.state()).toMatchObject({ renewable: true })
  await page.practice.renew()
  expect(session.actor).toBeNull()
  const after = (await page.session.state()).office
  expect(after).toMatchObject({ name: PRACTICE.office, practice: true })
  expect(after?.id).not.toBe(before?.id)
  await sitDown(page, 'officer')
  expect(await page.copies.queue()).toEqual([])
}, 120_000)

test('a practice office that was named at the start is not this program’s to delete', async () => {
  using folder = temporaryFolder()
  await using program = await programOn(folder, { officeFolder: practised.file('practice-office') })
  const { page } = program
  const { office } = await page.session.state()
  await sitDown(page, 'admin')
  expect(await page.practice.state()).toMatchObject({ renewable: false })
  await expect(page.practice.renew()).rejects.toThrow('call-refused')
  expect((await page.session.state()).office).toEqual(office)
})

test('a practice office that cannot be opened takes nobody out of the real one, and is made anew from there', async () => {
  using folder = temporaryFolder()
  await using program = await programOn(folder)
  const { page, session } = program
  await page.session.found(OFFICE)
  mkdirSync(folder.file('practice-office/practice'), { recursive: true })
  writeFileSync(folder.file('practice-office/practice/finished'), '')
  writeFileSync(folder.file('practice-office/settings.json'), '{ damaged')
  await expect(page.practice.start()).rejects.toThrow()
  expect(session.actor).not.toBeNull()
  expect((await page.session.state()).office).toMatchObject({ name: OFFICE.name, practice: false })
  expect(await page.people.list()).toHaveLength(1)
  await page.practice.renew()
  expect((await page.session.state()).office).toMatchObject({ practice: true })
  await page.practice.leave()
  expect((await page.session.state()).office).toMatchObject({ name: OFFICE.name, practice: false })
}, 120_000)

test('a real office is not left for practice by whoever sits there, and the next start opens it again', async () => {
  {
    await using program = await programOn(real)
    const { page, session } = program
    await page.session.found(OFFICE)
    const officer = await page.people.add({ name: 'Công Chức (mẫu)', roles: ['officer'] })
    await page.session.end()
    await expect(page.practice.start()).rejects.toThrow('nobody-at-work')
    await page.session.begin({ personId: officer.id })
    await expect(page.practice.start()).rejects.toThrow('role-missing')
    expect((await page.session.state()).office).toMatchObject({ name: OFFICE.name, practice: false })

    await sitDown(page, 'admin')
    await page.settings.changeUpdateFeed({ feed: FEED })
    await page.practice.start()
    expect(session.actor).toBeNull()
    expect((await page.session.state()).office).toMatchObject({ practice: true })
    expect(await page.practice.state()).toMatchObject({ hasOffice: true })
    await page.practice.leave()
    expect((await page.session.state()).office).toMatchObject({ name: OFFICE.name, practice: false })
    await expect(page.people.list()).rejects.toThrow('nobody-at-work')
    await sitDown(page, 'admin')
    await page.practice.start()
  }
  await using again = await programOn(real)
  expect((await again.page.session.state()).office).toMatchObject({ name: OFFICE.name, practice: false })
  await again.page.practice.leave()
  expect((await again.page.session.state()).office).toMatchObject({ name: OFFICE.name, practice: false })
  expect(JSON.parse(remembered(real))).toMatchObject({ updateFeed: FEED })
}, 120_000)
