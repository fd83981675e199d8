import { describe, expect, it } from 'vitest'
import { requireSealed, requireSigned } from '../../../electron/office/signing/checks.ts'
import type { Certificate, SignatureVerdict, VerificationReport } from '../../../native-signing/types.ts'

const certificate = (sha256: string): Certificate => ({
  der: new Uint8Array(),
  sha256,
  subject: '',
  commonName: '',
  issuer: '',
  serialNumber: '',
  notBefore: new Date(0),
  notAfter: new Date(0),
})

const signature: SignatureVerdict = {
  field: 'ChuKy',
  kind: 'signature',
  signer: certificate('signer'),
  signerName: 'Nguyễn Văn An (mẫu)',
  claimedTime: null,
  provenTime: new Date(0),
  level: 'B-T',
  integrity: 'intact',
  coverage: 'whole-file',
  changesAfter: 'none',
  changes: [],
  indication: 'TOTAL-PASSED',
  subIndication: null,
  messages: [],
  revisionEnd: 1000,
}
const under = { ...signature, coverage: 'whole-revision', changesAfter: 'permitted' } as const
const seal: SignatureVerdict = { ...signature, field: 'ConDau', signer: certificate('office'), revisionEnd: 2000 }
const report = (...signatures: SignatureVerdict[]): VerificationReport => ({ file: 'x.pdf', valid: true, signatures })
const refused = (code: string, check?: string) =>
  expect.objectContaining(check === undefined ? { code } : { code, parameters: expect.objectContaining({ check }) })

describe('a signed file is refused', () => {
  const cases: readonly (readonly [string, VerificationReport, unknown])[] = [
    ['without a signature', report(), refused('signed-file-wrong', 'count')],
    ['with a second signature', report(under, seal), refused('signed-file-wrong', 'count')],
    [
      'with a time stamp instead',
      report({ ...signature, kind: 'document-timestamp' }),
      refused('signed-file-wrong', 'field'),
    ],
    ['signed in another field', report({ ...signature, field: 'Khac' }), refused('signed-file-wrong', 'field')],
    [
      'by somebody else',
      report({ ...signature, signer: certificate('other') }),
      refused('signed-file-wrong', 'certificate'),
    ],
    [
      'without a readable certificate',
      report({ ...signature, signer: null }),
      refused('signed-file-wrong', 'certificate'),
    ],
    ['with something appended', report(under), refused('signed-file-wrong', 'coverage')],
    ['covered in part', report({ ...signature, coverage: 'partial' }), refused('signed-file-wrong', 'coverage')],
    ['when broken', report({ ...signature, integrity: 'broken' }), refused('signature-not-valid')],
    ['when undecided', report({ ...signature, indication: 'INDETERMINATE' }), refused('signature-not-valid')],
    ['when the whole is not valid', { ...report(signature), valid: false }, refused('signature-not-valid')],
    ['of a lower level than promised', report({ ...signature, level: 'B-B' }), refused('timestamp-missing')],
    ['without a proven time', report({ ...signature, provenTime: null }), refused('timestamp-missing')],
  ]
  it.each(cases)('%s', (_name, each, error) => {
    expect(() => requireSigned(each, 'signer', 'B-T')).toThrow(error)
  })
})

describe('a sealed file is refused', () => {
  const cases: readonly (readonly [string, VerificationReport, unknown])[] = [
    ['without the signer’s signature', report(seal), refused('signed-file-wrong', 'count')],
    [
      'when the seal came first',
      report({ ...seal, revisionEnd: 500 }, { ...signature, revisionEnd: 1000 }),
      refused('signed-file-wrong', 'field'),
    ],
    ['with two seals', report({ ...seal, revisionEnd: 500 }, seal), refused('signed-file-wrong', 'field')],
    ['by another office', report(under, { ...seal, signer: certificate('other') }), refused('signed-file-wrong')],
    [
      'when the signature was changed',
      report({ ...under, changesAfter: 'forbidden' }, seal),
      refused('signature-not-valid'),
    ],
    [
      'when the signature was revoked',
      report({ ...under, indication: 'TOTAL-FAILED' }, seal),
      refused('signature-not-valid'),
    ],
    ['when the seal is of a lower level', report(under, { ...seal, level: 'B-B' }), refused('timestamp-missing')],
    ['when the signature under it is', report({ ...under, level: 'B-B' }, seal), refused('timestamp-missing')],
    ['in the same revision', report(under, { ...seal, revisionEnd: 1000 }), refused('signed-file-wrong', 'order')],
    [
      'with something appended',
      report(under, { ...seal, coverage: 'whole-revision' }),
      refused('signed-file-wrong', 'coverage'),
    ],
  ]
  it.each(cases)('%s', (_name, each, error) => {
    expect(() => requireSealed(each, 'signer', 'office', 'B-T')).toThrow(error)
  })
})

it('of a practice office may be without time-stamps', () => {
  const [bare, bareSeal] = [under, seal].map(each => ({ ...each, level: 'B-B', provenTime: null }) as const)
  if (!bare || !bareSeal) throw new Error('no signatures')
  requireSealed(report(bare, bareSeal), 'signer', 'office', 'B-B')
})

it('passes what is right, in whatever order it is listed', () => {
  requireSigned(report(signature), 'signer', 'B-T')
  requireSealed(report(under, seal), 'signer', 'office', 'B-T')
  requireSealed(report(seal, under), 'signer', 'office', 'B-T')
})
