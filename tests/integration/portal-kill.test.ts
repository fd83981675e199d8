import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DeliveryAdapter, Parcel } from '../../electron/portal/adapter.ts'
import { PortalError } from '../../electron/portal/errors.ts'
import type { HttpClient } from '../../native-signing/http/index.ts'
import { deliverUntilDone, openPortalBench, ownHttp, type PortalBench, parcelIn } from './portal-support.ts'

let bench: PortalBench
beforeAll(async () => {
  bench = await openPortalBench()
})
afterAll(() => bench[Symbol.asyncDispose]())

class Killed extends Error {}

const once = { dossiers: 1, papers: 1, state: 9 }

/** Dies at the moments given: each saving and each request is two moments, one before and one after it took effect. */
function mortal(kills: ReadonlySet<number>): { adapter(): DeliveryAdapter; readonly moments: number } {
  let moment = 0
  const pass = () => {
    moment += 1
    if (kills.has(moment)) throw new Killed(`killed at moment ${moment}`)
  }
  const dyingHttp: HttpClient = async request => {
    pass()
    const response = await ownHttp(request)
    pass()
    return response
  }
  return {
    get moments() {
      return moment
    },
    adapter() {
      const inner = bench.adapter({}, dyingHttp)
      return {
        ...inner,
        deliver: (parcel, given) =>
          inner.deliver(parcel, {
            ...given,
            save: async c => {
              pass()
              await given.save(c)
              pass()
            },
          }),
      }
    },
  }
}

function survivable(error: unknown): boolean {
  return error instanceof Killed || (error instanceof PortalError && error.retriable)
}

async function deliverWithKills(
  kills: readonly number[],
): Promise<{ readonly parcel: Parcel; readonly moments: number }> {
  const parcel = parcelIn(bench.folder)
  const process = mortal(new Set(kills))
  await deliverUntilDone(() => process.adapter(), parcel, bench.clock, survivable)
  return { parcel, moments: process.moments }
}

test('killed at any one moment, the delivery goes on and the citizen gets exactly one paper', async () => {
  const { moments } = await deliverWithKills([])
  expect(moments).toBeGreaterThan(30)
  for (let moment = 1; moment <= moments; moment += 1) {
    const { parcel } = await deliverWithKills([moment])
    expect({ moment, ...bench.outcome(parcel) }).toEqual({ moment, ...once })
  }
})

test('killed again and again at any moments, still exactly one paper', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: 80 }), { maxLength: 25 }), async kills => {
      const { parcel } = await deliverWithKills(kills)
      expect(bench.outcome(parcel)).toEqual(once)
    }),
    { numRuns: 60, seed: 20261122 },
  )
})
