import { expect, test } from 'vitest'
import { foundDesk, openDesk } from '../../electron/desk.ts'
import type { SigningEngine } from '../../electron/office/signing/engine.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { lineEngine, OFFICE, prepared, signed, submitted, testOffice } from './office-support.ts'

test('a real office without a time-stamp service takes no number and asks for no PIN', async () => {
  using folder = temporaryFolder()
  const engine: SigningEngine = { ...lineEngine, timestamps: false }
  await using test = await testOffice(folder.path, { engine, leastLevel: 'B-T' })
  const copy = await submitted(test)
  await expect(prepared(test, copy)).rejects.toThrow('timestamp-not-set')
  expect(await test.office.register.rows(test.officer, '2026-01-01', '2026-12-31')).toEqual([])
  expect(await test.office.copies.read(test.officer, copy.id)).toEqual(copy)
  expect(() => test.office.signing.requireTimestamps()).toThrow('timestamp-not-set')
})

test('a file that came back without a proven time is not kept; its number stays', async () => {
  using folder = temporaryFolder()
  const engine: SigningEngine = {
    ...lineEngine,
    verify: async file => {
      const report = await lineEngine.verify(file)
      return { ...report, signatures: report.signatures.map(each => ({ ...each, level: 'B-B', provenTime: null })) }
    },
  }
  await using test = await testOffice(folder.path, { engine, leastLevel: 'B-T' })
  const copy = await submitted(test)
  await expect(signed(test, copy)).rejects.toThrow('timestamp-missing')
  expect(await test.office.copies.read(test.officer, copy.id)).toMatchObject({
    state: 'submitted',
    signedSha256: null,
    certification: { number: '01' },
  })
})

test('an office just founded is a real one: its token is not even looked for', async () => {
  using folder = temporaryFolder()
  await foundDesk(folder.path, { name: OFFICE, administrator: 'Quản trị (mẫu)' })
  const desk = await openDesk(folder.path)
  try {
    const [admin] = await desk.people()
    const actor = { officeId: desk.officeId, personId: admin?.id ?? '' }
    await expect(desk.findToken(actor, 'signature')).rejects.toThrow('timestamp-not-set')
  } finally {
    await desk.close()
  }
})
