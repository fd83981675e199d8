import { describe, expect, it } from 'vitest'
import { ALGORITHM_RULES } from '../../../native-signing/trust/algorithm-rules.ts'
import { readCertificate } from '../../../native-signing/trust/certificate.ts'
import { validatePath } from '../../../native-signing/trust/chain.ts'
import { answer, days, issue, issueAuthority, list, NOW, ocspStatus, party } from '../path/issue.ts'

const root = party('Root')
const middle = party('CA')
const person = party('Nguyễn Văn A')
const rootCertificate = readCertificate(issueAuthority(root, root))
const middleCertificate = readCertificate(issueAuthority(root, middle))
const leaf = readCertificate(issue(middle, person, { serial: 7 }))
const trust = { trustAnchors: [rootCertificate], intermediates: [middleCertificate] }

describe('the verdict in the words of the signature verifier', () => {
  it('path from the leaf to the anchor; an unknown status is said and no problem', () => {
    const verdict = validatePath(leaf, [], trust, NOW)
    expect(verdict).toMatchObject({ problem: null, revokedAt: null, revocationUnknown: true })
    expect(verdict.path.map(({ sha256 }) => sha256)).toEqual(
      [leaf, middleCertificate, rootCertificate].map(({ sha256 }) => sha256),
    )
    const crls = [list(root)]
    const ocsp = [answer(middle, middle, { serial: 7 })]
    expect(validatePath(leaf, [], { ...trust, crls, ocsp }, NOW).revocationUnknown).toBe(false)
  })

  it('a missing issuer, an expired certificate, a revoked one with its day', () => {
    expect(validatePath(leaf, [], { trustAnchors: [rootCertificate] }, NOW).problem).toBe('no-chain')
    expect(validatePath(leaf, [], trust, days(400)).problem).toBe('expired')
    const crls = [list(middle, { revoked: [{ serial: 7, at: days(50) }] })]
    expect(validatePath(leaf, [], { ...trust, crls }, NOW)).toMatchObject({ problem: 'revoked', revokedAt: days(50) })
  })

  it('a revocation after the proven time of signing does not spoil the signature', () => {
    const crls = [list(middle, { revoked: [{ serial: 7, at: days(120) }], thisUpdate: days(150), nextUpdate: null })]
    expect(validatePath(leaf, [], { ...trust, crls }, NOW, days(151)).problem).toBeNull()
    expect(validatePath(leaf, [], { ...trust, crls }, days(130), days(151)).problem).toBe('revoked')
  })

  it('certificates signed in a way that is not relied on, by the rules at the time in question', () => {
    const ended = (day: string) => ({
      ...ALGORITHM_RULES,
      hashes: ALGORITHM_RULES.hashes.map(rule => (rule.name === 'SHA-256' ? { ...rule, until: new Date(day) } : rule)),
    })
    expect(validatePath(leaf, [], { ...trust, algorithms: ended('2000-01-01') }, NOW).problem).toBe(
      'algorithm-too-weak',
    )
    expect(validatePath(leaf, [], { ...trust, algorithms: ended('2100-01-01') }, NOW).problem).toBeNull()
  })

  describe('at a proven time, by rules that have ended since', () => {
    const strongRoot = party('Strong root', 'rsa')
    const weak = party('CA')
    const anchor = readCertificate(issueAuthority(strongRoot, strongRoot))
    const issuer = readCertificate(issueAuthority(strongRoot, weak))
    const signer = readCertificate(issue(weak, person, { serial: 7 }))
    const lower = party('CA below')
    const below = readCertificate(issueAuthority(weak, lower))
    const deep = readCertificate(issue(lower, person, { serial: 8 }))
    // curves were relied on until day 110; signed on day 100, verified on day 151
    const algorithms = {
      ...ALGORITHM_RULES,
      keys: ALGORITHM_RULES.keys.map(rule => (rule.kind === 'EC' ? { ...rule, until: days(110) } : rule)),
    }
    const settings = { trustAnchors: [anchor], intermediates: [issuer, below], algorithms }
    const judged = (certificate: typeof signer, more = {}, knownSince?: () => Date | null) =>
      validatePath(certificate, [], { ...settings, ...more }, NOW, days(151), knownSince)
    const since = (day: number) => () => days(day)

    it("the signer's own certificate existed then; an issuer's only where that is proven", () => {
      expect(judged(signer).problem).toBeNull()
      expect(judged(deep).problem).toBe('algorithm-too-weak')
      expect(judged(deep, {}, since(105)).problem).toBeNull()
      expect(judged(deep, {}, since(111)).problem).toBe('algorithm-too-weak')
    })

    it("so could the signer's have been made later, where the signature does not name it", () => {
      expect(judged(signer, {}, () => null).problem).toBe('algorithm-too-weak')
    })

    it('lists and answers say nothing good without proof that they existed then', () => {
      const crls = [list(weak, { thisUpdate: days(99), nextUpdate: days(106) })]
      const ocsp = [answer(weak, weak, { serial: 7 })]
      for (const more of [{ crls }, { ocsp }, { crls, ocsp }]) {
        expect(judged(signer, more)).toMatchObject({ problem: null, revocationUnknown: true })
        expect(judged(signer, more, since(105))).toMatchObject({ problem: null, revocationUnknown: true })
      }
      const rootList = list(strongRoot, { thisUpdate: days(99), nextUpdate: days(106) })
      const all = { crls: [...crls, rootList], ocsp }
      expect(judged(signer, all)).toMatchObject({ problem: null, revocationUnknown: true })
      expect(judged(signer, all, since(105))).toMatchObject({ problem: null, revocationUnknown: false })
    })

    it('but what they call revoked stays revoked', () => {
      const crls = [list(weak, { revoked: [{ serial: 7, at: days(50) }] })]
      expect(judged(signer, { crls }).problem).toBe('revoked')
      const ocsp = [answer(weak, weak, { serial: 7, status: ocspStatus.revoked(days(50)) })]
      expect(judged(signer, { ocsp }).problem).toBe('revoked')
    })
  })
})
