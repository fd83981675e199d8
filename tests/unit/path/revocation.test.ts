import { describe, expect, it } from 'vitest'
import { explicit, implicit, integer, namedBits, sequence, yes } from '../../../native-signing/der/writer.ts'
import { type PathInput, type PathResult, validatePath } from '../../../native-signing/path/index.ts'
import {
  answer,
  days,
  extension,
  extensions,
  generalName,
  issue,
  issueAuthority,
  list,
  NOW,
  ocspStatus,
  type Party,
  party,
} from './issue.ts'

const authority = party('CA')
const person = party('Nguyễn Văn A')
const anchor = issueAuthority(authority, authority)
const SERIAL = 7
const certificate = issue(authority, person, { serial: SERIAL })
const HOLD = 6
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'

function judge(options: Partial<PathInput>): PathResult {
  return validatePath({ target: certificate, anchors: [anchor], at: NOW, ...options })
}
const verdict = (options: Partial<PathInput>) => judge(options).reason ?? 'good'
const revokedOn = (day: number, reason?: number) => ({
  revoked: [{ serial: SERIAL, at: days(day), ...(reason === undefined ? {} : { reason }) }],
})

describe('revocation lists', () => {
  it('say revoked, with time and reason', () => {
    const result = judge({ crls: [list(authority, revokedOn(50, 1))] })
    expect(result.reason).toBe('revoked')
    expect(result.revocation).toEqual([{ kind: 'revoked', at: days(50), reason: 1 }])
  })

  it('of somebody else with the same name say nothing', () => {
    const impostor: Party = { ...party('CA'), name: authority.name }
    expect(verdict({ crls: [list(impostor)] })).toBe('revocation-unknown')
    expect(verdict({ crls: [list(impostor)], intermediates: [issueAuthority(impostor, impostor)] })).toBe(
      'revocation-unknown',
    )
  })

  it('signed by a certificate that may not sign lists say nothing', () => {
    const signer: Party = { ...party('CA'), name: authority.name }
    const may = issue(authority, signer, { serial: 90, extensions: [extensions.keyUsage(6)] })
    const mayNot = issue(authority, signer, { serial: 91, extensions: [extensions.keyUsage(0)] })
    expect(verdict({ crls: [list(signer)], intermediates: [mayNot] })).toBe('revocation-unknown')
    expect(verdict({ crls: [list(signer)], intermediates: [may] })).toBe('good')
  })

  it('signed by a certificate that is itself revoked say nothing', () => {
    const signer: Party = { ...party('CA'), name: authority.name }
    const delegate = issue(authority, signer, { serial: 90, extensions: [extensions.keyUsage(6)] })
    const revoked = [{ serial: 90, at: days(10), reason: 1 }]
    const outdated = list(authority, { revoked, thisUpdate: days(20), nextUpdate: days(30) })
    const keyCompromise = extension('2.5.29.28', sequence(implicit(3, namedBits(1).subarray(2))), true)
    const partial = list(authority, { revoked, thisUpdate: days(98), extensions: [keyCompromise] })
    for (const own of [outdated, partial]) {
      // whoever stole the signer's key makes a newer list that calls the signer good
      expect(verdict({ crls: [own, list(signer)], intermediates: [delegate] })).toBe('revocation-unknown')
    }
  })

  it('that are outdated prove nothing good, but what they revoked for ever stays revoked', () => {
    const old = { thisUpdate: days(20), nextUpdate: days(30) }
    expect(verdict({ crls: [list(authority, old)] })).toBe('revocation-unknown')
    expect(verdict({ crls: [list(authority, { ...old, ...revokedOn(15, 1) })], revocation: 'if-available' })).toBe(
      'revoked',
    )
    expect(verdict({ crls: [list(authority, { ...old, ...revokedOn(15, HOLD) })], revocation: 'if-available' })).toBe(
      'good',
    )
  })

  it('from the future, too old by setting, or old without a next update are not used', () => {
    expect(verdict({ crls: [list(authority, { thisUpdate: days(101) })] })).toBe('revocation-unknown')
    expect(verdict({ crls: [list(authority, { thisUpdate: days(97) })], maximumAge: 24 * 3600 * 1000 })).toBe(
      'revocation-unknown',
    )
    expect(verdict({ crls: [list(authority, { thisUpdate: days(92), nextUpdate: null })] })).toBe('revocation-unknown')
    expect(verdict({ crls: [list(authority, { thisUpdate: days(94), nextUpdate: null })] })).toBe('good')
  })

  it('the newest counts, whatever order they come in', () => {
    const held = list(authority, { ...revokedOn(95, HOLD), thisUpdate: days(96) })
    const released = list(authority, { thisUpdate: days(99) })
    expect(verdict({ crls: [held, released] })).toBe('good')
    expect(verdict({ crls: [released, held] })).toBe('good')
    const heldAgain = list(authority, { ...revokedOn(99, HOLD), thisUpdate: days(99) })
    expect(verdict({ crls: [list(authority, { thisUpdate: days(96) }), heldAgain] })).toBe('revoked')
  })

  it('the newest counts also where an older one belongs to the distribution point', () => {
    const name = explicit(0, explicit(0, generalName.uri('http://lists.example/part.crl')))
    const target = issue(authority, person, {
      serial: 8,
      extensions: [extension('2.5.29.31', sequence(sequence(name)))],
    })
    const part = list(authority, { thisUpdate: days(98), extensions: [extension('2.5.29.28', sequence(name), true)] })
    const whole = list(authority, { revoked: [{ serial: 8, at: days(99) }], thisUpdate: days(99) })
    expect(verdict({ target, crls: [part] })).toBe('good')
    expect(verdict({ target, crls: [part, whole] })).toBe('revoked')
  })

  it('made since tell of a time that lies in the past', () => {
    const since = { thisUpdate: days(150), nextUpdate: days(157) }
    const later = { now: days(151) }
    expect(verdict({ crls: [list(authority, since)] })).toBe('revocation-unknown')
    expect(verdict({ ...later, crls: [list(authority, since)] })).toBe('good')
    expect(verdict({ ...later, crls: [list(authority, { ...since, ...revokedOn(99) })] })).toBe('revoked')
    expect(verdict({ ...later, crls: [list(authority, { ...since, ...revokedOn(101) })] })).toBe('good')
    const heldThen = list(authority, { ...revokedOn(98, HOLD), thisUpdate: days(99) })
    expect(verdict({ ...later, crls: [list(authority, since), heldThen] })).toBe('revoked')
  })

  it('made after the certificate expired may have forgotten it', () => {
    const wise = party('CA old')
    const long = issue(wise, wise, { extensions: [extensions.authority()], notAfter: days(3650) })
    const late = { thisUpdate: days(400), nextUpdate: days(407) }
    const question = { target: issue(wise, person, { serial: SERIAL }), anchors: [long], now: days(401) }
    expect(verdict({ ...question, crls: [list(wise, late)] })).toBe('revocation-unknown')
    const keeps = extension('2.5.29.60', Buffer.from('180f32303235303130313030303030305a', 'hex'))
    expect(verdict({ ...question, crls: [list(wise, { ...late, extensions: [keeps] })] })).toBe('good')
    expect(verdict({ ...question, crls: [list(wise, { ...late, ...revokedOn(90) })] })).toBe('revoked')
  })

  it('for some reasons only have to be complete together', () => {
    const scope = (...bits: readonly number[]) => {
      const flags = namedBits(...bits)
      return [extension('2.5.29.28', sequence(implicit(3, flags.subarray(2))), true)]
    }
    const some = list(authority, { extensions: scope(1, 2) })
    const rest = list(authority, { extensions: scope(3, 4, 5, 6, 7, 8) })
    expect(verdict({ crls: [some] })).toBe('revocation-unknown')
    expect(verdict({ crls: [some, rest] })).toBe('good')
  })

  it('a delta that does not fit its base is passed over', () => {
    const number = (value: number) => extension('2.5.29.20', integer(value))
    const base = list(authority, { extensions: [number(5)] })
    const delta = (from: number, to: number) =>
      list(authority, { ...revokedOn(99), extensions: [number(to), extension('2.5.29.27', integer(from), true)] })
    expect(verdict({ crls: [base, delta(5, 6)] })).toBe('revoked')
    expect(verdict({ crls: [base, delta(6, 7)] })).toBe('good')
    expect(verdict({ crls: [base, delta(3, 4)] })).toBe('good')
    expect(verdict({ crls: [delta(5, 6)] })).toBe('revocation-unknown')
  })

  it('entries of another issuer count in indirect lists alone', () => {
    const entryIssuer = extension('2.5.29.29', sequence(generalName.directory(person.name)), true)
    const scope = extension('2.5.29.28', sequence(implicit(4, yes.subarray(2))), true)
    expect(verdict({ crls: [list(authority, { extensions: [entryIssuer] })] })).toBe('revocation-unknown')
    expect(verdict({ crls: [list(authority, { extensions: [scope] })] })).toBe('good')
  })

  it('with bytes after the end, or a scope of two kinds, are no lists', () => {
    const both = sequence(implicit(1, yes.subarray(2)), implicit(2, yes.subarray(2)))
    expect(verdict({ crls: [list(authority, { extensions: [extension('2.5.29.28', both, true)] })] })).toBe(
      'revocation-unknown',
    )
    expect(verdict({ crls: [Buffer.concat([list(authority), Buffer.alloc(1)])] })).toBe('revocation-unknown')
  })
})

