import { describe, expect, test } from 'vitest'
import type { ChangeItem, SignatureItem, VerificationItem } from '../../../electron/api/contract/verify.ts'
import { revisionsOf } from '../../../renderer/verify/revisions.ts'

const change = (text: string): ChangeItem => ({
  ...{ kind: 'signature-added', text, judged: 'permitted', page: 1, rectangle: null },
})

const signature = (signerName: string, revisionEnd: number, more: Partial<SignatureItem> = {}): SignatureItem => ({
  ...{ field: signerName, kind: 'signature', role: null, signerName, certificate: null, claimedTime: null },
  ...{ provenTime: null, level: null, integrity: 'intact', coverage: 'whole-revision', changesAfter: 'none' },
  ...{ changes: [], indication: 'TOTAL-PASSED', subIndication: null, messages: [], revisionEnd },
  ...more,
})

const verified = (...signatures: SignatureItem[]): VerificationItem => ({
  ...{ fileName: 'x.pdf', verdict: 'valid', valid: true, copy: null, signatures },
})

const [seal, note] = [change('seal'), change('note')]

describe('the states of a file that can be looked at', () => {
  test('each signature, oldest first, with what had been changed by then', () => {
    const first = signature('An', 100, { changes: [seal] })
    const last = signature('UBND', 200, { coverage: 'whole-file' })
    expect(revisionsOf(verified(last, first))).toEqual([
      { end: 100, signature: first, changes: [] },
      { end: 200, signature: last, changes: [seal] },
    ])
  })

  test('and the file as it is now, where something came after the last signature', () => {
    const first = signature('An', 100, { changes: [seal, note] })
    const last = signature('UBND', 200, { changes: [note] })
    expect(revisionsOf(verified(first, last)).map(({ end, changes }) => [end, changes])).toEqual([
      [100, []],
      [200, [seal]],
      [null, [seal, note]],
    ])
  })

  test('a signature that does not cover its state has none; a file without signatures has one', () => {
    const broken = signature('?', 50, { coverage: 'partial' })
    expect(revisionsOf(verified(broken))).toEqual([{ end: null, signature: null, changes: [] }])
    expect(revisionsOf(verified())).toHaveLength(1)
  })
})
