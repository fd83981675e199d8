import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DerElement, DerError, readBer, readDer, readFirstBer, TAG } from '../../../native-signing/der/reader.ts'
import {
  bitString,
  certificateTime,
  element,
  generalizedTime,
  integer,
  namedBits,
  nothing,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
} from '../../../native-signing/der/writer.ts'

/** What an element is made of, whatever its encoding. */
type Tree = { readonly tag: number; readonly content: string | readonly Tree[] }

const { tree: anyTree } = fc.letrec<{ tree: Tree }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      tag: fc.constantFrom(0x04, 0x0c, 0x80, 0x81),
      content: fc.uint8Array({ maxLength: 300 }).map(bytes => Buffer.from(bytes).toString('hex')),
    }),
    fc.record({
      tag: fc.constantFrom(0x30, 0x31, 0xa0, 0xa3),
      content: fc.array(tie('tree'), { maxLength: 4 }),
    }),
  ),
}))

const treeOf = (read: DerElement): Tree => ({
  tag: read.tag,
  content: read.tag & 0x20 ? read.children.map(treeOf) : Buffer.from(read.content).toString('hex'),
})

const encode = ({ tag, content }: Tree): Buffer =>
  typeof content === 'string' ? element(tag, Buffer.from(content, 'hex')) : element(tag, ...content.map(encode))

/** The same in BER: lengths indefinite where that is possible, and a byte too long where not. */
function encodeLoosely({ tag, content }: Tree): Buffer {
  if (typeof content !== 'string') {
    return Buffer.concat([Uint8Array.of(tag, 0x80), ...content.map(encodeLoosely), Uint8Array.of(0, 0)])
  }
  const bytes = Buffer.from(content, 'hex')
  return Buffer.concat([Uint8Array.of(tag, 0x83, 0, bytes.length >> 8, bytes.length & 255), bytes])
}

