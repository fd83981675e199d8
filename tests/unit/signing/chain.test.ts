import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../native-signing/trust/certificate.ts'
import { isStrongEnough, validatePath } from '../../../native-signing/trust/chain.ts'
import { answer, days, issue, issueAuthority, list, NOW, party } from '../path/issue.ts'

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

  it('old algorithms are too weak', () => {
    const rsa = { scheme: 'RSA-PKCS1', hash: 'sha256', keyBits: 2048, curve: null } as const
    expect(isStrongEnough(rsa)).toBe(true)
    expect(isStrongEnough({ ...rsa, hash: 'sha1' })).toBe(false)
    expect(isStrongEnough({ ...rsa, keyBits: 1024 })).toBe(false)
    expect(isStrongEnough({ scheme: 'ECDSA', hash: 'sha256', keyBits: null, curve: 'secp192k1' })).toBe(false)
    expect(isStrongEnough({ scheme: 'EdDSA', hash: null, keyBits: null, curve: 'ed25519' })).toBe(true)
  })
})
