import { writeFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { array, dictionary, name, type PdfObject } from '../../../native-signing/pdf/objects.ts'
import { addToSecurityStore, readSecurityStore } from '../../../native-signing/pdf/security-store.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { altered, samplePdf, signFile, temporaryFolder, testOffice } from './support.ts'

const office = testOffice()
const folder = temporaryFolder('signing-store-')
const signed = folder.file('signed.pdf')

beforeAll(async () => {
  const plain = folder.file('plain.pdf')
  writeFileSync(plain, await samplePdf())
  await signFile(office, office.chairman, plain, signed)
})
afterAll(() => folder[Symbol.dispose]())

const streamOf = (data: Uint8Array, entries: Readonly<Record<string, PdfObject>> = {}): PdfObject => ({
  kind: 'stream',
  dictionary: dictionary({ ...entries, Length: data.length }),
  data: new MemorySource(data),
})

/** The signed file with a store behind it. */
function withStore(title: string, make: (update: IncrementalUpdate) => Readonly<Record<string, PdfObject>>): string {
  return altered(signed, folder.file(`${title}.pdf`), bytes => {
    const document = PdfDocument.open(new MemorySource(bytes))
    const update = new IncrementalUpdate(document)
    update.amend(document.catalogReference, { DSS: update.add(dictionary(make(update))) })
    return Buffer.concat([bytes, update.write().bytes])
  })
}

describe('a store of others', () => {
  test('that is nonsense changes nothing', async () => {
    const path = withStore('nonsense', update => ({
      Certs: array([update.add(streamOf(Buffer.from('no certificate'))), update.add(name('Nothing')), 5, null]),
      OCSPs: array([
        update.add(streamOf(Buffer.from([0x30, 0x80]))),
        update.add(streamOf(Buffer.alloc(3), { Filter: name('DCTDecode') })),
      ]),
      CRLs: name('None'),
    }))
    const { valid, signatures } = await verifyPdf(path, office.trust)
    expect(valid).toBe(true)
    expect(signatures.map(({ level, changesAfter }) => [level, changesAfter])).toEqual([['B-B', 'permitted']])
  })

  test('that would fill the memory is read only so far', async () => {
    const path = withStore('bomb', update => {
      const bomb = update.add(streamOf(deflateSync(Buffer.alloc(30_000_000)), { Filter: name('FlateDecode') }))
      return { CRLs: array(Array.from({ length: 1000 }, () => bomb)) }
    })
    const before = process.memoryUsage().rss
    const { signatures } = await verifyPdf(path, office.trust)
    expect(signatures[0]?.integrity).toBe('intact')
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000)
  })
})

test('what is in the store already is not added twice', () => {
  const data = { certificates: [office.pki.root.certificate], ocsp: [], crls: [] }
  const once = withStore('once', () => ({}))
  const grow = (path: string) =>
    altered(path, folder.file('grown.pdf'), bytes => {
      const document = PdfDocument.open(new MemorySource(bytes))
      const update = new IncrementalUpdate(document)
      addToSecurityStore(document, update, data, [])
      const grown = Buffer.concat([bytes, update.write().bytes])
      expect(readSecurityStore(PdfDocument.open(new MemorySource(grown))).certificates).toHaveLength(1)
      return grown
    })
  grow(grow(once))
})
