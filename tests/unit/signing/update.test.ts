import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { dictionary, is, name, string } from '../../../native-signing/pdf/objects.ts'
import { findPage, pageCount, pageNumbers } from '../../../native-signing/pdf/page-tree.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { samplePdf } from './support.ts'

const open = (bytes: Uint8Array) => PdfDocument.open(new MemorySource(bytes))

/** A file from its objects, with a classic table; `%s` in the trailer stands for nothing else. */
function classicFile(
  objects: readonly string[],
  trailer = '/Root 1 0 R',
  entry = (offset: number) => `${String(offset).padStart(10, '0')} 00000 n \n`,
): Buffer {
  let text = '%PDF-1.4\n'
  const offsets = objects.map((body, index) => {
    const offset = text.length
    text += `${index + 1} 0 obj\n${body}\nendobj\n`
    return offset
  })
  const at = text.length
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.map(entry).join('')}trailer\n<</Size ${objects.length + 1} ${trailer}>>\nstartxref\n${at}\n%%EOF`
  return Buffer.from(text, 'latin1')
}

describe('reading', () => {
  test('a ring of cross-reference sections is an error', () => {
    const file = classicFile(['<</Type/Catalog>>'])
    const at = file.lastIndexOf('xref\n0')
    const ring = Buffer.from(file.toString('latin1').replace('/Root 1 0 R', `/Root 1 0 R /Prev ${at}`), 'latin1')
    expect(() => open(ring)).toThrow(/ring/)
  })

  test('a table of a hundred thousand subsections is read and looked through quickly', () => {
    const head = '%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n'
    let table = 'xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n'
    for (let number = 2; number < 200_000; number += 2) table += `${number} 1\n0000000009 00000 n \n`
    const file = Buffer.from(`${head}${table}trailer\n<</Size 200000/Root 1 0 R>>\nstartxref\n${head.length}\n%%EOF`)
    const document = open(file)
    expect([...document.numbers()]).toHaveLength(100_000)
    expect(document.entry(77_778)).toMatchObject({ kind: 'offset' })
    expect(document.entry(77_777)).toBeUndefined()
  })

  test('a page tree in a ring ends', () => {
    const file = classicFile(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 9/Kids[2 0 R]>>'])
    expect(() => findPage(open(file), 5)).toThrow(/page-not-found/)
  })

  test('an object stream that needs itself, or a length that does, is an error', () => {
    const file = classicFile(['<</Length 1 0 R>>\nstream\nabc\nendstream'])
    expect(() => open(file).object(1)).toThrow(/needs itself/)
  })

  test('a decompression bomb is refused', () => {
    const bomb = deflateSync(Buffer.alloc(100 * 1024 * 1024)).toString('latin1')
    const file = classicFile([
      `<</Type/XRef/W[1 1 1]/Size 1/Filter/FlateDecode/Length ${bomb.length}>>\nstream\n${bomb}\nendstream`,
    ])
    const text = file.toString('latin1').replace(/startxref\n\d+/, `startxref\n${file.indexOf('1 0 obj')}`)
    expect(() => open(Buffer.from(text, 'latin1'))).toThrow(/damaged compressed data|pdf-unreadable/)
  })

  test('an encrypted file says so', () => {
    expect(() => open(classicFile(['<</Type/Catalog>>'], '/Root 1 0 R /Encrypt 1 0 R'))).toThrow(/pdf-encrypted/)
  })

  test('table entries with unusual line ends are read', () => {
    const file = classicFile(
      ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 0/Kids[]>>'],
      '/Root 1 0 R',
      offset => `${String(offset).padStart(10, '0')} 00000 n\n`,
    )
    expect(pageCount(open(file))).toBe(0)
  })

  test('a hybrid file: objects hidden from old readers are found, a newer table hides them again', () => {
    const catalog = '%PDF-1.5\n1 0 obj\n<</Type/Catalog>>\nendobj\n'
    const container = '5 0 obj\n<</Type/ObjStm/N 1/First 4/Length 10>>\nstream\n4 0 (seen)\nendstream\nendobj\n'
    // object 4 is the first one of object stream 5, which stands behind the catalogue
    const rows = Buffer.from([2, 0, 5, 0, 1, 0, catalog.length, 0]).toString('latin1')
    const hybrid = `6 0 obj\n<</Type/XRef/W[1 2 1]/Index[4 2]/Size 7/Length 8>>\nstream\n${rows}\nendstream\nendobj\n`
    const hybridAt = catalog.length + container.length
    const tableAt = hybridAt + hybrid.length
    const table =
      'xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n4 1\n0000000000 00000 f \n' +
      `trailer\n<</Size 7/Root 1 0 R/XRefStm ${hybridAt}>>\nstartxref\n${tableAt}\n%%EOF\n`
    const file = Buffer.from(catalog + container + hybrid + table, 'latin1')
    expect(open(file).object(4)).toMatchObject({
      kind: 'string',
      bytes: new Uint8Array(Buffer.from('seen')),
      span: null,
    })
    const update = `xref\n4 1\n0000000000 00001 f \ntrailer\n<</Size 7/Root 1 0 R/Prev ${tableAt}>>\nstartxref\n${file.length}\n%%EOF\n`
    expect(open(Buffer.concat([file, Buffer.from(update)])).object(4)).toBeNull()
  })

  test('junk before the header, offsets counted from the header', () => {
    const file = Buffer.concat([
      Buffer.from('junk\n'),
      classicFile(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 0/Kids[]>>']),
    ])
    const document = open(file)
    expect(pageCount(document)).toBe(0)
    expect(document.base).toBe(5)
  })

  test('a wrong /Length is mended by searching the end', () => {
    const file = classicFile(['<</Length 999>>\nstream\nabc\nendstream'])
    const stream = open(file).object(1)
    expect(is(stream, 'stream') && Buffer.from(stream.data.read(0, stream.data.length)).toString()).toBe('abc')
  })

  test('page n of an uneven tree, with inherited box and rotation', () => {
    const file = classicFile([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Count 4/MediaBox[0 0 100 200]/Rotate -90/Kids[3 0 R 4 0 R 7 0 R]>>',
      '<</Type/Page/Parent 2 0 R>>',
      '<</Type/Pages/Parent 2 0 R/Count 2/CropBox[10 10 500 90]/Kids[5 0 R 6 0 R]>>',
      '<</Type/Page/Parent 4 0 R>>',
      '<</Type/Page/Parent 4 0 R>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[-50 -60 50 60]/Rotate 0>>',
    ])
    const document = open(file)
    expect([1, 2, 3, 4].map(page => findPage(document, page).reference.number)).toEqual([3, 5, 6, 7])
    expect([3, 5, 6, 7].map(number => pageNumbers(document)({ kind: 'reference', number, generation: 0 }))).toEqual([
      1, 2, 3, 4,
    ])
    expect(findPage(document, 3)).toMatchObject({ rotation: 270, box: { x: 10, y: 10, width: 90, height: 80 } })
    expect(findPage(document, 4)).toMatchObject({ rotation: 0, box: { x: -50, y: -60, width: 100, height: 120 } })
    expect(() => findPage(document, 5)).toThrow(/page-not-found/)
    expect(() => findPage(document, 0)).toThrow(/page-not-found/)
  })
})

describe('incremental update', () => {
  test.each([false, true])(
    'appends a section of the same kind and keeps the prefix (object streams: %s)',
    async objectStreams => {
      const original = await samplePdf({ objectStreams })
      fc.assert(
        fc.property(
          fc.array(fc.uint8Array({ maxLength: 50 }), { minLength: 1, maxLength: 8 }),
          fc.boolean(),
          (contents, changeCatalog) => {
            const document = open(original)
            const update = new IncrementalUpdate(document)
            const added = contents.map(bytes => update.add(dictionary({ Value: string(bytes, true) })))
            if (changeCatalog) update.amend(document.catalogReference, { Lang: name('vi') })
            const { bytes } = update.write()
            const file = Buffer.concat([original, bytes])
            const reopened = open(file)
            expect(Buffer.compare(file.subarray(0, original.length), original)).toBe(0)
            expect(reopened.sections[0]?.kind).toBe(document.sections[0]?.kind)
            expect(reopened.sections[0]?.trailer.entries.get('Prev')).toBe(document.sections[0]?.offset)
            for (const [index, target] of added.entries()) {
              const value = reopened.dictionary(target)?.entries.get('Value')
              expect(is(value, 'string') && Buffer.compare(value.bytes, contents[index] ?? new Uint8Array())).toBe(0)
            }
            expect(reopened.catalog.entries.has('Lang')).toBe(changeCatalog)
            expect(pageCount(reopened)).toBe(2)
            // the same file as before when the newest section is left out
            expect([...reopened.before(1).numbers()].sort()).toEqual([...document.numbers()].sort())
          },
        ),
        { numRuns: 30 },
      )
    },
  )

  test('the first half of /ID stays, the second is new', () => {
    const file = classicFile(['<</Type/Catalog>>'], '/Root 1 0 R /ID[<aa><bb>]')
    const update = new IncrementalUpdate(open(file))
    update.add(1)
    const identifiers = open(Buffer.concat([file, update.write().bytes])).trailer.entries.get('ID')
    if (!is(identifiers, 'array')) throw new Error('no /ID')
    expect(identifiers.items[0]).toMatchObject({ bytes: Uint8Array.of(0xaa) })
    expect(identifiers.items[1]).not.toMatchObject({ bytes: Uint8Array.of(0xbb) })
  })
})
