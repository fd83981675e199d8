import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SigningError } from '../../../native-signing/errors.ts'
import { Encryption } from '../../../native-signing/pdf/encryption.ts'
import { equalObjects } from '../../../native-signing/pdf/equality.ts'
import {
  array,
  dictionary,
  is,
  name,
  type PdfDictionary,
  type PdfObject,
  string,
} from '../../../native-signing/pdf/objects.ts'
import { rc4 } from '../../../native-signing/pdf/rc4.ts'
import { type ByteSource, MemorySource } from '../../../native-signing/pdf/source.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const get = (owner: PdfDictionary, key: string): PdfObject => owner.entries.get(key) ?? null
const open = (entries: Readonly<Record<string, PdfObject>>, password?: string) =>
  new Encryption({ dictionary: dictionary(entries), identifier: new Uint8Array(16), get }, password)

const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')

/** Revision 4 with an empty password, made as algorithms 2 and 5 say. */
function revision4(method: 'V2' | 'AESV2' | 'None'): Readonly<Record<string, PdfObject>> {
  const owner = Buffer.alloc(32, 7)
  const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest()
  let key = md5(Buffer.concat([PADDING, owner, Buffer.alloc(4, 0xff), Buffer.alloc(16)]))
  for (let round = 0; round < 50; round++) key = md5(key)
  let user: Uint8Array = md5(Buffer.concat([PADDING, Buffer.alloc(16)]))
  for (let round = 0; round < 20; round++)
    user = rc4(
      key.map(byte => byte ^ round),
      user,
    )
  return {
    Filter: name('Standard'),
    V: 4,
    R: 4,
    P: -1,
    O: string(owner),
    U: string(Buffer.concat([user, Buffer.alloc(16)])),
    CF: dictionary({ Own: dictionary({ CFM: name(method) }) }),
    StmF: name('Own'),
    StrF: name('Own'),
  }
}

/** Revision 5 with an empty password; `length` of the encrypted key. */
function revision5(length: number): Readonly<Record<string, PdfObject>> {
  const salts = Buffer.alloc(16, 1)
  const user = Buffer.concat([createHash('sha256').update(salts.subarray(0, 8)).digest(), salts])
  const filter = dictionary({ Own: dictionary({ CFM: name('AESV3') }) })
  const key = string(Buffer.alloc(length))
  return {
    ...{ Filter: name('Standard'), V: 5, R: 5, P: -1, CF: filter, StmF: name('Own'), StrF: name('Own') },
    ...{ O: string(Buffer.alloc(48)), U: string(user), OE: key, UE: key },
  }
}

describe('RC4', () => {
  test.each([
    ['Key', 'Plaintext', 'bbf316e8d940af0ad3'],
    ['Wiki', 'pedia', '1021bf0420'],
    ['Secret', 'Attack at dawn', '45a01f645fc35b383552544b9bf5'],
  ])('%s', (key, text, expected) => {
    expect(hex(rc4(Buffer.from(key), Buffer.from(text)))).toBe(expected)
  })
})

describe('objects', () => {
  const methods = fc.constantFrom('V2', 'AESV2', 'None').map(method => open(revision4(method)))
  const bytes = fc.uint8Array({ maxLength: 80 })

  test('strings and streams come back as they were', () => {
    fc.assert(
      fc.property(methods, fc.integer({ min: 1, max: 8_388_607 }), bytes, bytes, (encryption, number, text, data) => {
        const place = { number, generation: 0 }
        const inside = dictionary({ Text: array([string(text)]), Length: data.length })
        const written = encryption.encrypt(place, { kind: 'stream', dictionary: inside, data: new MemorySource(data) })
        const read = encryption.decrypt(place, written)
        if (!is(read, 'stream')) throw new Error('no stream any more')
        expect(hex(read.data.read(0, read.data.length))).toBe(hex(data))
        expect(equalObjects(read.dictionary.entries.get('Text'), inside.entries.get('Text'))).toBe(true)
      }),
    )
  })

  test('the contents of a signature stay as they are, other strings do not', () => {
    const encryption = open(revision4('AESV2'))
    const contents = string(Buffer.from('00ff', 'hex'), true)
    const signature = dictionary({ ByteRange: array([0, 1, 2, 3]), Contents: contents, Reason: contents })
    const written = encryption.encrypt({ number: 9, generation: 0 }, signature)
    if (!is(written, 'dictionary')) throw new Error('no dictionary any more')
    expect(written.entries.get('Contents')).toEqual(contents)
    expect(written.entries.get('Reason')).not.toEqual(contents)
  })

  test('damaged data of any length are read as far as they go', () => {
    const encryption = open(revision4('AESV2'))
    fc.assert(
      fc.property(bytes, data => {
        const read = encryption.decrypt({ number: 1, generation: 0 }, string(data))
        expect(is(read, 'string') && read.bytes.length <= data.length).toBe(true)
      }),
    )
  })
})

test('a stream beyond all measure is refused before it is deciphered', () => {
  const data: ByteSource = {
    length: 65 * 1024 * 1024,
    read: () => expect.unreachable('deciphered'),
    block: () => expect.unreachable('deciphered'),
  }
  const stream = open(revision4('AESV2')).decrypt(
    { number: 1, generation: 0 },
    { kind: 'stream', dictionary: dictionary({}), data },
  )
  expect(() => is(stream, 'stream') && stream.data.length).toThrow(expect.objectContaining({ code: 'pdf-unreadable' }))
})

describe('what cannot be opened', () => {
  const valid = revision4('V2')
  test.each<[string, Readonly<Record<string, PdfObject>>, string]>([
    ['for certificates', { ...valid, Filter: name('Adobe.PubSec') }, 'pdf-encrypted'],
    ['of a version that nobody knows', { ...valid, V: 3 }, 'pdf-encrypted'],
    ['of a later revision', { ...valid, R: 7 }, 'pdf-encrypted'],
    ['with version and revision that do not fit', { ...valid, R: 6 }, 'pdf-encrypted'],
    ['with an unknown crypt filter', { ...valid, StrF: name('Other') }, 'pdf-encrypted'],
    ['with a key of a strange length', { ...valid, V: 2, R: 3, Length: 20 }, 'pdf-encrypted'],
    ['without the entries to check a password', { Filter: name('Standard'), V: 4, R: 4 }, 'pdf-password-required'],
    ['the same in new files', { Filter: name('Standard'), V: 5, R: 6 }, 'pdf-password-required'],
    ['with a key that is cut short', revision5(16), 'pdf-password-required'],
  ])('%s', (_, entries, code) => {
    expect(() => open(entries)).toThrow(expect.objectContaining({ code }))
  })

  test('the same with the whole key is opened', () => {
    expect(open(revision5(32)).openedAs).toBe('user')
  })

  test('random entries give an encryption or an error of ours', () => {
    const value = fc.oneof(
      fc.integer({ min: -1, max: 300 }),
      fc.uint8Array({ maxLength: 60 }).map(each => string(each)),
      fc.constantFrom(name('Standard'), name('Own'), null),
    )
    const keys = ['V', 'R', 'P', 'O', 'U', 'OE', 'UE', 'Length', 'CF', 'StmF', 'StrF']
    fc.assert(
      fc.property(fc.tuple(...keys.map(() => value)), fc.string(), (values, password) => {
        const entries = Object.fromEntries(keys.map((key, at) => [key, values[at] ?? null]))
        try {
          open({ ...entries, Filter: name('Standard') }, password)
        } catch (error) {
          expect(error).toBeInstanceOf(SigningError)
        }
      }),
    )
  })
})
