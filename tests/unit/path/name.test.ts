import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDer } from '../../../native-signing/der/reader.ts'
import {
  element,
  objectIdentifier,
  printableString,
  sequence,
  setOf,
  utf8String,
} from '../../../native-signing/der/writer.ts'
import { isWithin, prepareText, readName } from '../../../native-signing/path/name.ts'
import { nameOf } from './issue.ts'

const name = (...parts: readonly (readonly [string, string])[]) => readName(readDer(nameOf(...parts)))
const organisation = (value: Buffer) =>
  readName(readDer(sequence(setOf(sequence(objectIdentifier('2.5.4.10'), value)))))
const utf16 = (text: string) => element(0x1e, Buffer.from(text, 'utf16le').swap16())

describe('names are compared as RFC 5280 §7.1 says', () => {
  it.each([
    ['letter case', 'Ủy ban nhân dân XÃ Mẫu', 'ỦY BAN NHÂN DÂN xã mẫu'],
    ['spaces', '  UBND   xã  Mẫu ', 'UBND xã Mẫu'],
    ['composed and decomposed Vietnamese', 'Đà Nẵng'.normalize('NFC'), 'Đà Nẵng'.normalize('NFD')],
    ['full-width letters', 'ＡＢＣ', 'abc'],
    ['characters without width', 'UB\u200bND\u00ad', 'UBND'],
    ['line ends', 'UBND\r\nxã', 'UBND xã'],
    ['sharp s', 'Straße', 'STRASSE'],
  ])('%s make no difference', (_, one, other) => {
    expect(name(['2.5.4.10', one]).key).toBe(name(['2.5.4.10', other]).key)
  })

  it('string types make no difference', () => {
    const key = organisation(utf8String('Bưu chính VN')).key
    expect(organisation(utf16('BƯU CHÍNH VN')).key).toBe(key)
    expect(organisation(printableString('ABC')).key).toBe(organisation(utf8String('abc')).key)
  })

  it('tones, other letters, other attributes and another order make a difference', () => {
    const key = name(['2.5.4.10', 'Xã Mẫu'], ['2.5.4.3', 'A']).key
    for (const other of [
      name(['2.5.4.10', 'Xã Mầu'], ['2.5.4.3', 'A']),
      name(['2.5.4.11', 'Xã Mẫu'], ['2.5.4.3', 'A']),
      name(['2.5.4.3', 'A'], ['2.5.4.10', 'Xã Mẫu']),
      name(['2.5.4.10', 'Xã Mẫu']),
      name(['2.5.4.10', 'Xã Mẫu,2.5.4.3="a"']),
    ])
      expect(other.key).not.toBe(key)
  })

  it('a value cannot play the part of two relative names', () => {
    expect(name(['2.5.4.10', 'a","2.5.4.3="b']).key).not.toBe(name(['2.5.4.10', 'a'], ['2.5.4.3', 'b']).key)
    expect(name(['2.5.4.10', 'a","2.5.4.3="b']).parts).toHaveLength(1)
  })

  it('bytes that are no text are compared as bytes', () => {
    const broken = (byte: number) => organisation(element(0x0c, Buffer.from([0xc3, byte])))
    expect(broken(0x28).key).not.toBe(broken(0x29).key)
    expect(broken(0x28).key).toBe(broken(0x28).key)
    expect(prepareText('\ue000')).toBeNull()
  })

  it('a subtree holds itself and what is below, nothing beside', () => {
    const base = name(['2.5.4.6', 'VN'], ['2.5.4.10', 'Xã Mẫu'])
    expect(isWithin(base, base)).toBe(true)
    expect(isWithin(name(['2.5.4.6', 'vn'], ['2.5.4.10', 'xã mẫu'], ['2.5.4.3', 'A']), base)).toBe(true)
    expect(isWithin(name(['2.5.4.6', 'VN'], ['2.5.4.10', 'Xã Mẫu 2']), base)).toBe(false)
    expect(isWithin(name(['2.5.4.6', 'VN']), base)).toBe(false)
  })

  it('preparing prepared text changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(0x10ffff).map(point => String.fromCodePoint(point))).map(points => points.join('')),
        text => {
          const once = prepareText(text)
          if (once !== null) expect(prepareText(once)).toBe(once)
        },
      ),
    )
  })
})
