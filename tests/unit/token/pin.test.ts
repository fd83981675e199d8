import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SigningError } from '../../../native-signing/errors.ts'
import { checkBeforeLogin, judgeFailedLogin, pinState, tokenFlag } from '../../../native-signing/token/pin.ts'
import { returnCode } from '../../../native-signing/token/return-codes.ts'
import type { PinState } from '../../../native-signing/types.ts'

const set = tokenFlag.userPinInitialized
const low = set | tokenFlag.userPinCountLow
const final = low | tokenFlag.userPinFinalTry
const locked = final | tokenFlag.userPinLocked
const generalError = 5

const token = (state: PinState, more: object = {}) => ({
  ...{ label: 'Thẻ (mẫu)', pinState: state, minimumPinLength: 6, maximumPinLength: 16, pinPad: false },
  ...more,
})
const pin = (length: number) => new Uint8Array(length).fill(0x31)

function codeOf(work: () => void): string | null {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof SigningError) return error.code
    throw error
  }
}

describe('before a login', () => {
  test('a locked token is never tried, not even with a yes', () => {
    expect(codeOf(() => checkBeforeLogin(token('locked'), pin(6), true))).toBe('pin-locked')
  })

  test('the last try is refused without a yes, and only without it', () => {
    expect(codeOf(() => checkBeforeLogin(token('final-try'), pin(6), false))).toBe('pin-last-try')
    expect(codeOf(() => checkBeforeLogin(token('final-try'), pin(6), true))).toBeNull()
  })

  test('a PIN that cannot be right is refused before the question of the last try', () => {
    expect(codeOf(() => checkBeforeLogin(token('final-try'), pin(5), false))).toBe('pin-length')
    expect(codeOf(() => checkBeforeLogin(token('ok'), pin(17), false))).toBe('pin-length')
    expect(codeOf(() => checkBeforeLogin(token('ok'), null, false))).toBe('pin-length')
    expect(codeOf(() => checkBeforeLogin(token('ok', { pinPad: true }), null, false))).toBeNull()
  })

  test('limits that contradict themselves hold nobody up', () => {
    for (const limits of [
      { minimumPinLength: 0, maximumPinLength: 0 },
      { minimumPinLength: 16, maximumPinLength: 4 },
      { minimumPinLength: 0, maximumPinLength: 0xffffffff },
    ]) {
      expect(codeOf(() => checkBeforeLogin(token('ok', limits), pin(8), false))).toBeNull()
      expect(codeOf(() => checkBeforeLogin(token('ok', limits), pin(0), false))).toBe('pin-length')
    }
  })
})

describe('state of the PIN', () => {
  test('flags, worst first', () => {
    expect([set, low, final, locked, 0].map(flags => pinState(flags))).toEqual([
      'ok',
      'count-low',
      'final-try',
      'locked',
      'not-set',
    ])
  })

  test('our own count can only make it worse, and never says locked', () => {
    const order: readonly PinState[] = ['ok', 'count-low', 'final-try', 'locked', 'not-set']
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), fc.nat(20), (flags, failures) => {
        const [byFlags, byBoth] = [pinState(flags), pinState(flags, failures)]
        expect(order.indexOf(byBoth)).toBeGreaterThanOrEqual(order.indexOf(byFlags))
        if (byFlags !== 'locked') expect(byBoth).not.toBe('locked')
        if (failures >= 2) expect(['ok', 'count-low']).not.toContain(byBoth)
      }),
    )
  })
})

describe('after a refused login', () => {
  const judge = (code: number | null, flagsBefore: number | null, flagsAfter: number | null, failures = 0) =>
    judgeFailedLogin({ returnCode: code, flagsBefore, flagsAfter }, failures)

  test('wrong and now locked are told apart by the flags read again', () => {
    expect(judge(returnCode.pinIncorrect, final, locked).error.code).toBe('pin-locked')
    expect(judge(returnCode.pinIncorrect, low, final).error).toMatchObject({ parameters: { state: 'final-try' } })
    expect(judge(returnCode.pinLocked, set, null).error.code).toBe('pin-locked')
  })

  test('CKR_GENERAL_ERROR is a wrong PIN only where the flags went up', () => {
    expect(judge(generalError, set, low).error.code).toBe('pin-incorrect')
    expect(judge(generalError, low, low).error.code).toBe('token-failed')
    expect(judge(generalError, null, low).error.code).toBe('token-failed')
    expect(judge(generalError, low, low).mayHaveCostTry).toBe(true)
  })

  test('cancelled, removed and PIN not set cost no try', () => {
    for (const code of [returnCode.functionCanceled, returnCode.deviceRemoved, returnCode.userPinNotInitialized]) {
      expect(judge(code, set, set).mayHaveCostTry).toBe(false)
    }
  })

  test('whatever comes, it is an error of ours, and "incorrect" is never said of a locked token', () => {
    const flags = fc.option(fc.integer({ min: 0, max: 0xffffff }))
    fc.assert(
      fc.property(fc.option(fc.nat(0x400)), flags, flags, fc.nat(5), (code, before, after, failures) => {
        const { error } = judge(code, before, after, failures)
        expect(error).toBeInstanceOf(SigningError)
        if (after !== null && after & tokenFlag.userPinLocked) expect(error.code).toBe('pin-locked')
      }),
    )
  })
})
