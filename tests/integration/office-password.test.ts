import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Desk, foundDesk, openDesk } from '../../electron/desk.ts'
import { createOffice } from '../../electron/office/office.ts'
import { hashPassword, isPassword } from '../../electron/office/people/password.ts'
import type { OfficeService } from '../../electron/office/service.ts'
import type { Actor } from '../../electron/office/types.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testOffice } from './office-support.ts'

const PASSWORD = 'mùa xuân Tân Sửu'

test('without a password everybody is let in; with one only who knows it', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { people } = test.office
  expect(await people.admit(test.officer, null)).toMatchObject({ hasPassword: false })
  await people.setPassword(test.officer, test.officer.personId, { current: null, next: PASSWORD })
  await expect(people.admit(test.officer, null)).rejects.toThrow('password-wrong')
  await expect(people.admit(test.officer, 'mùa xuân')).rejects.toThrow('password-wrong')
  expect(await people.admit(test.officer, PASSWORD.normalize('NFD'))).toMatchObject({ hasPassword: true })
})

test('one’s own is changed only with the old one; of others by the administrator alone', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { people } = test.office
  const own = test.officer.personId
  await people.setPassword(test.officer, own, { current: null, next: PASSWORD })
  await expect(people.setPassword(test.officer, own, { current: 'sai', next: null })).rejects.toThrow('password-wrong')
  await expect(people.setPassword(test.clerk, own, { current: PASSWORD, next: null })).rejects.toThrow('role-missing')
  expect(await people.setPassword(test.admin, own, { current: null, next: null })).toMatchObject({ hasPassword: false })
})

test('guesses come one after the other, each wrong one is answered later, and only the right one forgives them', async () => {
  using folder = temporaryFolder()
  const pauses: number[] = []
  let under = 0
  await using test = await testOffice(folder.path, {
    pause: async milliseconds => {
      expect(++under).toBe(1)
      pauses.push(milliseconds)
      await nextTurn()
      under--
    },
  })
  const { people } = test.office
  const own = test.officer.personId
  await people.setPassword(test.officer, own, { current: null, next: PASSWORD })
  const guesses = ['một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy']
  const tries = guesses.map((guess, index) =>
    index % 2 === 0
      ? people.admit(test.officer, guess)
      : people.setPassword(test.officer, own, { current: guess, next: null }),
  )
  const other = people.admit(test.clerk, null)
  expect(await Promise.allSettled(tries)).toMatchObject(
    guesses.map(() => ({ status: 'rejected', reason: { code: 'password-wrong' } })),
  )
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 32000])
  await other
  await people.admit(test.officer, PASSWORD)
  await expect(people.admit(test.officer, null)).rejects.toThrow('password-wrong')
  await expect(people.admit(test.officer, 'tám')).rejects.toThrow('password-wrong')
  expect(pauses.at(-1)).toBe(1000)
})

test('wrong tries are counted beyond a restart, and the chain tells of them without a flood', async () => {
  using folder = temporaryFolder()
  const pauses: number[] = []
  const pause = async (milliseconds: number) => void pauses.push(milliseconds)
  await using test = await testOffice(folder.path, { pause })
  const { audit } = test.office
  const own = test.officer.personId
  await test.office.people.setPassword(test.officer, own, { current: null, next: PASSWORD })
  const guess = (office: OfficeService) =>
    expect(office.people.admit(test.officer, 'sai')).rejects.toThrow('password-wrong')
  await guess(test.office)
  await guess(test.office)
  const restarted = createOffice(test.parts)
  for (let wrong = 3; wrong <= 9; wrong++) await guess(restarted)
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 32000, 32000, 32000])
  const told = async () => (await audit.events(test.admin)).filter(({ action }) => action === 'password-wrong')
  expect((await told()).map(({ subject, actorId, data }) => [subject, actorId, data['count']])).toEqual(
    [1, 2, 4, 8].map(count => [own, null, count]),
  )
  // Nobody is locked out: whoever knows it comes in at once, and the count begins anew.
  await restarted.people.admit(test.officer, PASSWORD)
  expect(pauses).toHaveLength(9)
  await guess(test.office)
  expect(pauses.at(-1)).toBe(1000)

  // A clock in doubt keeps the event out of the chain, not the count.
  test.time.now = new Date('2031-01-06T02:00:00Z')
  await guess(restarted)
  expect(pauses.at(-1)).toBe(2000)
  expect(await told()).toHaveLength(5)
})

test('whoever has left tries nothing, not even to change the password', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { people } = test.office
  const own = test.officer.personId
  await people.setPassword(test.officer, own, { current: null, next: PASSWORD })
  await people.change(test.admin, own, { active: false })
  await expect(people.setPassword(test.officer, own, { current: PASSWORD, next: null })).rejects.toThrow(
    'person-inactive',
  )
  await expect(
    people.setPassword({ ...test.officer, personId: 'nobody' }, 'nobody', { current: null, next: PASSWORD }),
  ).rejects.toThrow('person-unknown')
})

test('a forgotten password is taken away by who has the office’s files, and the chain says so', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { people, audit } = test.office
  const { officeId, personId } = test.admin
  await people.setPassword(test.admin, personId, { current: null, next: PASSWORD })
  await expect(people.removePassword(officeId, 'nobody')).rejects.toThrow('person-unknown')
  expect(await people.removePassword(officeId, personId)).toMatchObject({ hasPassword: false })
  expect(await people.admit(test.admin, null)).toMatchObject({ id: personId })
  expect((await audit.events(test.admin)).at(-1)).toMatchObject({
    action: 'password-removed',
    subject: personId,
    actorId: null,
    data: { by: 'owner-of-the-files' },
  })
})

test('the only administrator who forgot the password gets back in through the command line', async () => {
  using folder = temporaryFolder()
  const office = folder.file('office')
  const administrator = { name: 'Quản trị (mẫu)', roles: ['admin'] }
  await foundDesk(office, { name: 'UBND xã Mẫu (mẫu)', administrator: administrator.name })
  const atWork = async (work: (desk: Desk, admin: Actor) => Promise<unknown>) => {
    const desk = await openDesk(office)
    try {
      const [person] = await desk.people()
      await work(desk, { officeId: desk.officeId, personId: person?.id ?? '' })
    } finally {
      await desk.close()
    }
  }
  await atWork(({ office: { people } }, admin) =>
    people.setPassword(admin, admin.personId, { current: null, next: PASSWORD }),
  )
  expect(await ctdesk(['office', 'password-remove', 'ai đó', '--office', office])).toMatchObject({ status: 2 })
  expect(await ctdesk(['office', 'password-remove', 'admin', '--office', office])).toMatchObject({ status: 0 })
  await atWork(async ({ office: { people } }, admin) =>
    expect(await people.admit(admin, null)).toMatchObject(administrator),
  )
}, 60_000)

test('a short one is refused, and who has left is not let in', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { people } = test.office
  await expect(
    people.setPassword(test.officer, test.officer.personId, { current: null, next: 'bảy.chữ' }),
  ).rejects.toThrow('password-too-short')
  await people.change(test.admin, test.officer.personId, { active: false })
  await expect(people.admit(test.officer, null)).rejects.toThrow('person-inactive')
})

test('what is kept differs each time and does not hold the password', async () => {
  const [first, second] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)]
  expect(first).not.toBe(second)
  expect(first).not.toContain('xu')
  expect([await isPassword(PASSWORD, first), await isPassword(PASSWORD, second)]).toEqual([true, true])
})
