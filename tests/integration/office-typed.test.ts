import { expect, test } from 'vitest'
import { fieldName } from '../../electron/messages.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { certified, requestOf, submitted, testOffice } from './office-support.ts'

const BAD = 'A\u202eB'

test('no field that a person types takes what cannot be seen; the field is named', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { office, admin, officer, signer, clerk } = test
  const { people, copies, requests } = office
  const request = requestOf()
  const [original] = request.originals
  if (!original) throw new Error('no original')
  const from = (requester: object, paper: object = {}) =>
    requests.receive(officer, {
      requester: { ...request.requester, ...requester },
      originals: [{ ...original, ...paper }],
    })
  const copy = await submitted(test, 'Một')
  const done = await certified(test, 'Hai')
  const exemption = { id: 'a', name: 'b', legalBasis: 'c' }
  const fields: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['officeName', () => people.found({ name: BAD }, { name: 'Quản trị (mẫu)' })],
    ['name', () => people.found({ name: 'UBND xã (mẫu)' }, { name: BAD })],
    ['name', () => people.add(admin, { name: BAD, roles: ['clerk'] })],
    ['signerTitle.0', () => people.add(admin, { name: 'Ai (mẫu)', roles: ['signer'], signerTitle: [BAD] })],
    ['name', () => people.change(admin, clerk.personId, { name: BAD })],
    ['name', () => people.rename(admin, BAD)],
    ['bookSymbol', () => people.changeSettings(admin, { bookSymbol: BAD })],
    ['feeExemptions.0.name', () => people.changeSettings(admin, { feeExemptions: [{ ...exemption, name: BAD }] })],
    ['requester.name', () => from({ name: BAD })],
    ['requester.email', () => from({ email: `${BAD}@mau.vn` })],
    ['requester.phone', () => from({ phone: `0912${BAD}345678` })],
    ['originals.0.title', () => from({}, { title: BAD })],
    ['originals.0.kind', () => from({}, { kind: BAD })],
    ['originals.0.issuer', () => from({}, { issuer: BAD })],
    ['reason', () => copies.returnForMending(signer, copy, BAD)],
    ['reason', () => copies.refuse(signer, copy, 1, BAD)],
    ['reason', () => copies.withdraw(officer, copy, BAD)],
    ['number', () => copies.cancel(signer, done, { number: BAD, date: '2026-11-20' })],
  ]
  for (const [field, work] of fields) {
    await expect(work(), field).rejects.toMatchObject({
      code: 'character-refused',
      parameters: { field, character: 'U+202E' },
    })
    // … in the words that stand beside it on the screen.
    expect(fieldName(field, 'vi')).not.toMatch(/^[a-zA-Z.\d]+$/)
  }
})
