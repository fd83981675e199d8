import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DerError, readDer } from '../../../native-signing/der/reader.ts'
import {
  element,
  explicit,
  integer,
  objectIdentifier,
  sequence,
  utf8String,
} from '../../../native-signing/der/writer.ts'
import { SigningError } from '../../../native-signing/errors.ts'
import { checkRevocation, validatePath } from '../../../native-signing/path/index.ts'
import { answer, days, extension, extensions, generalName, issue, issueAuthority, list, NOW, party } from './issue.ts'

const root = party('Root')
const middle = party('CA')
const person = party('Nguyễn Văn A')
const responder = party('Responder')
const anchor = issueAuthority(root, root)
const everything = [
  extensions.policies('1.2.3.1', '2.5.29.32.0'),
  extensions.alternativeNames(generalName.mail('a@xa.vn'), generalName.dns('xa.vn'), generalName.address(10, 0, 0, 1)),
  extensions.keyUsage(0, 1),
  extensions.purpose('1.3.6.1.5.5.7.3.4'),
]
const authority = issueAuthority(
  root,
  middle,
  extensions.policies('1.2.3.9', '2.5.29.32.0'),
  extensions.mappings(['1.2.3.9', '1.2.3.1']),
  extensions.nameConstraints([generalName.mail('xa.vn')], [generalName.dns('evil.vn')]),
  extension('2.5.29.36', Buffer.from('3006800105810105', 'hex')),
)
const target = issue(middle, person, { serial: 7, extensions: everything })
const delegate = issue(middle, responder, { extensions: [extensions.purpose('1.3.6.1.5.5.7.3.9')] })
const rootList = list(root)
const middleList = list(middle, { revoked: [{ serial: 9, at: days(3), reason: 1 }] })
const response = answer(middle, responder, { serial: 7, certificates: [delegate] })

const parts = { target, anchor, authority, rootList, middleList, response }
type Part = keyof typeof parts

const judge = (given: Readonly<Record<Part, Uint8Array>>) =>
  validatePath({
    target: given.target,
    anchors: [given.anchor],
    intermediates: [given.authority],
    crls: [given.rootList, given.middleList],
    ocsp: [given.response],
    at: NOW,
  })

/** Changes of bytes: set, cut out, doubled. */
const mutation = fc.record({
  kind: fc.constantFrom('set', 'cut', 'double'),
  at: fc.double({ min: 0, max: 0.999, noNaN: true }),
  length: fc.integer({ min: 1, max: 40 }),
  byte: fc.integer({ min: 0, max: 255 }),
})

function mutate(
  bytes: Uint8Array,
  { kind, at, length, byte }: { kind: string; at: number; length: number; byte: number },
) {
  const start = Math.floor(at * bytes.length)
  const [before, piece, after] = [
    bytes.subarray(0, start),
    bytes.subarray(start, start + length),
    bytes.subarray(start + length),
  ]
  if (kind === 'cut') return Buffer.concat([before, after])
  if (kind === 'double') return Buffer.concat([before, piece, piece, after])
  return Buffer.concat([before, Buffer.from([byte]), bytes.subarray(start + 1)])
}

