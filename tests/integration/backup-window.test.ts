import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { deskRouter } from '../../electron/api/router.ts'
import { startBackupRounds } from '../../electron/window/backup-round.ts'
import { programOn } from '../support/program.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const OFFICE = { name: 'UBND xã Thật (mẫu)', administrator: 'Quản Trị Thật (mẫu)' }
const DAY = 24 * 60 * 60 * 1000

test('the administrator chooses the place in the system’s dialog alone, backs up, and reads it again', async () => {
  using data = temporaryFolder()
  using drive = temporaryFolder()
  let chosen: string | null = null
  await using program = await programOn(data, { chosenFolder: () => chosen })
  const { page, host, session } = program
  await page.session.found(OFFICE)
  expect(await page.backup.state()).toMatchObject({ place: null, lastGood: null, overdue: true })
  await expect(page.backup.now()).rejects.toMatchObject({ cause: { code: 'backup-not-set' } })
  await page.backup.choosePlace()
  expect((await page.backup.state()).place).toBeNull()

  chosen = data.file('office/second')
  await expect(page.backup.choosePlace()).rejects.toMatchObject({ cause: { code: 'backup-place-wrong' } })
  // @ts-expect-error: no call of the page names the place
  await expect(page.settings.changeDesk({ backupFolder: drive.path })).rejects.toThrow()
  expect((await page.backup.state()).place).toBeNull()

  chosen = drive.path
  await page.backup.choosePlace()
  expect(await page.backup.state()).toMatchObject({ place: drive.path, lastGood: null, overdue: true })
  await page.backup.now()
  expect(await page.backup.state()).toMatchObject({ problem: null, overdue: false, underWay: false })
  expect(await page.backup.verify()).toMatchObject({ findings: [] })

  const later = (days: number) =>
    deskRouter.createCaller({ host: { ...host, clock: () => new Date(Date.now() + days * DAY) }, session })
  expect((await later(2).backup.state()).overdue).toBe(false)
  expect((await later(4).backup.state()).overdue).toBe(true)

  rmSync(drive.path, { recursive: true })
  await expect(page.backup.now()).rejects.toMatchObject({ cause: { code: 'backup-place-missing' } })
  expect((await page.backup.state()).problem).toMatchObject({ code: 'backup-place-missing' })
  expect(existsSync(drive.path)).toBe(false)
  mkdirSync(drive.path)
  await page.backup.now()
  expect((await page.backup.state()).problem).toBeNull()
  await page.backup.stop()
  expect((await page.backup.state()).place).toBeNull()
})

test('a new PC begins with the backup of the old one, and never in the place of an office that is there', async () => {
  using old = temporaryFolder()
  using data = temporaryFolder()
  using drive = temporaryFolder()
  {
    await using program = await programOn(old, { chosenFolder: () => drive.path })
    await program.page.session.found(OFFICE)
    await program.page.backup.choosePlace()
    await program.page.backup.now()
    await expect(program.page.backup.restore()).rejects.toMatchObject({ cause: { code: 'office-already-there' } })
  }
  let chosen: string | null = old.path
  await using program = await programOn(data, { chosenFolder: () => chosen })
  await expect(program.page.backup.restore()).rejects.toMatchObject({ cause: { code: 'backup-not-found' } })
  expect((await program.page.session.state()).office).toBeNull()
  chosen = null
  await program.page.backup.restore()
  expect((await program.page.session.state()).office).toBeNull()
  chosen = drive.path
  await program.page.backup.restore()
  expect((await program.page.session.state()).office).toMatchObject({ name: OFFICE.name })
})

test('others see how the data stands, and change nothing', async () => {
  using data = temporaryFolder()
  using drive = temporaryFolder()
  await using program = await programOn(data, { chosenFolder: () => drive.path })
  const { page } = program
  await page.session.found(OFFICE)
  const { id } = await page.people.add({
    name: 'Cán bộ (mẫu)',
    roles: ['officer'],
    signerTitle: [],
    certificateSha256: null,
  })
  await page.session.begin({ personId: id, password: null })
  expect(await page.backup.state()).toMatchObject({ overdue: true })
  for (const call of [page.backup.choosePlace, page.backup.now, page.backup.verify, page.backup.stop])
    await expect(call()).rejects.toMatchObject({ cause: { code: 'role-missing' } })
  expect(readdirSync(drive.path)).toEqual([])
})

test('an office that has lost its settings or its database is no first start', async () => {
  using data = temporaryFolder()
  mkdirSync(data.file('office'))
  writeFileSync(join(data.file('office'), 'office.head.json'), '{"format":1,"offices":{}}')
  await expect(programOn(data)).rejects.toMatchObject({ code: 'settings-missing' })
})

test('by itself once a day, again where it failed, and never two at once', async () => {
  let now = new Date('2026-11-20T01:00:00Z')
  let last: Date | null = null
  let made = 0
  let atOnce = 0
  let fails = true
  const faults: unknown[] = []
  const rounds = startBackupRounds({
    place: '/second',
    lastGood: async () => last,
    clock: () => now,
    changed: () => {},
    onFault: error => faults.push(error),
    every: 5,
    settle: 1,
    make: async () => {
      atOnce += 1
      expect(atOnce).toBe(1)
      await new Promise(resolve => setTimeout(resolve, 10))
      atOnce -= 1
      if (fails) throw new Error('not plugged in')
      made += 1
      last = now
    },
  })
  await expect.poll(() => faults.length).toBeGreaterThan(1)
  expect(rounds.problem).toBe(faults.at(-1))
  fails = false
  await expect.poll(() => made).toBe(1)
  await Promise.all([rounds.now(), rounds.now()])
  expect([made, rounds.problem]).toEqual([2, null])
  now = new Date('2026-11-20T18:00:00Z')
  await expect.poll(() => made).toBe(3)
  await rounds[Symbol.asyncDispose]()
  now = new Date('2026-11-22T18:00:00Z')
  expect(made).toBe(3)
})
