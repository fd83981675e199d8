import { expect, test } from 'vitest'
import { hashPassword, isPassword } from '../../electron/office/people/password.ts'
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
