import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createOffice } from '../../electron/office/office.ts'
import type { CopyView } from '../../electron/office/types.ts'
import type { DeliveryAdapter } from '../../electron/portal/adapter.ts'
import { createDossierAdapter } from '../../electron/portal/dossier-api.ts'
import { dossierSettings } from '../../electron/portal/dossier-settings.ts'
import { createManualPackageAdapter } from '../../electron/portal/manual-package.ts'
import { type Endpoint, type Fault, noFaults } from '../../electron/sandbox/portal/faults.ts'
import { createPersonalStoreClient } from '../../electron/sandbox/portal-store-client.ts'
import type { HttpClient, HttpRequest } from '../../native-signing/http/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { certified, requestOf, type TestOffice, testOffice, textComposer } from './office-support.ts'
import { openPortalBench, ownHttp, type PortalBench, readMarkedSignatures, TWO_SIGNATURES } from './portal-support.ts'

const DECISION = { number: '12/QĐ-UBND', date: '2026-11-20' }
const SETTLE_MS = 300_000
const MINUTE = 60_000

let bench: PortalBench
let desk: TestOffice
let folder: ReturnType<typeof temporaryFolder>
let serial = 0
beforeAll(async () => {
  folder = temporaryFolder()
  const signatures = folder.file('signatures.pdf')
  writeFileSync(signatures, TWO_SIGNATURES.map(signature => `% signature ${signature}\n`).join(''))
  // what is signed here is no subject: the office's own engine is a stand-in
  bench = await openPortalBench(() => readMarkedSignatures(signatures))
  desk = await testOffice(folder.path, {
    compose: async (request, out) => {
      const layout = await textComposer(request, out)
      writeFileSync(out, `%PDF-1.7\n${readFileSync(out, 'utf8')}`)
      return layout
    },
  })
})
afterEach(() => bench.portal.setFaults(noFaults))
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  await bench[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const newCopy = () => certified(desk, `Giấy tờ thử ${++serial} (mẫu)`)
const settings = () => dossierSettings({ ...bench.portal.dossierSettings, timeouts: { settle: SETTLE_MS } })
const adapter = (http: HttpClient = ownHttp): DeliveryAdapter =>
  createDossierAdapter(settings(), { credentials: bench.portal.credentials, http, clock: () => desk.time.now })
/** As another program on the same files would. */
const cancel = ({ id, version }: CopyView) =>
  createOffice(desk.parts).copies.cancel(desk.signer, { id, version }, DECISION)
const run = (by: DeliveryAdapter = adapter()) =>
  desk.office.delivery.run(desk.admin.officeId, by, { backoff: () => MINUTE })

/** Runs again and again, as the rounds do, until nothing is due for long. */
async function runUntilQuiet(by?: DeliveryAdapter): Promise<void> {
  for (let quiet = 0; quiet < 8; ) {
    quiet = (await run(by)).length > 0 ? 0 : quiet + 1
    desk.time.now = new Date(desk.time.now.getTime() + MINUTE)
  }
}

/** What the portal has of a copy, and what the office says of it. */
async function truth(copy: CopyView) {
  const { papers, cancellations, dossiers } = bench.portal.inspect()
  const own = papers.filter(paper => paper.title === copy.title)
  const dossier = dossiers.find(each => JSON.stringify(each.components).includes(copy.title))
  const events = (await desk.office.audit.events(desk.admin, 0, 100_000)).filter(event => event.subject === copy.id)
  const rows = desk.parts.store.reader.selectFrom('outbox').select(['kind', 'state']).where('copy_id', '=', copy.id)
  return {
    papers: own.length,
    dossier: dossier !== undefined,
    portalToldBy: cancellations.find(each => each.dossierNumber === dossier?.number)?.decisionNumber ?? null,
    actions: events.map(event => event.action),
    rows: (await rows.orderBy('kind').execute()).map(row => `${row.kind} ${row.state}`),
    state: (await desk.office.copies.read(desk.officer, copy.id)).state,
  }
}

/** However it went: the citizen has none, or the truth is written down; and a portal that has anything of it knows. */
function expectHonest(of: Awaited<ReturnType<typeof truth>>, moment: string): void {
  expect({ moment, state: of.state }).toEqual({ moment, state: 'cancelled' })
  expect({ moment, told: of.portalToldBy }).toEqual({ moment, told: of.dossier ? DECISION.number : null })
  expect({ moment, known: of.actions.includes('delivered-though-cancelled') }).toEqual({
    moment,
    known: of.papers === 1,
  })
  expect(of.papers).toBeLessThan(2)
  expect({ moment, open: of.rows.filter(row => /waiting|needs-person/.test(row)) }).toEqual({ moment, open: [] })
}

const stepOf = ({ url }: HttpRequest) => new URL(url).pathname.split('/').at(-1) ?? ''

describe('a copy cancelled while it is being sent', () => {
  /** Cancels at the n-th moment: each request is two, one before it goes out and one after its answer has come. */
  function cancellingAt(moment: number, copy: CopyView) {
    const after: string[] = []
    let [passed, cancelled] = [0, false]
    const pass = async () => {
      passed += 1
      if (passed !== moment) return
      await cancel(copy)
      cancelled = true
    }
    const http: HttpClient = async request => {
      if (cancelled) after.push(stepOf(request))
      await pass()
      const answer = await ownHttp(request)
      await pass()
      return answer
    }
    return { http, after, moments: () => passed }
  }

  test('at any moment: nothing more goes out, and a portal that has it already is told', async () => {
    const whole = cancellingAt(0, await newCopy())
    await run(adapter(whole.http))
    expect(whole.moments()).toBeGreaterThan(12)
    let late = 0
    for (let moment = 1; moment <= whole.moments(); moment += 1) {
      const copy = await newCopy()
      const attempt = cancellingAt(moment, copy)
      await run(adapter(attempt.http))
      // the one request that was on its way at that moment is not among these
      expect({ moment, after: attempt.after }).toEqual({ moment, after: [] })
      await runUntilQuiet()
      const after = await truth(copy)
      expectHonest(after, `moment ${moment}`)
      late += after.papers
    }
    // after the last request, and before it where that still went out; no other
    expect([1, 2]).toContain(late)
  })

  const endpoints: readonly Endpoint[] = ['token', 'next-number', 'upload', 'lookup', 'create', 'progress', 'status']
  for (const endpoint of endpoints)
    for (const accepted of [false, true])
      test(`at a portal that hangs at “${endpoint}” ${accepted ? 'after' : 'before'} doing it: the request is broken off`, async () => {
        const copy = await newCopy()
        let [cancelling, reached]: [Promise<unknown> | null, boolean] = [null, false]
        const fault: Fault = { answer: 'hang', accepted, delayMilliseconds: 0 }
        bench.portal.setFaults(asked => {
          if (asked !== endpoint || reached) return null
          reached = true
          cancelling = cancel(copy)
          return fault
        })
        const outcomes = await run()
        await cancelling
        expect(outcomes).toMatchObject([{ copyId: copy.id, result: 'dropped', errorCode: 'delivery-copy-cancelled' }])
        await runUntilQuiet()
        expectHonest(await truth(copy), endpoint)
      })

  test('at a slow portal that then fails: it never waits for the next attempt', async () => {
    const copy = await newCopy()
    bench.portal.setFaults(endpoint =>
      endpoint === 'status' ? { answer: 'bad-gateway', accepted: false, delayMilliseconds: 50 } : null,
    )
    const failing: HttpClient = async request => {
      const answer = await ownHttp(request)
      if (answer.status === 502) await cancel(copy)
      return answer
    }
    await run(adapter(failing))
    expect((await truth(copy)).rows).toContain('deliver dropped')
    bench.portal.setFaults(noFaults)
    await runUntilQuiet()
    const after = await truth(copy)
    expect(after).toMatchObject({ papers: 0, portalToldBy: DECISION.number })
    expectHonest(after, 'status')
  })

  test('and already put back to wait by an early program: it stays here', async () => {
    const copy = await newCopy()
    await cancel(copy)
    await desk.parts.store.write(writer =>
      writer.updateTable('outbox').set({ state: 'waiting' }).where('copy_id', '=', copy.id).execute(),
    )
    await runUntilQuiet()
    expect(await truth(copy)).toMatchObject({ papers: 0, dossier: false, state: 'cancelled' })
  })
})

describe('another program', () => {
  /** Starts one that hangs at the portal while it hands the result over. */
  async function hanging(accepted: boolean) {
    const reached = Promise.withResolvers<void>()
    let first = true
    bench.portal.setFaults(endpoint => {
      if (endpoint !== 'status' || !first) return null
      first = false
      reached.resolve()
      return { answer: 'hang', accepted, delayMilliseconds: 0 }
    })
    const { credentials, dossierSettings: own } = bench.portal
    const portal = JSON.stringify({ credentials, settings: { ...own, timeouts: { settle: SETTLE_MS } } })
    const program = join(import.meta.dirname, 'delivery-process.ts')
    const child = spawn(
      process.execPath,
      [program, folder.path, desk.admin.officeId, desk.time.now.toISOString(), portal],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const said = text(child.stdout)
    await reached.promise
    return { child, said }
  }

  test('that is sending what is cancelled here breaks its request off', async () => {
    const copy = await newCopy()
    const { said } = await hanging(false)
    await cancel(copy)
    expect(JSON.parse(await said)).toEqual(['dropped'])
    await runUntilQuiet()
    const after = await truth(copy)
    expect(after.papers).toBe(0)
    expectHonest(after, 'other program')
  })

  for (const accepted of [false, true])
    test(`killed while sending, ${accepted ? 'after' : 'before'} the portal took it, then cancelled: whoever goes on tells the portal`, async () => {
      const copy = await newCopy()
      const { child } = await hanging(accepted)
      if (accepted) await expect.poll(async () => (await truth(copy)).papers).toBe(1)
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      await cancel(copy)
      // the lease of the dead one
      expect(await run()).toEqual([])
      await runUntilQuiet()
      const after = await truth(copy)
      expect(after.papers).toBe(accepted ? 1 : 0)
      expectHonest(after, 'killed')
    })
})

describe('a copy that was delivered long ago and is cancelled', () => {
  async function delivered(by?: DeliveryAdapter): Promise<CopyView> {
    const copy = await newCopy()
    await runUntilQuiet(by)
    return desk.office.copies.read(desk.officer, copy.id)
  }
  const papersOfCitizen = async (copy: CopyView) => {
    const { storeUsername: username, storePassword: password } = bench.portal.credentials
    const store = createPersonalStoreClient({ url: bench.portal.url, username, password })
    return (await store.papers('001190000001', 'Phạm Thị Dung (mẫu)')).filter(paper => paper.title === copy.title)
  }

  test('is told to the portal by its decision, once, and the evidence of it kept', async () => {
    const copy = await delivered()
    expect(await papersOfCitizen(copy)).toHaveLength(1)
    await cancel(copy)
    expect(await run()).toEqual([{ copyId: copy.id, result: 'told', errorCode: null, receipt: copy.receipt }])
    expect(await run()).toEqual([])
    const after = await truth(copy)
    expect(after).toMatchObject({ state: 'cancelled', portalToldBy: DECISION.number })
    expect(after.actions.at(-1)).toBe('cancellation-told')
    expect(after.actions).not.toContain('delivered-though-cancelled')
    expect(await papersOfCitizen(copy)).toEqual([])
    const evidence = await desk.office.delivery.evidence(desk.clerk, copy.id)
    const [told] = evidence.filter(({ step }) => step === 'cancel')
    expect(told).toMatchObject({ status: 200 })
    expect(told?.request).toContain(DECISION.number)
    expect(await desk.office.delivery.cancellations(desk.clerk)).toContainEqual(
      expect.objectContaining({ copyId: copy.id, state: 'done' }),
    )
  })

  const accidents: readonly Fault[] = [
    { answer: 'drop', accepted: true, delayMilliseconds: 0 },
    { answer: 'bad-gateway', accepted: false, delayMilliseconds: 0 },
    { answer: 'html', accepted: true, delayMilliseconds: 0 },
  ]
  test.each(accidents)('is told although the portal answers with %o', async fault => {
    const copy = await delivered()
    let first = true
    bench.portal.setFaults(endpoint => {
      if (endpoint !== 'cancel' || !first) return null
      first = false
      return fault
    })
    await cancel(copy)
    await runUntilQuiet()
    expect(first).toBe(false)
    const after = await truth(copy)
    expect(after.portalToldBy).toBe(DECISION.number)
    expect(after.rows).toEqual(['cancel done', 'deliver done'])
  })

  test('waits for a person where the portal knows no such operation, and ends by their word', async () => {
    const copy = await delivered()
    await cancel(copy)
    const without: Fault = { answer: 'not-found', accepted: false, delayMilliseconds: 0 }
    bench.portal.setFaults(endpoint => (endpoint === 'cancel' ? without : null))
    expect(await run()).toMatchObject([{ result: 'needs-person', errorCode: 'cancellation-by-hand' }])
    await expect(desk.office.delivery.toldByHand(desk.signer, copy.id)).rejects.toMatchObject({ code: 'role-missing' })
    await desk.office.delivery.toldByHand(desk.clerk, copy.id)
    await expect(desk.office.delivery.toldByHand(desk.clerk, copy.id)).rejects.toMatchObject({
      code: 'delivery-not-waiting',
    })
    const after = await truth(copy)
    expect(after.rows).toEqual(['cancel done', 'deliver done'])
    expect(after.actions.at(-1)).toBe('cancellation-told-by-hand')
  })

  test('in another way than the one that is set now waits for a person too', async () => {
    const by = createManualPackageAdapter({ directory: folder.file('packages'), clock: () => desk.time.now })
    const copy = await delivered(by)
    await cancel(copy)
    expect(await run()).toMatchObject([{ result: 'needs-person', errorCode: 'cancellation-by-hand' }])
    await desk.office.delivery.toldByHand(desk.clerk, copy.id)
  })

  test('as a package to upload: the package says so to whoever opens it, and a person is asked to tell', async () => {
    const by = createManualPackageAdapter({ directory: folder.file('packages'), clock: () => desk.time.now })
    const copy = await delivered(by)
    await cancel(copy)
    expect(await run(by)).toMatchObject([{ result: 'needs-person', errorCode: 'cancellation-by-hand' }])
    const paper = readFileSync(join(folder.file('packages'), copy.receipt ?? '', '0-DA-HUY-BO.txt'), 'utf8')
    expect(paper).toContain('ĐÃ HỦY BỎ')
    expect(paper).toContain(DECISION.number)
    await desk.office.delivery.toldByHand(desk.clerk, copy.id)
  })
})

test('a package is not made of a copy that is cancelled while it is being written', async () => {
  const packages = folder.file('stopped-packages')
  const copy = await newCopy()
  const by = createManualPackageAdapter({ directory: packages, clock: () => desk.time.now })
  const cancelling: DeliveryAdapter = {
    ...by,
    deliver: (parcel, attempt) =>
      by.deliver(parcel, {
        ...attempt,
        proceed: async () => {
          await cancel(copy)
          await attempt.proceed()
        },
      }),
  }
  expect(await run(cancelling)).toMatchObject([{ result: 'dropped' }])
  expect(await run(by)).toMatchObject([{ copyId: copy.id, result: 'nothing-to-tell' }])
  expect(existsSync(join(packages, `01-2026-SCT-BS-so-${copy.certification?.number}`))).toBe(false)
})

describe('a clock that once ran ahead', () => {
  test('is found before anything is sent, and the delivery goes on when it is right again', async () => {
    const copy = await newCopy()
    const right = desk.time.now
    let asked = 0
    const counting: HttpClient = request => {
      asked += 1
      return ownHttp(request)
    }
    const ahead = new Date(right.getTime() + 1440 * MINUTE)
    desk.time.now = ahead
    await desk.office.requests.receive(desk.officer, requestOf())
    desk.time.now = new Date(right.getTime() + MINUTE)
    expect(await run(adapter(counting))).toMatchObject([{ result: 'later', errorCode: 'clock-went-back' }])
    expect(asked).toBe(0)
    desk.time.now = ahead
    expect(await run()).toMatchObject([{ copyId: copy.id, result: 'delivered' }])
  })

  test('and is set right in the middle of an attempt stops it before the next request', async () => {
    const copy = await newCopy()
    const right = desk.time.now
    const back: HttpClient = async request => {
      const answer = await ownHttp(request)
      if (stepOf(request) === 'NoiHoSo') desk.time.now = new Date(right.getTime() - 10 * MINUTE)
      return answer
    }
    expect(await run(adapter(back))).toMatchObject([{ result: 'later', errorCode: 'clock-went-back' }])
    expect((await truth(copy)).papers).toBe(0)
    desk.time.now = new Date(right.getTime() + MINUTE)
    await runUntilQuiet()
    expect(await truth(copy)).toMatchObject({ papers: 1, state: 'delivered' })
  })
})
