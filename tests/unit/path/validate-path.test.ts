import { describe, expect, it } from 'vitest'
import { objectIdentifier } from '../../../native-signing/der/writer.ts'
import { type AlgorithmUse, type PathInput, type PathResult, validatePath } from '../../../native-signing/path/index.ts'
import {
  days,
  extension,
  extensions,
  generalName,
  issue,
  issueAuthority,
  list,
  NOW,
  nameOf,
  type Party,
  party,
} from './issue.ts'

const root = party('Root')
const middle = party('CA')
const person = party('Nguyễn Văn A')
const rootCertificate = issueAuthority(root, root)
const middleCertificate = issueAuthority(root, middle)
const personCertificate = issue(middle, person)

function judge(target: Uint8Array, options: Partial<PathInput> = {}): PathResult {
  return validatePath({
    target,
    anchors: [rootCertificate],
    intermediates: [middleCertificate],
    at: NOW,
    revocation: 'off',
    ...options,
  })
}
const reasonOf = (...args: Parameters<typeof judge>) => judge(...args).reason

/** Verdict on a person's certificate with these alternative names, below an authority with these constraints. */
function underConstraints(constraints: Buffer, subject: Party, ...names: readonly Buffer[]): PathResult {
  const target = issue(middle, subject, {
    extensions: names.length > 0 ? [extensions.alternativeNames(...names)] : [],
  })
  return judge(target, { intermediates: [issueAuthority(root, middle, constraints)] })
}

describe('what must not be believed', () => {
  it('another authority with the same name', () => {
    const impostor = { ...party('CA'), name: middle.name }
    expect(reasonOf(issue(impostor, person))).toBe('signature-invalid')
    expect(reasonOf(issue(impostor, person), { intermediates: [issueAuthority(impostor, impostor)] })).not.toBeNull()
  })

  it('a self-signed certificate that nobody trusts, and an unknown issuer', () => {
    const other = party('Other')
    expect(reasonOf(issueAuthority(other, other))).toBe('no-path')
    expect(reasonOf(issue(other, person))).toBe('no-path')
    expect(reasonOf(personCertificate, { anchors: [] })).toBe('no-path')
  })

  it("a person's certificate used as an authority's", () => {
    const victim = party('B')
    const target = issue(person, victim)
    expect(reasonOf(target, { intermediates: [middleCertificate, personCertificate] })).toBe('not-authority')
    const noSigning = issue(middle, person, { extensions: [extensions.authority(), extensions.keyUsage(0, 6)] })
    expect(reasonOf(target, { intermediates: [middleCertificate, noSigning] })).toBe('key-usage')
  })

  it('an authority below one whose path length is used up', () => {
    const lower = party('Lower')
    const short = issue(root, middle, { extensions: [extensions.authority(0), extensions.keyUsage(5)] })
    const target = issue(lower, person)
    expect(reasonOf(target, { intermediates: [short, issueAuthority(middle, lower)] })).toBe('path-too-long')
    expect(reasonOf(personCertificate, { intermediates: [short] })).toBeNull()
  })

  it("an anchor's own path length and name constraints hold too", () => {
    const target = issue(middle, person)
    const short = issue(root, root, { extensions: [extensions.authority(0)] })
    expect(reasonOf(target, { anchors: [short] })).toBe('path-too-long')
    const narrow = issueAuthority(root, root, extensions.nameConstraints([generalName.directory(root.name)], []))
    expect(reasonOf(target, { anchors: [narrow] })).toBe('name-not-permitted')
  })

  it('a critical extension that is not understood, wherever it stands', () => {
    const strange = extension('1.3.6.1.4.1.99999.1', Buffer.from([5, 0]), true)
    expect(reasonOf(issue(middle, person, { extensions: [strange] }))).toBe('unknown-critical-extension')
    expect(reasonOf(personCertificate, { intermediates: [issueAuthority(root, middle, strange)] })).toBe(
      'unknown-critical-extension',
    )
  })

  it('a time before or after, to the second', () => {
    expect(reasonOf(personCertificate, { at: new Date(days(0).getTime() - 1000) })).toBe('not-yet-valid')
    expect(reasonOf(personCertificate, { at: days(0) })).toBeNull()
    expect(reasonOf(personCertificate, { at: days(365) })).toBeNull()
    expect(reasonOf(personCertificate, { at: new Date(days(365).getTime() + 1000) })).toBe('expired')
    expect(reasonOf(rootCertificate, { at: days(366) })).toBe('expired')
  })

  it('an algorithm that the caller does not accept', () => {
    const seen: AlgorithmUse[] = []
    const refused = judge(personCertificate, {
      acceptsAlgorithm: use => {
        seen.push(use)
        return false
      },
    })
    expect(refused.reason).toBe('algorithm-refused')
    expect(seen).toContainEqual({ scheme: 'ECDSA', hash: 'sha256', keyBits: null, curve: 'prime256v1' })
  })

  it('bytes that are no certificate are an error, not a verdict', () => {
    expect(() => judge(Buffer.from('no certificate'))).toThrow('certificate-unreadable')
    expect(() => judge(personCertificate, { anchors: [Buffer.alloc(3)] })).toThrow('certificate-unreadable')
  })
})