describe('hostile bytes', () => {
  it('the set that is about to be damaged is valid', () => {
    expect(judge(parts)).toMatchObject({ valid: true, userPolicies: ['1.2.3.9', '2.5.29.32.0'] })
  })

  it('a damaged certificate, list or answer is never believed and never crashes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(['target', 'authority', 'rootList', 'middleList', 'response'] as const)),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (part, mutations) => {
          const damaged = mutations.reduce(mutate, Buffer.from(parts[part]))
          fc.pre(!damaged.equals(parts[part]))
          try {
            const result = judge({ ...parts, [part]: damaged })
            // without the answer there is still the list, and the other way round
            const spare = part === 'response' || part === 'middleList'
            if (!spare) expect(result.valid).toBe(false)
          } catch (error) {
            expect(error).toBeInstanceOf(SigningError)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('a damaged answer or list alone never gives a status', () => {
    fc.assert(
      fc.property(fc.constantFrom('list', 'answer'), mutation, (kind, change) => {
        const damaged = mutate(kind === 'list' ? middleList : response, change)
        fc.pre(!damaged.equals(kind === 'list' ? middleList : response))
        const question = { path: [target, authority] as const, at: NOW }
        const status = checkRevocation({
          ...question,
          ...(kind === 'list' ? { crls: [damaged] } : { ocsp: [damaged] }),
        })
        // the responder's certificate travels unsigned: damage to unused bytes of it may be harmless, but then it says good truly
        if (kind === 'list') expect(status.kind).toBe('unknown')
        else expect(status.kind).not.toBe('revoked')
      }),
      { numRuns: 500 },
    )
  })

  it('a distribution point with a damaged relative name is seen when it is read, not when it is used', () => {
    const names = [explicit(1, sequence(objectIdentifier('2.5.4.3'), utf8String('x'))), explicit(1, element(0xa4))]
    for (const [index, name] of names.entries()) {
      const point = extension('2.5.29.31', sequence(sequence(explicit(0, name))))
      const damaged = issue(middle, person, { extensions: [point] })
      if (index === 0) expect(judge({ ...parts, target: damaged }).valid).toBe(true)
      else expect(() => judge({ ...parts, target: damaged })).toThrow(SigningError)
      const scope = extension('2.5.29.28', sequence(explicit(0, name)), true)
      expect(judge({ ...parts, rootList: list(root, { extensions: [scope] }) }).reason).toBe('revocation-unknown')
    }
  })

  it('random bytes are typed errors', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(() => judge({ ...parts, target: bytes })).toThrow(SigningError)
      }),
    )
  })

  it('nesting without end is no trouble', () => {
    let deep: Buffer = Buffer.alloc(0)
    for (let level = 0; level < 5000; level++) deep = element(0x30, deep)
    expect(() => judge({ ...parts, target: deep })).toThrow(SigningError)
  })

  it('a list with very many entries is read and searched', () => {
    const revoked = Array.from({ length: 20_000 }, (_, index) => ({ serial: 1000 + index, at: days(1) }))
    const crls = [list(middle, { revoked })]
    const path = (serial: number) => [issue(middle, person, { serial }), authority] as const
    expect(checkRevocation({ path: path(1000 + 19_999), crls, at: NOW }).kind).toBe('revoked')
    expect(checkRevocation({ path: path(7), crls, at: NOW }).kind).toBe('good')
  })
})

describe('DER is read strictly', () => {
  it.each([
    ['indefinite length', '3080050000 00'],
    ['length in more bytes than needed', '308100'],
    ['length with a leading zero', '30820001 00'],
    ['more than there is', '300205'],
    ['something behind', '300000'],
    ['long tags', '1f8101 00'],
    ['nothing', ''],
  ])('%s is refused', (_, hex) => {
    expect(() => readDer(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toThrow(DerError)
  })

  it.each(['20260230120000Z', '2026013012000Z', '20260130120000.5Z', '20260130120000+0700', '20261330120000Z'])(
    'the time %s is refused',
    text => {
      expect(() => readDer(element(0x18, Buffer.from(text))).time).toThrow(DerError)
    },
  )

  it('two-digit years turn at 1950', () => {
    const year = (text: string) => readDer(element(0x17, Buffer.from(text))).time.getUTCFullYear()
    expect([year('491231235959Z'), year('500101000000Z')]).toEqual([2049, 1950])
  })

  it('object identifiers and numbers of any size come back as they were written', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 }),
        fc.integer({ min: 0, max: 39 }),
        fc.array(fc.nat(2 ** 31 - 1), { maxLength: 8 }),
        (first, second, rest) => {
          const dotted = [first, second, ...rest].join('.')
          expect(readDer(objectIdentifier(dotted)).objectIdentifier).toBe(dotted)
        },
      ),
    )
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), value => {
        const read = readDer(integer(value))
        expect([read.smallInteger, read.bigInteger]).toEqual([value, BigInt(value)])
      }),
    )
    const uuid = Buffer.from('06136983b7f5a5d1e0b6a4d3e2c1f0a5b6c7d8e97f', 'hex')
    expect(readDer(uuid).objectIdentifier).toMatch(/^2\.25\.2284176332923495877305083798\d+$/)
  })

  it('a serial number is the same with needless zeros and different with a sign', () => {
    const key = (hex: string) => readDer(Buffer.from(hex, 'hex')).integerKey
    expect(key('02020005')).toBe(key('020105'))
    expect(key('0202ff85')).toBe(key('020185'))
    expect(key('020185')).not.toBe(key('02020085'))
  })
})
