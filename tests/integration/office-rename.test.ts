import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { foundDesk, openDesk } from '../../electron/desk.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { OFFICE, prepared, sealed, signed, submitted, testOffice } from './office-support.ts'

const MENDED = 'UBND xã Thanh Bình, tỉnh Mẫu (mẫu)'

test('a new name stands on every copy from then on; what is signed keeps the old one', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { people, audit } = test.office
  const signedFile = async (copyId: string) => readFile(await test.office.copies.file(test.officer, copyId, 'signed'))

  const before = await signed(test, await submitted(test, 'Giấy khai sinh'))
  const numbered = await submitted(test, 'Bằng tốt nghiệp')
  await prepared(test, numbered)
  const office = await people.rename(test.admin, `  ${MENDED.normalize('NFD')} `)
  expect(office).toMatchObject({ id: test.admin.officeId, name: MENDED })
  const after = await signed(test, await test.office.copies.read(test.officer, numbered.id))
  await sealed(test, before)
  expect((await signedFile(before.id)).toString()).toContain(`"officeName":"${OFFICE}"`)
  expect((await signedFile(after.id)).toString()).toContain(`"officeName":"${MENDED}"`)

  const [renamed] = (await audit.events(test.admin)).filter(({ action }) => action === 'office-renamed')
  expect(renamed).toMatchObject({ actorId: test.admin.personId, data: { before: OFFICE, name: MENDED } })
  expect(await audit.verify(test.admin)).toMatchObject({ intact: true })
})

test('only an administrator renames, and not to nothing', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { people } = test.office
  await expect(people.rename(test.officer, MENDED)).rejects.toThrow('role-missing')
  await expect(people.rename(test.admin, '  ')).rejects.toThrow('input-invalid')
  expect((await people.office(test.admin)).name).toBe(OFFICE)
})

test('at the terminal too', async () => {
  using folder = temporaryFolder()
  const office = folder.file('office')
  await foundDesk(office, { name: OFFICE, administrator: 'Quản trị (mẫu)' })
  const rename = (name: string) => ctdesk(['office', 'rename', '--office', office, '--name', name, '--json'])
  expect(JSON.parse((await rename(' ')).stdout)).toMatchObject({ error: { code: 'input-invalid' } })
  const { status, stdout } = await rename(MENDED)
  expect([status, JSON.parse(stdout)]).toMatchObject([0, { name: MENDED }])
  const desk = await openDesk(office)
  try {
    const [person] = await desk.people()
    const actor = { officeId: desk.officeId, personId: person?.id ?? '' }
    expect(await desk.office.people.office(actor)).toMatchObject({ name: MENDED })
  } finally {
    await desk.close()
  }
}, 60_000)