describe('name constraints', () => {
  const { directory, dns, mail, uri, address, other } = generalName
  const permit = (...bases: readonly Buffer[]) => extensions.nameConstraints(bases, [])
  const exclude = (...bases: readonly Buffer[]) => extensions.nameConstraints([], bases)

  it.each([
    ['host itself', permit(dns('xa-mau.vn')), dns('XA-MAU.vn'), true],
    ['host below', permit(dns('xa-mau.vn')), dns('www.xa-mau.vn'), true],
    ['host that only ends alike', permit(dns('mau.vn')), dns('xa-mau.vn'), false],
    ['excluded host behind a wildcard', exclude(dns('www.xa-mau.vn')), dns('*.xa-mau.vn'), false],
    ['host that is none', exclude(dns('mau.vn')), dns('xa mau.vn'), false],
    ['mailbox', permit(mail('a@xa.vn')), mail('a@XA.vn'), true],
    ['another mailbox', permit(mail('a@xa.vn')), mail('A@xa.vn'), false],
    ['mail of a host', permit(mail('xa.vn')), mail('b@xa.vn'), true],
    ['mail of a host below', permit(mail('xa.vn')), mail('b@mail.xa.vn'), false],
    ['mail of hosts below', permit(mail('.xa.vn')), mail('b@mail.xa.vn'), true],
    ['mail without a host', exclude(mail('xa.vn')), mail('b'), false],
    ['two at signs', exclude(mail('xa.vn')), mail('"x@ok.vn"@xa.vn'), false],
    ['address of a URI', permit(uri('.xa.vn')), uri('https://user@www.xa.vn:8443/a?b=@evil.vn'), true],
    ['URI that hides its host', exclude(uri('evil.vn')), uri('https://good.vn@evil.vn/'), false],
    ['URI with a backslash', permit(uri('good.vn')), uri('https://good.vn\\@evil.vn'), false],
    ['URI without host', exclude(uri('evil.vn')), uri('urn:evil.vn'), false],
    ['URI with an IP address', exclude(uri('evil.vn')), uri('http://10.0.0.1/'), false],
    ['IPv4 inside', permit(address(10, 0, 0, 0, 255, 0, 0, 0)), address(10, 1, 2, 3), true],
    ['IPv4 outside', permit(address(10, 0, 0, 0, 255, 0, 0, 0)), address(11, 1, 2, 3), false],
    [
      'IPv6 where only IPv4 is permitted',
      permit(address(0, 0, 0, 0, 0, 0, 0, 0)),
      address(...Array(16).fill(0)),
      false,
    ],
    ['IPv4 excluded whole', exclude(address(0, 0, 0, 0, 0, 0, 0, 0)), address(1, 2, 3, 4), false],
    ['broken mask', exclude(address(10, 0, 0, 0)), address(1, 2, 3, 4), false],
    ['form that cannot be compared', exclude(other('1.2.3', 'x')), other('1.2.3', 'y'), false],
    ['another form of that kind', exclude(other('1.2.3', 'x')), other('1.2.4', 'y'), true],
    ['form without constraint', permit(dns('xa.vn')), mail('a@b.vn'), true],
  ])('%s', (_, constraints, name, allowed) => {
    expect(underConstraints(constraints, person, name).valid).toBe(allowed)
  })

  it("names below the subject's organisation only, and none that are excluded", () => {
    const unit = [
      ['2.5.4.6', 'VN'],
      ['2.5.4.10', 'Xã Mẫu'],
    ] as const
    const clerk = { ...person, name: nameOf(...unit, ['2.5.4.3', 'B']) }
    expect(underConstraints(permit(directory(nameOf(...unit))), clerk).valid).toBe(true)
    expect(underConstraints(permit(directory(nameOf(...unit))), person).reason).toBe('name-not-permitted')
    expect(underConstraints(exclude(directory(nameOf(['2.5.4.6', 'vn']))), clerk).reason).toBe('name-not-permitted')
  })

  it("a mail address in the subject's name counts, whatever stands beside it", () => {
    const sender = { ...person, name: nameOf(['1.2.840.113549.1.9.1', 'a@evil.vn']) }
    expect(underConstraints(permit(mail('xa.vn')), sender).reason).toBe('name-not-permitted')
    expect(underConstraints(permit(mail('xa.vn')), sender, mail('a@xa.vn')).reason).toBe('name-not-permitted')
  })
})