describe('elements', () => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(anyTree, tree => {
        expect(treeOf(readDer(encode(tree)))).toEqual(tree)
        expect(treeOf(readBer(encode(tree)))).toEqual(tree)
      }),
    )
  })

  test('BER is read as such and never as DER', () => {
    fc.assert(
      fc.property(anyTree, tree => {
        const bytes = encodeLoosely(tree)
        expect(treeOf(readBer(bytes))).toEqual(tree)
        expect(() => readDer(bytes)).toThrow(DerError)
      }),
    )
  })

  test('bytes that pass as DER have no other encoding', () => {
    const mostlyDer = fc.tuple(anyTree, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([tree, place, value]) => {
      const bytes = encode(tree)
      bytes[place % bytes.length] = value
      return bytes
    })
    fc.assert(
      fc.property(fc.oneof(mostlyDer, fc.uint8Array({ maxLength: 40 })), bytes => {
        try {
          const { tag, content } = readDer(bytes)
          expect(element(tag, content)).toEqual(Buffer.from(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(DerError)
        }
      }),
    )
  })

  test('random bytes give an element or DerError, in whatever way they are read', () => {
    const ways: readonly ((read: DerElement) => unknown)[] = [
      each => each.children,
      each => each.boolean,
      each => each.smallInteger,
      each => each.bigInteger,
      each => each.integerKey,
      each => each.objectIdentifier,
      each => each.octets,
      each => each.bitStringBytes,
      each => each.namedBits,
      each => each.time,
      each => each.ascii,
    ]
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(readDer, readFirstBer), (bytes, read) => {
        for (const way of ways) {
          try {
            way(read(bytes))
          } catch (error) {
            expect(error).toBeInstanceOf(DerError)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('deep nesting and endless indefinite lengths are refused', () => {
    expect(() => readFirstBer(Buffer.from('3080'.repeat(100_000), 'hex'))).toThrow(DerError)
    expect(() => readFirstBer(Buffer.from('3080', 'hex'))).toThrow(DerError)
    expect(() => readFirstBer(Buffer.from('2480'.repeat(100_000), 'hex')).octets).toThrow(DerError)
  })

  test('nothing may follow, but where the caller says so', () => {
    const more = Buffer.concat([sequence(), Buffer.from([0])])
    expect(() => readDer(more)).toThrow(/trailing/)
    expect(() => readBer(more)).toThrow(/trailing/)
    expect(readFirstBer(more).bytes).toHaveLength(2)
  })
})

describe('values', () => {
  test('numbers', () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), fc.uint8Array({ minLength: 1, maxLength: 20 }), (value, bytes) => {
        expect(readDer(integer(value)).bigInteger).toBe(BigInt(value))
        if (value < 2 ** 47) expect(readDer(integer(value)).smallInteger).toBe(value)
        expect(readDer(integer(bytes)).bigInteger).toBe(BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
      }),
    )
  })

  test('object identifiers', () => {
    const roots = fc.oneof(fc.tuple(fc.constantFrom(0, 1), fc.nat(39)), fc.tuple(fc.constant(2), fc.nat(0xffffff)))
    fc.assert(
      fc.property(roots, fc.array(fc.nat(2 ** 40), { maxLength: 6 }), (root, arcs) => {
        const dotted = [...root, ...arcs].join('.')
        expect(readDer(objectIdentifier(dotted)).objectIdentifier).toBe(dotted)
      }),
    )
  })

  test('an object identifier of a length that no standard has is refused', () => {
    const identifier = (bytes: number) =>
      readDer(element(TAG.objectIdentifier, Buffer.alloc(bytes, 0x81).fill(1, bytes - 1)))
    expect(identifier(128).objectIdentifier).toMatch(/^2\.\d{200,}$/)
    expect(() => identifier(129).objectIdentifier).toThrow(DerError)
  })

  test('times in whole seconds, on both sides of 2050', () => {
    const seconds = fc
      .date({ min: new Date('1950-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
      .map(time => new Date(Math.floor(time.getTime() / 1000) * 1000))
    fc.assert(
      fc.property(seconds, time => {
        expect(readDer(certificateTime(time)).time).toEqual(time)
        expect(readBer(generalizedTime(time)).time).toEqual(time)
      }),
    )
  })

  test.each(['20261122010203.5Z', '202611220102Z', '20260230000000Z', '20261122240000Z'])(
    '%s is no time in DER',
    text => {
      expect(() => readDer(element(TAG.generalizedTime, Buffer.from(text))).time).toThrow(DerError)
    },
  )

  test('a fraction of a second in a time-stamp', () => {
    const time = readBer(element(TAG.generalizedTime, Buffer.from('20261122010203.5678Z'))).time
    expect(time).toEqual(new Date('2026-11-22T01:02:03.567Z'))
    expect(() => readBer(element(TAG.generalizedTime, Buffer.from('20260230000000Z'))).time).toThrow(DerError)
  })

  test('named bits', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(31), { minLength: 1 }), bits => {
        expect([...readDer(namedBits(...bits)).namedBits]).toEqual([...bits].sort((a, b) => a - b))
      }),
    )
    expect(() => readDer(bitString(Buffer.from([8]), 3)).bitStringBytes).toThrow(DerError)
  })

  test('a SET OF is ordered by its encodings', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5 })), values => {
        const set = readDer(setOf(...values.map(octetString))).children.map(({ bytes }) => Buffer.from(bytes))
        expect(set).toEqual(set.toSorted(Buffer.compare))
      }),
    )
  })

  test('a string in pieces is put together, in BER alone', () => {
    const parts = [octetString(Buffer.from('ab')), octetString(Buffer.from('c'))]
    const pieces = Buffer.concat([Buffer.from([0x24, 0x80]), ...parts, Buffer.from([0, 0])])
    expect(Buffer.from(readBer(pieces).octets).toString()).toBe('abc')
    expect(() => readDer(element(0x24, ...parts)).octets).toThrow(DerError)
  })

  test('a boolean is 00 or FF in DER', () => {
    expect(readDer(element(TAG.boolean, Uint8Array.of(0))).boolean).toBe(false)
    expect(() => readDer(element(TAG.boolean, Uint8Array.of(1))).boolean).toThrow(DerError)
    expect(readBer(element(TAG.boolean, Uint8Array.of(1))).boolean).toBe(true)
    expect(() => readDer(nothing).boolean).toThrow(DerError)
  })
})
