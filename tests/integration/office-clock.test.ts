import { describe, expect, it } from 'vitest'
import { requireClock } from '../../electron/office/audit/clock.ts'
import type { SigningEngine } from '../../electron/office/signing/engine.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  certified,
  lineEngine,
  prepared,
  requestOf,
  signed,
  submitted,
  type TestOffice,
  testOffice,
} from './office-support.ts'

const fails = (code: string) => expect.objectContaining({ code })
const at = (text: string): Date => new Date(text)
const minutes = (count: number): number => count * 60_000
const events = async (test: TestOffice, action: string) =>
  (await test.office.audit.events(test.admin)).filter(event => event.action === action)
const receive = (test: TestOffice) => test.office.requests.receive(test.officer, requestOf())

/** An authority whose clock is right while the office's, `time.now`, is wrong by so much. */
function stampedBy(ours: () => Date, wrongBy: () => number): SigningEngine {
  return {
    ...lineEngine,
    verify: async file => {
      const report = await lineEngine.verify(file)
      const provenTime = new Date(ours().getTime() - wrongBy())
      return { ...report, signatures: report.signatures.map(each => ({ ...each, provenTime })) }
    },
  }
}

describe('a clock that ran ahead', () => {
  it('is asked about before anything is written, and asks nothing after a weekend', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    test.time.now = at('2026-11-23T00:30:00Z')
    await receive(test)
    const before = await test.office.audit.events(test.admin)
    test.time.now = at('2031-01-06T02:00:00Z')
    await expect(receive(test)).rejects.toEqual(fails('clock-ahead'))
    await expect(requireClock(test.parts.store.reader, test.admin.officeId, test.time.now)).rejects.toEqual(
      fails('clock-ahead'),
    )
    expect(await test.office.audit.events(test.admin)).toEqual(before)
    expect(await test.office.audit.clock(test.officer)).toMatchObject({ verdict: 'ahead' })
    // It was a wrong clock: set right, the work goes on as if nothing had been.
    test.time.now = at('2026-11-23T00:40:00Z')
    await receive(test)
  })

  it('is confirmed with one press by whoever comes first after a long closing', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    test.time.now = at('2026-12-07T00:30:00Z')
    await test.office.audit.acceptClock(test.officer, null)
    await receive(test)
    expect(await events(test, 'clock-accepted')).toMatchObject([
      { actorId: test.officer.personId, data: { verdict: 'ahead', reason: null } },
    ])
    // Where nothing is to be confirmed, nothing is recorded.
    await test.office.audit.acceptClock(test.officer, null)
    expect(await events(test, 'clock-accepted')).toHaveLength(1)
  })

  it('keeps quiet as long as the office’s settings say', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    await test.office.people.changeSettings(test.admin, { clockGapDays: 20 })
    test.time.now = at('2026-12-07T00:30:00Z')
    await receive(test)
  })

  it('leaves a way back: the administrator, with a reason, and the chain says from when to when', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const now = test.time.now
    test.time.now = at('2031-01-06T02:00:00Z')
    await test.office.audit.acceptClock(test.officer, null)
    await receive(test)
    test.time.now = now
    const { audit } = test.office
    await expect(receive(test)).rejects.toEqual(fails('clock-went-back'))
    await expect(audit.acceptClock(test.officer, 'Sai giờ')).rejects.toEqual(fails('role-missing'))
    await expect(audit.acceptClock(test.admin, null)).rejects.toEqual(fails('reason-missing'))
    await audit.acceptClock(test.admin, 'Pin đồng hồ hỏng')
    await receive(test)
    expect((await events(test, 'clock-accepted')).at(-1)).toMatchObject({
      at: now,
      actorId: test.admin.personId,
      data: { verdict: 'went-back', before: '2031-01-06T02:00:00.000Z', reason: 'Pin đồng hồ hỏng' },
    })
    expect(await audit.verify(test.admin)).toMatchObject({ intact: true })
  })

  it('leaves nothing behind that waits for its days: deliveries go out, and copies are nobody’s', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await certified(test)
    const waiting = await submitted(test, 'Chờ ký')
    const right = test.time.now
    test.time.now = at('2028-01-10T02:00:00Z')
    await test.office.audit.acceptClock(test.officer, null)
    await test.office.copies.claim(test.signer, waiting.id)
    const silent = async () => {
      throw new Error('no answer')
    }
    await test.office.delivery.run(test.admin.officeId, { name: 'test', deliver: silent, cancel: silent })
    test.time.now = right
    await test.office.audit.acceptClock(test.admin, 'Máy chạy nhanh hơn một năm')
    await test.office.copies.claim(test.officer, waiting.id)
    const deliver = async () => ({ receipt: 'H01-1', confirmedAt: right })
    expect(
      await test.office.delivery.run(test.admin.officeId, { name: 'test', deliver, cancel: async () => null }),
    ).toMatchObject([{ copyId: copy.id, result: 'delivered' }])
    expect(await test.office.audit.verify(test.admin)).toMatchObject({ findings: [] })
  })

  it('is not confirmed against the authority’s word', async () => {
    using folder = temporaryFolder()
    const authority = { now: at('2026-11-20T02:00:00Z') as Date | null }
    await using test = await testOffice(folder.path, { authorityTime: async () => authority.now })
    test.time.now = at('2031-01-06T02:00:00Z')
    await expect(test.office.audit.acceptClock(test.admin, null)).rejects.toEqual(fails('clock-differs'))
    expect(await test.office.audit.authorityTime(test.admin)).toEqual(authority.now)
    // One that does not answer says nothing against it.
    authority.now = null
    await test.office.audit.acceptClock(test.admin, null)
    expect(await test.office.audit.clock(test.admin)).toMatchObject({ verdict: 'right' })
  })
})

