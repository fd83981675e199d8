import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SigningError } from '../../../native-signing/errors.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { equalObjects } from '../../../native-signing/pdf/equality.ts'
import {
  array,
  dateString,
  decodeDate,
  decodeText,
  dictionary,
  name,
  type PdfObject,
  reference,
  string,
  textString,
} from '../../../native-signing/pdf/objects.ts'
import { ObjectParser } from '../../../native-signing/pdf/parser.ts'
import { objectToken } from '../../../native-signing/pdf/serialize.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'

const parse = (text: string) => new ObjectParser(new MemorySource(Buffer.from(text, 'latin1'))).readObject()

const anyName = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map(code => String.fromCharCode(code)),
  minLength: 1,
  maxLength: 20,
})

const anyObject: fc.Arbitrary<PdfObject> = fc.letrec<{ object: PdfObject }>(tie => ({
  object: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(value => Number(value.toFixed(6)) + 0),
    anyName.map(name),
    fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.boolean()).map(([bytes, hexadecimal]) => string(bytes, hexadecimal)),
    fc
      .tuple(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 0, max: 65_535 }))
      .map(([number, generation]) => reference(number, generation)),
    fc.array(tie('object'), { maxLength: 5 }).map(array),
    fc
      .array(
        fc.tuple(
          anyName,
          tie('object').filter(value => value !== null),
        ),
        { maxLength: 5 },
      )
      .map(entries => dictionary(Object.fromEntries(entries.filter(([key]) => key !== '__proto__')))),
  ),
})).object

describe('parser', () => {
  test('a nest of a million arrays is an error, not a crash', () => {
    expect(() => parse('['.repeat(1_000_000))).toThrow(SigningError)
    expect(() => parse('<</A'.repeat(1_000_000))).toThrow(SigningError)
  })

  test.each(['', '(', '(abc', '<41', '<4z>', '[1 2', '<</A 1', '<</A 1>', '<<1 2>>', ')', '>>', ']', 'abc', '/A#'])(
    'unfinished or foreign text %j ends with an answer',
    text => {
      try {
        parse(text)
      } catch (error) {
        expect(error).toMatchObject({ code: 'pdf-unreadable' })
      }
    },
  )

  test('random bytes never give anything but an object or pdf-unreadable', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        try {
          new ObjectParser(new MemorySource(bytes)).readObject()
        } catch (error) {
          expect(error).toMatchObject({ code: 'pdf-unreadable' })
        }
      }),
    )
  })

  test('random bytes are no document', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), bytes => {
        const file = Buffer.concat([Buffer.from('%PDF-1.7\n'), bytes, Buffer.from('\nstartxref\n9\n%%EOF')])
        expect(() => PdfDocument.open(new MemorySource(file))).toThrow(SigningError)
      }),
    )
  })

  test('what is written is read back the same', () => {
    fc.assert(
      fc.property(anyObject, object => {
        expect(equalObjects(parse(objectToken(object)), object)).toBe(true)
      }),
    )
  })

  test('strings, numbers and names in their odder spellings', () => {
    expect(parse('(a\\(b\\)(c)\\101\\\r\nd\\n)')).toMatchObject({ bytes: new Uint8Array(Buffer.from('a(b)(c)Ad\n')) })
    expect(parse('<4 1 4>')).toMatchObject({ bytes: Uint8Array.of(0x41, 0x40) })
    expect(parse('/A#20B')).toEqual(name('A B'))
    expect(parse('-.5')).toBe(-0.5)
    expect(parse('+12.')).toBe(12)
    expect(parse('[1 0 R 2 0]')).toEqual(array([reference(1), 2, 0]))
    expect(parse('% comment\n 7')).toBe(7)
  })

  test('a key that stands twice is noticed', () => {
    expect(parse('<</Contents <00>/Contents <01>>>')).toMatchObject({ duplicateKeys: true })
  })

  test('Vietnamese text and times survive', () => {
    fc.assert(
      fc.property(fc.constantFrom('Đà Nẵng', 'Nguyễn Thị Hoà', 'ASCII only', 'ấ'.normalize('NFD')), text => {
        expect(decodeText(textString(text))).toBe(text)
      }),
    )
    const time = new Date('2026-11-22T02:03:04Z')
    expect(decodeDate(dateString(time))).toEqual(time)
    expect(decodeDate(textString("D:20261122090304+07'00'"))).toEqual(time)
    expect(decodeDate(textString('yesterday'))).toBeNull()
  })
})
