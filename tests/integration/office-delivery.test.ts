import { describe, expect, it } from 'vitest'
import { createOffice } from '../../electron/office/office.ts'
import type { Checkpoint, DeliveryAdapter, Exchange, Parcel } from '../../electron/portal/adapter.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { certified, type TestOffice, testOffice } from './office-support.ts'

class AwayError extends Error {
  readonly code = 'portal-away'
  readonly retriable = true
}

class RefusedError extends Error {
  readonly code = 'portal-refused'
  readonly retriable = false
}

/** An adapter that does what it is told and remembers what it was given. */
function adapterOf(
  deliver: DeliveryAdapter['deliver'],
  cancel: DeliveryAdapter['cancel'] = async () => null,
): DeliveryAdapter & { readonly parcels: Parcel[] } {
  const parcels: Parcel[] = []
  return {
    name: 'test',
    parcels,
    cancel,
    deliver: (parcel, attempt) => {
      parcels.push(parcel)
      return deliver(parcel, attempt)
    },
  }
}

const accepting = () => adapterOf(async parcel => ({ receipt: `H-${parcel.number}`, confirmedAt: new Date(0) }))

const run = (test: TestOffice, adapter: DeliveryAdapter, options: object = {}) =>
  test.office.delivery.run(test.admin.officeId, adapter, { backoff: () => 60_000, ...options })