describe('the time-stamp authority as witness', () => {
  it('refuses a signature whose day it does not confirm; the number stays', async () => {
    using folder = temporaryFolder()
    const wrong = { by: 0 }
    const engine = stampedBy(
      () => test.time.now,
      () => wrong.by,
    )
    await using test = await testOffice(folder.path, { engine })
    const copy = await submitted(test)
    wrong.by = minutes(24 * 60)
    await expect(signed(test, copy)).rejects.toEqual(fails('clock-differs'))
    const after = await test.office.copies.read(test.signer, copy.id)
    expect(after).toMatchObject({ state: 'submitted', certification: { number: '01' } })
    wrong.by = 0
    expect(await signed(test, after)).toMatchObject({ state: 'signed', certification: { number: '01' } })
    expect(await events(test, 'copy-sign')).toMatchObject([{ data: { stampedAt: test.time.now.toISOString() } }])
  })

  it('tells of a clock that differs by more than five minutes, once, and takes it back when it is right', async () => {
    using folder = temporaryFolder()
    const wrong = { by: minutes(4) }
    const engine = stampedBy(
      () => test.time.now,
      () => wrong.by,
    )
    await using test = await testOffice(folder.path, { engine })
    const ahead = async () => (await test.office.audit.clock(test.officer)).aheadSeconds
    await certified(test)
    expect(await ahead()).toBe(0)
    wrong.by = minutes(20)
    await certified(test)
    expect(await ahead()).toBe(1200)
    expect(await events(test, 'clock-differs')).toMatchObject([{ data: { aheadSeconds: 1200 } }])
    wrong.by = 0
    await certified(test)
    expect(await ahead()).toBe(0)
  })

  it('lets no number be taken by a clock that is behind it by more than an hour, nor on an earlier day', async () => {
    using folder = temporaryFolder()
    const engine = stampedBy(
      () => test.time.now,
      () => minutes(-90),
    )
    await using test = await testOffice(folder.path, { engine })
    await signed(test, await submitted(test, 'Một'))
    await expect(receive(test)).rejects.toEqual(fails('clock-went-back'))
    expect(await test.office.register.rows(test.officer, '2026-01-01', '2026-12-31')).toHaveLength(1)
    test.time.now = new Date(test.time.now.getTime() + minutes(90))
    await prepared(test, await submitted(test, 'Hai'))
  })
})
