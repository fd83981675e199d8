import { readFileSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { PDFDocument } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { issueCertificate } from '../../../electron/sandbox/pki.ts'
import { buildSignedData } from '../../../native-signing/cms/build.ts'
import {
  prepareSignature,
  readCertificate,
  signWithToken,
  type VerificationReport,
  verifyPdf,
} from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { acroForm, signatureFields } from '../../../native-signing/pdf/form.ts'
import {
  array,
  dictionary,
  is,
  name,
  type PdfObject,
  type PdfReference,
  reference,
  string,
  textString,
  withEntries,
} from '../../../native-signing/pdf/objects.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { parseCertificate } from '../../../native-signing/trust/certificate.ts'
import { checkByteRange } from '../../../native-signing/verify/located-signature.ts'
import { altered, request, samplePdf, signedCopies, signFile, temporaryFolder, testOffice } from './support.ts'

const office = testOffice()
const folder = temporaryFolder('signing-attacks-')
let once = ''
let twice = ''
let counter = 0

beforeAll(async () => {
  ;({ once, twice } = await signedCopies(office, folder))
})
afterAll(() => folder[Symbol.dispose]())

const newFile = () => folder.file(`attack-${++counter}.pdf`)
const verify = (path: string) => verifyPdf(path, office.trust)

/** The signed file with an attacker's update behind it. */
function updated(source: string, attack: (update: IncrementalUpdate, document: PdfDocument) => void): string {
  return altered(source, newFile(), bytes => {
    const document = PdfDocument.open(new MemorySource(bytes))
    const update = new IncrementalUpdate(document)
    attack(update, document)
    return Buffer.concat([bytes, update.write().bytes])
  })
}

function contentStream(text: string): PdfObject {
  const data = Buffer.from(text)
  return { kind: 'stream', dictionary: dictionary({ Length: data.length }), data: new MemorySource(data) }
}

function fieldOf(document: PdfDocument, wanted = 'Signature1') {
  const field = signatureFields(document).find(({ name: own }) => own === wanted)
  if (!field || !is(field.value, 'reference')) throw new Error('no such field')
  return { field, value: field.value, signature: document.dictionary(field.value) }
}

function formReference(document: PdfDocument): PdfReference {
  const form = document.catalog.entries.get('AcroForm')
  if (!is(form, 'reference')) throw new Error('form is no object of its own')
  return form
}

function fieldItems(document: PdfDocument): readonly PdfObject[] {
  const form = acroForm(document)
  const fields = form && document.get(form, 'Fields')
  return is(fields, 'array') ? fields.items : []
}

function changeKinds(report: VerificationReport): readonly string[] {
  return [...new Set(report.signatures.flatMap(signature => signature.changes.map(({ kind }) => kind)))]
}

describe('our own normal chain', () => {
  test('raises no alarm: signature, then seal', async () => {
    const report = await verify(twice)
    expect(report.valid).toBe(true)
    expect(
      report.signatures.map(({ field, coverage, changesAfter, indication }) => [
        field,
        coverage,
        changesAfter,
        indication,
      ]),
    ).toEqual([
      ['Signature1', 'whole-revision', 'permitted', 'TOTAL-PASSED'],
      ['Seal', 'whole-file', 'none', 'TOTAL-PASSED'],
    ])
    expect(report.signatures[0]?.changes).toEqual([
      {
        kind: 'signature-added',
        permitted: true,
        page: 2,
        rectangle: { x: 300, y: 200, width: 120, height: 60 },
        message: 'signature-added',
      },
      // this seal stands right over the signature's picture
      expect.objectContaining({ kind: 'content-covered', permitted: true, page: 2 }),
    ])
    expect(report.signatures.map(({ signerName }) => signerName)).toEqual([
      'Nguyễn Văn An (mẫu)',
      'UBND XÃ THANH BÌNH (MẪU)',
    ])
  })

  test('blank line ends behind the last signature are no change', async () => {
    expect((await verify(altered(once, newFile(), bytes => Buffer.concat([bytes, Buffer.from('\r\n\n')])))).valid).toBe(
      true,
    )
  })

  test.each<[string, (update: IncrementalUpdate, document: PdfDocument) => void, string]>([
    [
      'validation data',
      (update, document) => {
        const certificates = update.add(array([update.add(contentStream('certificate'))]))
        update.amend(document.catalogReference, {
          DSS: update.add(dictionary({ Type: name('DSS'), Certs: certificates })),
        })
      },
      'validation-data-added',
    ],
    [
      'an empty form entry kept as it is',
      (update, document) => update.amend(document.catalogReference, { Version: name('2.0') }),
      '',
    ],
  ])('permits %s', async (_, change, kind) => {
    const report = await verify(updated(once, change))
    expect(report.valid).toBe(true)
    expect(changeKinds(report)).toEqual(kind ? [kind] : [])
  })

  test('a file without signatures is not valid', async () => {
    const path = newFile()
    writeFileSync(path, await samplePdf())
    expect(await verify(path)).toMatchObject({ valid: false, signatures: [] })
  })
})

describe('bytes', () => {
  test('one byte of the content changed', async () => {
    const report = await verify(
      altered(once, newFile(), bytes => {
        bytes[40] = (bytes[40] ?? 0) ^ 1
        return bytes
      }),
    )
    expect(report.valid).toBe(false)
    expect(report.signatures[0]).toMatchObject({
      integrity: 'broken',
      indication: 'TOTAL-FAILED',
      subIndication: 'HASH_FAILURE',
    })
  })

  test.each([1, 7, 100, 3000])('no single byte can be changed anywhere (every %d-th place of 60)', async step => {
    const original = readFileSync(once)
    for (let place = 0; place < 15; place++) {
      const at = (place * 1567 * step) % original.length
      const path = altered(once, newFile(), bytes => {
        bytes[at] = (bytes[at] ?? 0) ^ 0x15
        return bytes
      })
      const report = await verify(path).catch((error: unknown) => error)
      if (report instanceof Error) expect(report).toMatchObject({ name: 'SigningError' })
      // zeros behind the CMS in the hole are the only bytes that belong to nobody, and even they must stay zero
      else expect(report, `byte ${at}`).toMatchObject({ valid: false })
    }
  })

  test('whatever is written over, cut out or put in outside the hole: never a pass', async () => {
    const original = readFileSync(once)
    const hole = original.lastIndexOf('/Contents <')
    const holeEnd = original.indexOf('>', hole)
    const pieces = ['0', ' ', 'endobj', '<<', '>>', '1 0 R', '/Prev 0', '/Contents <00>', 'startxref\n0\n%%EOF']
    await fc.assert(
      fc.asyncProperty(
        fc.nat(original.length - 1).filter(at => at < hole || at > holeEnd),
        fc.constantFrom(...pieces),
        fc.nat(20),
        async (at, piece, removed) => {
          const end = Math.min(at + removed, at < hole ? hole : original.length)
          const path = altered(once, newFile(), bytes =>
            Buffer.concat([bytes.subarray(0, at), Buffer.from(piece), bytes.subarray(end)]),
          )
          if (readFileSync(path).equals(original)) return
          const report = await verify(path).catch((error: unknown) => error)
          if (report instanceof Error) expect(report).toMatchObject({ name: 'SigningError' })
          else expect(report).toMatchObject({ valid: false })
        },
      ),
      { numRuns: 150 },
    )
  })

  test('garbage behind the last signature', async () => {
    const report = await verify(
      altered(once, newFile(), bytes => Buffer.concat([bytes, Buffer.from('99 0 obj\n<</Evil true>>\nendobj\n')])),
    )
    expect(report).toMatchObject({
      valid: false,
      signatures: [{ changesAfter: 'forbidden', integrity: 'intact', coverage: 'whole-revision' }],
    })
    expect(changeKinds(report)).toEqual(['bytes-appended'])
  })

  test('cut in the middle', async () => {
    await expect(
      verify(altered(once, newFile(), bytes => bytes.subarray(0, bytes.length - 3000))),
    ).rejects.toMatchObject({ code: 'pdf-unreadable' })
  })

  test('cut back to the first signature: valid again, but only that one', async () => {
    const length = readFileSync(once).length
    const report = await verify(altered(twice, newFile(), bytes => bytes.subarray(0, length)))
    expect(report.signatures.map(({ field }) => field)).toEqual(['Signature1'])
  })
})

describe('incremental saving after the signature', () => {
  test.each<[string, string, (update: IncrementalUpdate, document: PdfDocument) => void]>([
    [
      'page content replaced',
      'object-changed',
      (update, document) => {
        const contents = findPage(document, 1).dictionary.entries.get('Contents')
        const target = is(contents, 'array') ? contents.items[0] : contents
        if (is(target, 'reference')) update.set(target, contentStream('BT /F1 40 Tf (Forged) Tj ET'))
      },
    ],
    [
      'page turned to other content',
      'page-changed',
      (update, document) => {
        update.amend(findPage(document, 1).reference, { Contents: update.add(contentStream('0 0 m')) })
      },
    ],
    [
      'page added',
      'object-changed',
      (update, document) => {
        const tree = document.catalog.entries.get('Pages')
        if (!is(tree, 'reference')) return
        const page = update.add(dictionary({ Type: name('Page'), Parent: tree, MediaBox: array([0, 0, 9, 9]) }))
        update.amend(tree, {
          Kids: array([findPage(document, 1).reference, findPage(document, 2).reference, page]),
          Count: 3,
        })
      },
    ],
    [
      'annotation over the page',
      'annotation-changed',
      (update, document) => {
        const note = update.add(
          dictionary({ Type: name('Annot'), Subtype: name('FreeText'), Rect: array([0, 0, 500, 500]) }),
        )
        update.amend(findPage(document, 1).reference, { Annots: array([note]) })
      },
    ],
    [
      'signature widget taken off its page',
      'annotation-changed',
      (update, document) => {
        update.amend(findPage(document, 2).reference, { Annots: array([]) })
      },
    ],
    [
      'opening action',
      'catalogue-changed',
      (update, document) => {
        update.amend(document.catalogReference, {
          OpenAction: update.add(dictionary({ S: name('JavaScript'), JS: textString('x') })),
        })
      },
    ],
    [
      'text field added',
      'form-changed',
      (update, document) => {
        const field = update.add(dictionary({ FT: name('Tx'), T: textString('t'), V: textString('v') }))
        update.amend(formReference(document), { Fields: array([...fieldItems(document), field]) })
      },
    ],
    [
      'signature field with an action',
      'form-changed',
      (update, document) => {
        const field = update.add(
          dictionary({
            FT: name('Sig'),
            T: textString('t'),
            AA: dictionary({ E: dictionary({ S: name('JavaScript') }) }),
          }),
        )
        update.amend(formReference(document), { Fields: array([...fieldItems(document), field]) })
      },
    ],
    [
      "existing signature's appearance replaced",
      'signature-changed',
      (update, document) => {
        update.amend(fieldOf(document).field.reference, { AP: dictionary({ N: update.add(contentStream('')) }) })
      },
    ],
    [
      'object made free or null',
      'object-removed',
      (update, document) => {
        const contents = findPage(document, 1).dictionary.entries.get('Contents')
        const target = is(contents, 'array') ? contents.items[0] : contents
        if (is(target, 'reference')) update.set(target, null)
      },
    ],
    [
      'page content smuggled in as validation data',
      'object-changed',
      (update, document) => {
        const contents = findPage(document, 1).dictionary.entries.get('Contents')
        const target = is(contents, 'array') ? contents.items[0] : contents
        if (!is(target, 'reference')) return
        update.amend(document.catalogReference, { DSS: dictionary({ Certs: array([target]) }) })
        update.set(target, contentStream('BT (Forged) Tj ET'))
      },
    ],
    [
      'scripts in the store of validation data',
      'catalogue-changed',
      (update, document) => {
        update.amend(document.catalogReference, { DSS: dictionary({ JavaScript: dictionary({ Names: array([]) }) }) })
      },
    ],
    [
      'new signature field without a signature, for its picture alone',
      'form-changed',
      (update, document) => {
        const page = findPage(document, 1).reference
        const appearance = dictionary({ N: update.add(contentStream('BT (Forged) Tj ET')) })
        const field = update.add(
          dictionary({
            ...{ Type: name('Annot'), Subtype: name('Widget'), FT: name('Sig'), T: textString('t') },
            ...{ P: page, Rect: array([0, 0, 500, 500]), AP: appearance },
          }),
        )
        update.amend(page, { Annots: array([field]) })
        update.amend(formReference(document), { Fields: array([...fieldItems(document), field]) })
      },
    ],
    [
      'annotations smuggled in as validation data',
      'annotation-changed',
      (update, document) => {
        const note = dictionary({ Type: name('Annot'), Subtype: name('FreeText'), Rect: array([0, 0, 500, 500]) })
        const list = update.add(array([update.add(note)]))
        update.amend(document.catalogReference, { DSS: dictionary({ Certs: list }) })
        update.amend(findPage(document, 1).reference, { Annots: list })
      },
    ],
    [
      'certification added afterwards',
      'catalogue-changed',
      (update, document) => {
        update.amend(document.catalogReference, { Perms: dictionary({ DocMDP: fieldOf(document).value }) })
      },
    ],
  ])('%s', async (_, kind, attack) => {
    const report = await verify(updated(once, attack))
    expect(report.valid).toBe(false)
    expect(report.signatures[0]).toMatchObject({ changesAfter: 'forbidden', indication: 'TOTAL-FAILED' })
    expect(changeKinds(report)).toContain(kind)
  })

  test('page dictionary smuggled in as document information', async () => {
    const path = altered(once, newFile(), bytes => {
      const document = PdfDocument.open(new MemorySource(bytes))
      const update = new IncrementalUpdate(document)
      const page = findPage(document, 1).reference
      update.amend(page, { MediaBox: array([0, 0, 1, 1]) })
      const written = update.write().bytes.toString('latin1')
      const withInformation = written.replace(/\/Info \d+ 0 R/, `/Info ${page.number} 0 R`)
      expect(withInformation).not.toBe(written)
      return Buffer.concat([bytes, Buffer.from(withInformation, 'latin1')])
    })
    const report = await verify(path)
    expect(report.valid).toBe(false)
    expect(changeKinds(report)).toContain('page-changed')
  })

  test('another catalogue', async () => {
    const path = altered(once, newFile(), bytes => {
      const document = PdfDocument.open(new MemorySource(bytes))
      const update = new IncrementalUpdate(document)
      const root = update.add(document.catalog)
      const written = update.write().bytes.toString('latin1')
      const { number } = document.catalogReference
      return Buffer.concat([
        bytes,
        Buffer.from(written.replace(`/Root ${number} 0 R`, `/Root ${root.number} 0 R`), 'latin1'),
      ])
    })
    const report = await verify(path)
    expect(report.valid).toBe(false)
    expect(changeKinds(report)).toContain('update-not-incremental')
  })

  test('an update that skips the signed state', async () => {
    const path = altered(once, newFile(), bytes => {
      const document = PdfDocument.open(new MemorySource(bytes))
      const update = new IncrementalUpdate(document)
      for (const number of document.numbers()) update.set(reference(number), document.object(number))
      const [signed, original] = document.sections
      const written = update.write().bytes.toString('latin1')
      return Buffer.concat([
        bytes,
        Buffer.from(written.replace(`/Prev ${signed?.offset}`, `/Prev ${original?.offset}`), 'latin1'),
      ])
    })
    const report = await verify(path)
    expect(report.valid).toBe(false)
  })

  test('a number that the signed page refers to gets its object only after signing (shadow attack)', async () => {
    const prepared = newFile()
    const document = PdfDocument.open(new MemorySource(await samplePdf()))
    const update = new IncrementalUpdate(document)
    const page = findPage(document, 1)
    const contents = page.dictionary.entries.get('Contents')
    const shown = is(contents, 'array') ? contents.items : [contents ?? null]
    update.amend(page.reference, { Contents: array([...shown, reference(900)]) })
    writeFileSync(prepared, Buffer.concat([await samplePdf(), update.write().bytes]))
    const signed = newFile()
    await signFile(office, office.chairman, prepared, signed)
    expect((await verify(signed)).valid).toBe(true)
    const report = await verify(updated(signed, later => later.set(reference(900), contentStream('BT (Forged) Tj ET'))))
    expect(report.valid).toBe(false)
    expect(changeKinds(report)).toEqual(['hidden-object-defined'])
    expect(report.signatures[0]?.changes[0]?.page).toBe(1)
  })
})

describe('universal signature forgery: the signature dictionary itself', () => {
  test.each<[string, Readonly<Record<string, PdfObject | undefined>>]>([
    ['/Contents missing', { Contents: undefined }],
    ['/Contents null-like', { Contents: string(Uint8Array.of(0), true) }],
    ['/ByteRange missing', { ByteRange: undefined }],
    ['/ByteRange of wrong kind', { ByteRange: textString('0 0 0 0') }],
    ['/ByteRange empty', { ByteRange: array([]) }],
    ['/ByteRange negative', { ByteRange: array([0, -10, 20, 30]) }],
    ['/ByteRange of nothing', { ByteRange: array([0, 0, 0, 0]) }],
    ['/ByteRange beyond the file', { ByteRange: array([0, 10, 20, 99_999_999]) }],
    ['/SubFilter unknown', { SubFilter: name('none') }],
    ['/SubFilter says time-stamp', { SubFilter: name('ETSI.RFC3161') }],
    ['nothing changed but its place', {}],
  ])('%s', async (_, changes) => {
    const report = await verify(
      updated(once, (update, document) => {
        const { value, signature } = fieldOf(document)
        if (signature) update.set(value, withEntries(signature, { ...changes, Moved: true }))
      }),
    )
    expect(report.valid).toBe(false)
    expect(report.signatures.some(({ indication }) => indication === 'TOTAL-PASSED')).toBe(false)
  })

  test('a field that shows the signature a second time', async () => {
    const report = await verify(
      updated(once, (update, document) => {
        const copy = update.add(
          dictionary({
            Type: name('Annot'),
            Subtype: name('Widget'),
            FT: name('Sig'),
            T: textString('Copy'),
            V: fieldOf(document).value,
          }),
        )
        update.amend(formReference(document), { Fields: array([...fieldItems(document), copy]) })
      }),
    )
    expect(report.valid).toBe(false)
    expect(report.signatures.find(({ field }) => field === 'Copy')).toMatchObject({ integrity: 'broken' })
  })

  test('a later signature that is none, for its picture over the page, spoils those before it', async () => {
    const report = await verify(
      updated(once, (update, document) => {
        const page = findPage(document, 1).reference
        const { signature } = fieldOf(document)
        const field = dictionary({
          ...{ Type: name('Annot'), Subtype: name('Widget'), FT: name('Sig'), T: textString('Later'), P: page },
          ...{ Rect: array([0, 0, 500, 500]), AP: dictionary({ N: update.add(contentStream('BT (Forged) Tj ET')) }) },
          V: update.add(signature),
        })
        const added = update.add(field)
        update.amend(page, { Annots: array([added]) })
        update.amend(formReference(document), { Fields: array([...fieldItems(document), added]) })
      }),
    )
    expect(report.signatures.map(({ indication }) => indication)).not.toContain('TOTAL-PASSED')
  })

  test('one array as annotations and as content of a page', async () => {
    const prepared = newFile()
    const original = await samplePdf()
    const document = PdfDocument.open(new MemorySource(original))
    const update = new IncrementalUpdate(document)
    const page = findPage(document, 2)
    const contents = page.dictionary.entries.get('Contents')
    const both = update.add(array(is(contents, 'array') ? contents.items : [contents ?? null]))
    update.amend(page.reference, { Contents: both, Annots: both })
    writeFileSync(prepared, Buffer.concat([original, update.write().bytes]))
    const signed = newFile()
    await signFile(office, office.chairman, prepared, signed)
    const report = await verify(
      updated(signed, (later, current) => {
        const widget = later.add({
          kind: 'stream',
          dictionary: dictionary({
            Subtype: name('Widget'),
            FT: name('Sig'),
            T: textString('x'),
            V: fieldOf(current).value,
            P: page.reference,
            Length: 3,
          }),
          data: new MemorySource(Buffer.from('q Q')),
        })
        const items = current.object(both.number)
        later.set(both, array([...(is(items, 'array') ? items.items : []), widget]))
        later.amend(formReference(current), { Fields: array([...fieldItems(current), widget]) })
      }),
    )
    expect(report.signatures[0]).toMatchObject({ changesAfter: 'forbidden', indication: 'TOTAL-FAILED' })
  })

  test('a signature taken out of the form is missed', async () => {
    const report = await verify(
      updated(once, (update, document) => update.amend(formReference(document), { Fields: array([]) })),
    )
    expect(report.valid).toBe(false)
    expect(report.signatures).toMatchObject([
      { field: 'Signature1', integrity: 'broken', messages: [{ code: 'verify-signature-removed' }] },
    ])
  })

  test('the first of two signatures taken out after the second', async () => {
    const report = await verify(
      updated(twice, (update, document) =>
        update.amend(formReference(document), { Fields: array(fieldItems(document).slice(1)) }),
      ),
    )
    expect(report.valid).toBe(false)
    expect(report.signatures.every(({ indication }) => indication === 'TOTAL-FAILED')).toBe(true)
  })

  test('byte ranges: only all but the own /Contents is accepted', () => {
    const contents = { start: 100, end: 200 }
    expect(checkByteRange([0, 100, 200, 300], contents, 500)).toBeNull()
    expect(checkByteRange([0, 100, 200, 200], contents, 500)).toBeNull()
    expect(checkByteRange(null, contents, 500)).toBe('byte-range-missing')
    expect(checkByteRange([1, 99, 200, 300], contents, 500)).toBe('byte-range-incomplete')
    expect(checkByteRange([0, 100, 200, 0], contents, 500)).toBe('byte-range-incomplete')
    expect(checkByteRange([0, 100, 200, 301], contents, 500)).toBe('byte-range-outside-file')
    expect(checkByteRange([0, 90, 200, 300], contents, 500)).toBe('hole-is-not-contents')
    expect(checkByteRange([0, 100, 210, 290], contents, 500)).toBe('hole-is-not-contents')
    expect(checkByteRange([0, 250, 200, 300], contents, 500)).toBe('byte-range-outside-file')
    expect(checkByteRange([0, 150, 150, 300], contents, 500)).toBe('hole-is-not-contents')
    expect(checkByteRange([0, 100, 200, 300], null, 500)).toBe('hole-is-not-contents')
  })

  test('a dictionary with /Contents twice is not accepted', async () => {
    const input = newFile()
    const output = newFile()
    writeFileSync(input, await samplePdf())
    const toBeSigned = await prepareSignature(input, request(office, office.chairman), { workFile: output })
    const value = await signWithToken(toBeSigned, office.chairman.session)
    const cms = buildSignedData({ ...toBeSigned, signature: value.signature, timestampToken: null })
    altered(output, output, bytes => {
      bytes.write(Buffer.from(cms).toString('hex'), toBeSigned.byteRange[1] + 1, 'latin1')
      // the /M entry becomes a second /Contents of the same length
      const at = bytes.indexOf('/M (', toBeSigned.byteRange[2])
      const end = bytes.indexOf(')', at) + 1
      bytes.write('/Contents <00>'.padEnd(end - at), at, 'latin1')
      return bytes
    })
    expect((await verify(output)).signatures[0]).toMatchObject({ integrity: 'broken', subIndication: 'FORMAT_FAILURE' })
  })
})

describe('inside the CMS', () => {
  /** A file whose hole is filled with what `forge` makes. */
  async function forged(
    forge: (toBeSigned: Awaited<ReturnType<typeof prepareSignature>>, signature: Uint8Array) => Uint8Array,
  ): Promise<VerificationReport> {
    const input = newFile()
    const output = newFile()
    writeFileSync(input, await samplePdf())
    const toBeSigned = await prepareSignature(input, request(office, office.chairman), { workFile: output })
    const { signature } = await signWithToken(toBeSigned, office.chairman.session)
    const cms = forge(toBeSigned, signature)
    altered(output, output, bytes => {
      bytes.write(Buffer.from(cms).toString('hex'), toBeSigned.byteRange[1] + 1, 'latin1')
      return bytes
    })
    return verify(output)
  }

  test('done right it passes', async () => {
    expect(
      (await forged((content, signature) => buildSignedData({ ...content, signature, timestampToken: null }))).valid,
    ).toBe(true)
  })

  test('certificate swapped for another one of the same key', async () => {
    const { publicKeyInfo } = parseCertificate(office.chairman.certificate.der)
    const other = readCertificate(
      issueCertificate(office.pki, {
        kind: 'person',
        publicKey: publicKeyInfo,
        subject: { commonName: 'Người Khác (mẫu)' },
        notBefore: new Date(Date.now() - 1000),
        notAfter: new Date(Date.now() + 1e9),
      }),
    )
    const report = await forged((content, signature) =>
      buildSignedData({ ...content, certificate: other, signature, timestampToken: null }),
    )
    expect(report).toMatchObject({
      valid: false,
      signatures: [{ integrity: 'broken', messages: [{ code: 'verify-certificate-swapped' }] }],
    })
  })

  test.each<[string, string, (der: Buffer) => Uint8Array]>([
    [
      'signature value altered',
      'SIG_CRYPTO_FAILURE',
      der => {
        der[der.length - 5] = (der[der.length - 5] ?? 0) ^ 1
        return der
      },
    ],
    ['garbage', 'FORMAT_FAILURE', () => Buffer.from('not a signature at all')],
    ['empty', 'FORMAT_FAILURE', () => Buffer.alloc(0)],
    ['cut short', 'FORMAT_FAILURE', der => der.subarray(0, 500)],
    ['something hidden behind it', 'FORMAT_FAILURE', der => Buffer.concat([der, Buffer.from([0, 0, 1])])],
  ])('%s', async (_, subIndication, spoil) => {
    const report = await forged((content, signature) =>
      spoil(Buffer.from(buildSignedData({ ...content, signature, timestampToken: null }))),
    )
    expect(report).toMatchObject({
      valid: false,
      signatures: [{ integrity: 'broken', indication: 'TOTAL-FAILED', subIndication }],
    })
  })

  test('a certificate with an extension that nobody can read: a verdict, no refusal of the file', async () => {
    const report = await forged((content, signature) => {
      const der = Buffer.from(buildSignedData({ ...content, signature, timestampToken: null }))
      // the SEQUENCE of the key usage loses its mark of being made of parts
      const at = der.indexOf(Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x0f])) - 2
      expect(der[at]).toBe(0x30)
      der[at] = 0x10
      return der
    })
    expect(report).toMatchObject({ valid: false, signatures: [{ integrity: 'broken' }] })
  })

  test('signature of another file', async () => {
    const stranger = await prepareSignature(once, request(office, office.chairman, { fieldName: 'S2' }), {
      workFile: newFile(),
    })
    const { signature } = await signWithToken(stranger, office.chairman.session)
    const report = await forged(content =>
      buildSignedData({ ...content, signedAttributes: stranger.signedAttributes, signature, timestampToken: null }),
    )
    expect(report.signatures[0]).toMatchObject({ subIndication: 'HASH_FAILURE' })
  })
})

describe('certificates', () => {
  test('an unknown authority is never trusted', async () => {
    const report = await verifyPdf(once, { trustAnchors: [readCertificate(testOffice().pki.root.certificate)] })
    expect(report).toMatchObject({
      valid: false,
      signatures: [{ integrity: 'intact', indication: 'INDETERMINATE', subIndication: 'NO_CERTIFICATE_CHAIN_FOUND' }],
    })
  })

  test('no anchors at all: integrity is told, trust is not', async () => {
    const report = await verifyPdf(once, { trustAnchors: [] })
    expect(report.signatures[0]).toMatchObject({ integrity: 'intact', indication: 'INDETERMINATE' })
  })

  test('years later, without time-stamp, an expired certificate no longer proves anything', async () => {
    const report = await verifyPdf(once, { ...office.trust, at: new Date(Date.now() + 3 * 365 * 86_400_000) })
    expect(report.signatures[0]).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'OUT_OF_BOUNDS_NO_POE' })
  })
})

test('a file made by another program without our signature is read as it is', async () => {
  const document = await PDFDocument.create()
  document.addPage()
  document.getForm().createTextField('name').setText('x')
  const path = newFile()
  writeFileSync(path, await document.save())
  expect((await verify(path)).signatures).toEqual([])
})