describe('paths are found', () => {
  it('with keys of every kind, and an anchor given as name and key', () => {
    for (const kind of ['ec', 'rsa', 'rsa-pss', 'ed25519'] as const) {
      const authority = party('Root', kind)
      const target = issue(authority, person)
      const anchors = [{ name: authority.name, publicKeyInfo: authority.publicKeyInfo }]
      expect(reasonOf(target, { anchors })).toBeNull()
      const damaged = Buffer.from(target)
      damaged.writeUInt8(damaged.readUInt8(damaged.length - 1) ^ 1, damaged.length - 1)
      expect(reasonOf(damaged, { anchors })).toBe('signature-invalid')
    }
  })

  it('past an expired issuer certificate to the renewed one, and past unreadable bytes', () => {
    const expired = issue(root, middle, { extensions: [extensions.authority()], notAfter: days(50) })
    const result = judge(personCertificate, { intermediates: [expired, Buffer.from('x'), middleCertificate] })
    expect(result.valid).toBe(true)
    expect(result.path.map(each => Buffer.from(each.der))).toEqual([personCertificate, middleCertificate])
    expect(judge(personCertificate, { intermediates: [expired] })).toMatchObject({ reason: 'expired' })
  })

  it('over a cross certificate to another anchor', () => {
    const other = party('Other root')
    const cross = issueAuthority(other, root)
    const options = {
      anchors: [issueAuthority(other, other)],
      intermediates: [middleCertificate, cross, rootCertificate],
    }
    expect(judge(personCertificate, options).path).toHaveLength(3)
  })

  it('the target may be trusted itself', () => {
    expect(judge(rootCertificate)).toMatchObject({ valid: true, path: [{ der: new Uint8Array(rootCertificate) }] })
  })

  it('authorities that certify each other in every way do not keep us busy', () => {
    const crowd = Array.from({ length: 14 }, (_, index) => party(`CA ${index}`))
    const mesh = crowd.flatMap(one => crowd.filter(other => other !== one).map(other => issueAuthority(one, other)))
    const [first = root] = crowd
    const result = judge(issue(first, person), { intermediates: mesh })
    expect(result.valid).toBe(false)
    expect(result.reason).toBe('too-complex')
  })
})

describe('policies', () => {
  const [gold, silver] = ['1.2.3.1', '1.2.3.2']
  const target = issue(middle, person, { extensions: [extensions.policies(silver)] })

  it('are mapped into the words of the anchor', () => {
    const mapping = issueAuthority(root, middle, extensions.policies(gold), extensions.mappings([gold, silver]))
    const result = judge(target, { intermediates: [mapping], policies: [gold], requireExplicitPolicy: true })
    expect(result).toMatchObject({ valid: true, userPolicies: [gold], authorityPolicies: [gold] })
    const inhibited = { intermediates: [mapping], requireExplicitPolicy: true, inhibitPolicyMapping: true }
    expect(reasonOf(target, inhibited)).toBe('policy')
    expect(reasonOf(target, { intermediates: [mapping], policies: [silver], requireExplicitPolicy: true })).toBe(
      'policy',
    )
  })

  it('anyPolicy may not be mapped', () => {
    const mapping = issueAuthority(root, middle, extensions.mappings([gold, '2.5.29.32.0']))
    expect(reasonOf(target, { intermediates: [mapping] })).toBe('policy-mapping')
  })

  it('mappings made to multiply do not (RFC 9618)', () => {
    const oids = Array.from({ length: 60 }, (_, index) => `1.2.3.${index}`)
    const everyToEvery = oids.flatMap(from => oids.map(to => [from, to] as const))
    const chain = [root, ...Array.from({ length: 12 }, (_, index) => party(`CA ${index}`))]
    const intermediates = chain
      .slice(1)
      .map((subject, index) =>
        issueAuthority(
          chain[index] ?? root,
          subject,
          extensions.policies(...oids),
          extensions.mappings(...everyToEvery),
        ),
      )
    const last = chain.at(-1) ?? root
    const result = judge(issue(last, person, { extensions: [extensions.policies(...oids)] }), {
      intermediates,
      requireExplicitPolicy: true,
    })
    expect(result.valid).toBe(true)
    expect(result.userPolicies).toHaveLength(60)
  })

  it('an object identifier of any length is only a word', () => {
    const long = extension(
      '2.5.29.32',
      Buffer.concat([Buffer.from([0x30, 4, 0x30, 2]), objectIdentifier('1.2').subarray(0, 1), Buffer.alloc(1)]),
    )
    expect(() => judge(issue(middle, person, { extensions: [long] }))).toThrow('certificate-unreadable')
  })
})

it('with revocation required, one list for each issuer is needed', () => {
  const crls = [list(root), list(middle)]
  expect(judge(personCertificate, { revocation: 'required', crls }).valid).toBe(true)
  for (const one of crls) {
    const result = judge(personCertificate, { revocation: 'required', crls: [one] })
    expect(result.reason).toBe('revocation-unknown')
    expect(judge(personCertificate, { revocation: 'if-available', crls: [one] }).valid).toBe(true)
  }
})
