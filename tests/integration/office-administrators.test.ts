import { expect, test } from 'vitest'
import { foundDesk, openDesk } from '../../electron/desk.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { OFFICE, testOffice } from './office-support.ts'

const refused = expect.objectContaining({ code: 'last-administrator' })

test('the last active administrator cannot go, nor give the right away', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { people } = test.office
  const { personId } = test.admin
  await expect(people.change(test.admin, personId, { active: false })).rejects.toEqual(refused)
  await expect(people.change(test.admin, personId, { roles: ['officer'] })).rejects.toEqual(refused)
  await people.change(test.admin, personId, { roles: ['officer', 'admin'] })

  await people.change(test.admin, test.clerk.personId, { roles: ['clerk', 'admin'] })
  await people.change(test.clerk, test.clerk.personId, { active: false })
  await expect(people.change(test.admin, personId, { active: false })).rejects.toEqual(refused)
  expect(await people.list(test.admin)).toContainEqual(expect.objectContaining({ id: personId, active: true }))
})

test('two administrators who remove each other at the same time leave one', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { people } = test.office
  await people.change(test.admin, test.clerk.personId, { roles: ['clerk', 'admin'] })
  const results = await Promise.allSettled([
    people.change(test.admin, test.clerk.personId, { active: false }),
    people.change(test.clerk, test.admin.personId, { roles: ['officer'] }),
    people.change(test.clerk, test.clerk.personId, { roles: ['clerk'] }),
  ])
  expect(results.some(({ status }) => status === 'rejected')).toBe(true)
  const rows = await test.parts.store.reader.selectFrom('person').select(['roles', 'active']).execute()
  expect(rows.filter(row => row.active === 1 && row.roles.includes('"admin"'))).toHaveLength(1)
})

test('whoever holds the files brings an administrator back, and the chain says so', async () => {
  using folder = temporaryFolder()
  const administrator = 'Quản trị (mẫu)'
  await foundDesk(folder.path, { name: OFFICE, administrator })
  const before = await openDesk(folder.path)
  const [admin] = await before.people()
  const actor = { officeId: before.officeId, personId: admin?.id ?? '' }
  const left = await before.office.people.add(actor, { name: 'Lê Văn Cường (mẫu)', roles: ['officer'] })
  await before.office.people.change(actor, left.id, { active: false })
  await before.close()

  const restore = (person: string) => ctdesk(['office', 'admin-restore', '--office', folder.path, '--person', person])
  expect((await restore('Không ai')).status).not.toBe(0)
  expect((await restore(left.name)).status).toBe(0)
  const desk = await openDesk(folder.path)
  try {
    const restored = (await desk.people()).find(({ id }) => id === left.id)
    expect(restored).toMatchObject({ active: true, roles: ['officer', 'admin'] })
    expect((await desk.office.audit.events(actor)).at(-1)).toMatchObject({
      action: 'person-changed',
      subject: left.id,
      actorId: null,
      data: { by: 'owner-of-the-files', active: 1 },
    })
  } finally {
    await desk.close()
  }
}, 60_000)