describe('delivery', () => {
  it('lays a row that nobody can read before a person, and sends the others', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const spoilt = await certified(test, 'Một')
    const sound = await certified(test, 'Hai')
    await test.parts.store.write(writer =>
      writer.updateTable('outbox').set({ checkpoint: '{' }).where('copy_id', '=', spoilt.id).execute(),
    )
    expect((await run(test, accepting())).map(({ copyId, result }) => [copyId, result])).toEqual([
      [sound.id, 'delivered'],
    ])
    expect(await test.office.delivery.waitingForPerson(test.clerk)).toEqual([
      { copyId: spoilt.id, errorCode: 'row-unreadable' },
    ])
  })

  it('brings each sealed copy to its receipt, once', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await certified(test)
    const adapter = accepting()
    expect(await run(test, adapter)).toEqual([
      { copyId: copy.id, result: 'delivered', errorCode: null, receipt: 'H-01' },
    ])
    expect(await run(test, adapter)).toEqual([])
    expect(await test.office.copies.read(test.officer, copy.id)).toMatchObject({ state: 'delivered', receipt: 'H-01' })
    expect(adapter.parcels).toEqual([
      expect.objectContaining({
        copyId: copy.id,
        number: '01',
        book: '01/2026-SCT/BS',
        signerName: 'Nguyễn Văn An (mẫu)',
        officerName: 'Lê Văn Cường (mẫu)',
        file: expect.objectContaining({ sha256: copy.sealedSha256, name: 'ban-sao-chung-thuc-01-01-2026-SCT-BS.pdf' }),
      }),
    ])
  })

  it('waits longer and goes on from the last checkpoint where the other side was away', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    await certified(test)
    const seen: Checkpoint[] = []
    const adapter = adapterOf(async (_parcel, { checkpoint, save }) => {
      seen.push(checkpoint)
      await save({ uploaded: 'f-1' })
      if (seen.length < 2) throw new AwayError('away')
      return { receipt: 'H-1', confirmedAt: new Date(0) }
    })
    expect(await run(test, adapter)).toMatchObject([{ result: 'later', errorCode: 'portal-away' }])
    expect(await run(test, adapter)).toEqual([])
    test.time.now = new Date(test.time.now.getTime() + 60_000)
    expect(await run(test, adapter)).toMatchObject([{ result: 'delivered' }])
    expect(seen).toEqual([{}, { uploaded: 'f-1' }])
  })

  it('keeps the evidence of every attempt, oldest first, for those who may see it', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await certified(test)
    const exchange = (step: string): Exchange => ({
      step,
      method: 'POST',
      address: `https://portal.example/${step}`,
      sentAt: new Date('2026-11-20T02:00:00.000Z'),
      milliseconds: 12,
      status: step === 'create' ? null : 200,
      request: '{"MaHoSo":"H-1"}',
      answer: step === 'create' ? null : '{"code":0}',
      errorCode: step === 'create' ? 'portal-timeout' : null,
    })
    let attempts = 0
    const adapter = adapterOf(async (_parcel, { record }) => {
      attempts += 1
      await record(exchange(attempts === 1 ? 'create' : 'lookup'))
      if (attempts === 1) throw new AwayError('away')
      await record(exchange('status'))
      return { receipt: 'H-1', confirmedAt: new Date(0) }
    })
    await run(test, adapter)
    test.time.now = new Date(test.time.now.getTime() + 60_000)
    await run(test, adapter)
    expect(await test.office.copies.list(test.officer, { search: 'h-1' })).toMatchObject([{ id: copy.id }])
    expect(await test.office.delivery.evidence(test.officer, copy.id)).toEqual(
      ['create', 'lookup', 'status'].map(exchange),
    )
    await expect(test.office.delivery.evidence(test.signer, copy.id)).rejects.toMatchObject({ code: 'role-missing' })
  })

  it('waits for a person where trying again cannot help, and goes on when told', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await certified(test)
    const refusing = adapterOf(async () => {
      throw new RefusedError('refused')
    })
    expect(await run(test, refusing)).toMatchObject([{ result: 'needs-person', errorCode: 'portal-refused' }])
    test.time.now = new Date(test.time.now.getTime() + 3_600_000)
    expect(await run(test, accepting())).toEqual([])
    expect(await test.office.delivery.waitingForPerson(test.clerk)).toEqual([
      { copyId: copy.id, errorCode: 'portal-refused' },
    ])
    await test.office.delivery.retry(test.clerk, copy.id)
    expect(await run(test, accepting())).toMatchObject([{ result: 'delivered' }])
    await expect(test.office.delivery.retry(test.clerk, copy.id)).rejects.toMatchObject({
      code: 'delivery-not-waiting',
    })
  })

  it('is done by one of two services that run at the same time', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    for (let copies = 0; copies < 4; copies += 1) await certified(test)
    const adapter = accepting()
    const other = createOffice(test.parts)
    const both = await Promise.all([run(test, adapter), other.delivery.run(test.admin.officeId, adapter)])
    expect(both.flat().map(outcome => outcome.result)).toEqual(Array(4).fill('delivered'))
    expect(new Set(adapter.parcels.map(parcel => parcel.copyId)).size).toBe(4)
    expect(adapter.parcels.length).toBe(4)
  })

  it('is taken over when the first service died, which can then write nothing more', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await certified(test)
    let late: Promise<void> | undefined
    const dying = adapterOf(async (_parcel, { save }) => {
      test.time.now = new Date(test.time.now.getTime() + 10 * 60_000)
      expect(await run(test, accepting())).toMatchObject([{ result: 'delivered' }])
      late = save({ uploaded: 'twice' })
      await late
      throw new Error('not reached')
    })
    expect(await run(test, dying)).toMatchObject([{ result: 'later', errorCode: 'delivery-lease-lost' }])
    await expect(late).rejects.toMatchObject({ code: 'delivery-lease-lost' })
    expect(await test.office.copies.read(test.officer, copy.id)).toMatchObject({ state: 'delivered', receipt: 'H-01' })
  })

  it('keeps its lease over a slow upload', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    await certified(test)
    const slow = adapterOf(async () => {
      test.time.now = new Date(test.time.now.getTime() + 10 * 60_000)
      let outbox = await test.parts.store.reader.selectFrom('outbox').select('lease_until').executeTakeFirstOrThrow()
      while ((outbox.lease_until ?? '') <= test.time.now.toISOString()) {
        await new Promise(resolve => setTimeout(resolve, 5))
        outbox = await test.parts.store.reader.selectFrom('outbox').select('lease_until').executeTakeFirstOrThrow()
      }
      expect(await run(test, accepting())).toEqual([])
      return { receipt: 'H-slow', confirmedAt: new Date(0) }
    })
    expect(await run(test, slow, { leaseMs: 30 })).toMatchObject([{ result: 'delivered', receipt: 'H-slow' }])
  })

  it('leaves a cancelled copy where it is, but records a receipt that was on its way', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const decision = { number: '05/QĐ-UBND', date: '2026-11-20' }
    await test.office.copies.cancel(test.signer, await certified(test), decision)
    expect(await run(test, accepting())).toEqual([])
    const copy = await certified(test)
    const crossing = adapterOf(async () => {
      await test.office.copies.cancel(test.signer, copy, decision)
      return { receipt: 'H-cross', confirmedAt: new Date(0) }
    })
    expect(await run(test, crossing)).toMatchObject([{ result: 'delivered' }])
    expect(await test.office.copies.read(test.officer, copy.id)).toMatchObject({
      state: 'cancelled',
      receipt: 'H-cross',
    })
    const events = await test.office.audit.events(test.admin)
    expect(events.at(-1)).toMatchObject({ action: 'delivered-though-cancelled', subject: copy.id })
  })

  it('broken off by ourselves counts as no attempt', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    await certified(test)
    const stop = new AbortController()
    const stopped = adapterOf(async () => {
      stop.abort()
      throw new RefusedError('stopped')
    })
    expect(await run(test, stopped, { signal: stop.signal })).toMatchObject([{ result: 'later' }])
    expect(await run(test, accepting())).toMatchObject([{ result: 'delivered' }])
  })
})