describe('OCSP answers', () => {
  const responder = party('Responder')
  const delegate = (...more: readonly Buffer[]) =>
    issue(authority, responder, { serial: 80, extensions: [extensions.purpose(OCSP_SIGNING), ...more] })

  it('of the issuer count, by SHA-1 and SHA-256', () => {
    for (const hash of ['sha1', 'sha256'] as const)
      expect(verdict({ ocsp: [answer(authority, authority, { serial: SERIAL, hash })] })).toBe('good')
    expect(
      verdict({ ocsp: [answer(authority, authority, { serial: SERIAL, status: ocspStatus.revoked(days(9)) })] }),
    ).toBe('revoked')
    expect(verdict({ ocsp: [answer(authority, authority, { serial: SERIAL, status: ocspStatus.unknown })] })).toBe(
      'revocation-unknown',
    )
  })

  it('about another serial number or of another issuer say nothing', () => {
    expect(verdict({ ocsp: [answer(authority, authority, { serial: 8 })] })).toBe('revocation-unknown')
    const impostor: Party = { ...party('CA'), name: authority.name }
    expect(verdict({ ocsp: [answer(impostor, authority, { serial: SERIAL })] })).toBe('revocation-unknown')
    expect(verdict({ ocsp: [answer(authority, impostor, { serial: SERIAL })] })).toBe('revocation-unknown')
  })

  it('of a responder count when the issuer itself gave it the right, and not otherwise', () => {
    const by = (...certificates: readonly Buffer[]) => [answer(authority, responder, { serial: SERIAL, certificates })]
    expect(verdict({ ocsp: by(delegate()) })).toBe('good')
    expect(verdict({ ocsp: by(), intermediates: [delegate()] })).toBe('good')
    expect(verdict({ ocsp: by() })).toBe('revocation-unknown')
    expect(verdict({ ocsp: by(issue(authority, responder)) })).toBe('revocation-unknown')
    const any = issue(authority, responder, { extensions: [extensions.purpose('2.5.29.37.0')] })
    expect(verdict({ ocsp: by(any) })).toBe('revocation-unknown')
    const stranger = issue(person, responder, { extensions: [extensions.purpose(OCSP_SIGNING)] })
    expect(verdict({ ocsp: by(stranger) })).toBe('revocation-unknown')
    const expired = issue(authority, responder, {
      extensions: [extensions.purpose(OCSP_SIGNING)],
      notAfter: days(90),
    })
    expect(verdict({ ocsp: by(expired) })).toBe('revocation-unknown')
  })

  it('of a revoked responder say nothing, unless its issuer vouches for it', () => {
    const by = (certificate: Buffer) => [answer(authority, responder, { serial: SERIAL, certificates: [certificate] })]
    // outdated, so that it says nothing good about the person either
    const crls = [
      list(authority, { revoked: [{ serial: 80, at: days(20) }], thisUpdate: days(20), nextUpdate: days(30) }),
    ]
    expect(verdict({ crls, ocsp: by(delegate()) })).toBe('revocation-unknown')
    expect(verdict({ crls, ocsp: by(delegate(extensions.noCheck)) })).toBe('good')
  })

  it('with another nonce than asked for are not used', () => {
    const nonce = Buffer.from('0401aa', 'hex')
    const ocsp = (bytes: string) => [answer(authority, authority, { serial: SERIAL, nonce: Buffer.from(bytes, 'hex') })]
    expect(verdict({ ocspNonce: nonce, ocsp: ocsp('aa') })).toBe('good')
    expect(verdict({ ocspNonce: nonce, ocsp: ocsp('bb') })).toBe('revocation-unknown')
    expect(verdict({ ocspNonce: nonce, ocsp: [answer(authority, authority, { serial: SERIAL })] })).toBe('good')
  })

  it('and lists together: who is revoked by one is revoked', () => {
    const good = answer(authority, authority, { serial: SERIAL })
    expect(verdict({ ocsp: [good], crls: [list(authority, revokedOn(99))] })).toBe('revoked')
    const bad = answer(authority, authority, { serial: SERIAL, status: ocspStatus.revoked(days(9)) })
    expect(verdict({ ocsp: [good, bad], crls: [list(authority)] })).toBe('revoked')
  })

  it('made since tell of a time that lies in the past', () => {
    const since = { serial: SERIAL, thisUpdate: days(150), nextUpdate: null }
    expect(verdict({ now: days(151), ocsp: [answer(authority, authority, since)] })).toBe('good')
    const later = { ...since, status: ocspStatus.revoked(days(120)) }
    expect(verdict({ now: days(151), ocsp: [answer(authority, authority, later)] })).toBe('good')
    const before = { ...since, status: ocspStatus.revoked(days(99)) }
    expect(verdict({ now: days(151), ocsp: [answer(authority, authority, before)] })).toBe('revoked')
  })

  it('that the responder refused say nothing', () => {
    const refused = sequence(Buffer.from([0x0a, 1, 3]))
    expect(verdict({ ocsp: [refused, explicit(0)] })).toBe('revocation-unknown')
  })
})
