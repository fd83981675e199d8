import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CopyAction, stepOf } from '../../../electron/office/copies/state.ts'
import type { CopyState, Role } from '../../../electron/office/types.ts'
import { COPY_STATES } from '../../../electron/office/types.ts'

const ACTIONS: readonly CopyAction[] = ['submit', 'return', 'sign', 'seal', 'deliver', 'refuse', 'withdraw', 'cancel']
const HANDS: readonly (Role | 'program')[] = ['officer', 'signer', 'clerk', 'admin', 'program']

const state = fc.constantFrom(...COPY_STATES)
const action = fc.constantFrom(...ACTIONS)
const hands = fc.subarray([...HANDS])

/** The whole table, written a second time from the design, so that a slip in the code is not repeated here. */
const ALLOWED: ReadonlyMap<string, CopyState> = new Map([
  ['officer submit draft', 'submitted'],
  ['signer return submitted', 'draft'],
  ['clerk return signed', 'draft'],
  ['signer sign submitted', 'signed'],
  ['clerk seal signed', 'sealed'],
  ['program deliver sealed', 'delivered'],
  ['officer refuse draft', 'refused'],
  ['signer refuse draft', 'refused'],
  ['officer refuse submitted', 'refused'],
  ['signer refuse submitted', 'refused'],
  ['officer withdraw draft', 'withdrawn'],
  ['officer withdraw submitted', 'withdrawn'],
  ['signer cancel sealed', 'cancelled'],
  ['signer cancel delivered', 'cancelled'],
])

describe('life of a copy', () => {
  it('allows exactly the steps of the design, for every hand, action and state', () => {
    for (const hand of HANDS) {
      for (const each of ACTIONS) {
        for (const from of COPY_STATES) {
          const step = stepOf(from, each, [hand])
          const expected = ALLOWED.get(`${hand} ${each} ${from}`)
          expect([hand, each, from, step.allowed ? step.to : null]).toEqual([hand, each, from, expected ?? null])
        }
      }
    }
  })

  it('never lets anything out of an end state', () => {
    fc.assert(
      fc.property(fc.constantFrom<CopyState>('cancelled', 'refused', 'withdrawn'), action, hands, (from, each, by) => {
        expect(stepOf(from, each, by).allowed).toBe(false)
      }),
    )
  })

  it('never brings a sealed copy back to where it could be changed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<CopyState>('sealed', 'delivered'),
        fc.array(fc.tuple(action, hands)),
        (from, walk) => {
          let at = from
          for (const [each, by] of walk) {
            const step = stepOf(at, each, by)
            if (step.allowed) at = step.to
          }
          expect(['sealed', 'delivered', 'cancelled']).toContain(at)
        },
      ),
    )
  })

  it('reaches the seal only over the signature, whatever is tried', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(action, hands), { maxLength: 60 }), walk => {
        let at: CopyState = 'draft'
        let signed = false
        for (const [each, by] of walk) {
          const step = stepOf(at, each, by)
          if (!step.allowed) continue
          if (each === 'sign') signed = true
          if (each === 'return') signed = false
          if (each === 'seal') expect(signed).toBe(true)
          at = step.to
        }
      }),
    )
  })

  it('gives more roles no fewer steps', () => {
    fc.assert(
      fc.property(state, action, hands, hands, (from, each, by, further) => {
        if (stepOf(from, each, by).allowed) expect(stepOf(from, each, [...by, ...further]).allowed).toBe(true)
      }),
    )
  })

  it('tells a missing role from a wrong moment', () => {
    expect(stepOf('draft', 'seal', ['clerk'])).toEqual({ allowed: false, because: 'state' })
    expect(stepOf('draft', 'seal', ['officer'])).toEqual({ allowed: false, because: 'role' })
    expect(stepOf('signed', 'seal', ['signer'])).toEqual({ allowed: false, because: 'role' })
  })
})
