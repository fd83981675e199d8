import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { PDFDocument, PDFName, PDFString } from 'pdf-lib'
import { afterAll, describe, expect, test } from 'vitest'
import { extendPdf, type Rectangle, type SignedFile, type Timestamper } from '../../native-signing/index.ts'
import { pdfsig, qpdf, qpdfCheck } from '../support/pdf-judges.ts'
import { encryptedPdf, hybridPdf, waitingFieldPdf } from '../support/unusual-pdfs.ts'
import { samplePdf, signatureImage, signFile, temporaryFolder, testOffice } from '../unit/signing/support.ts'

const office = testOffice()
const image = await signatureImage()
const folder = temporaryFolder('signing-inputs-')
afterAll(() => folder[Symbol.dispose]())

let count = 0
const newFile = () => folder.file(`${++count}.pdf`)

async function throughQpdf(flags: readonly string[], plain?: Uint8Array): Promise<string> {
  const [input, output] = [newFile(), newFile()]
  writeFileSync(input, plain ?? (await samplePdf()))
  await qpdf(...flags, input, output)
  return output
}

function written(bytes: Uint8Array): string {
  const path = newFile()
  writeFileSync(path, bytes)
  return path
}

interface Input {
  readonly path: string
  readonly password?: string
  /** Of a field that waits; else one is made. */
  readonly field?: string
  /** Place of the mark; null for a waiting field's own. */
  readonly page?: number
  readonly rectangle?: Rectangle
  /** Poppler 22.12 looks for a signature in the widget alone, not in the field above it where it belongs. */
  readonly unseenByPoppler?: boolean
}

const MARK: Rectangle = { x: 200, y: 150, width: 120, height: 60 }

/** The chairman signs, then the office; whatever the input, others judge both to be in order. */
async function signTwice({ path, password = '', field = 'Signature1', ...mark }: Input): Promise<SignedFile> {
  const [once, twice] = [newFile(), newFile()]
  const appearance = { page: mark.page ?? 1, rectangle: mark.rectangle ?? MARK, image }
  const seal = { ...appearance, rectangle: { ...appearance.rectangle, x: appearance.rectangle.x - 50 } }
  const reason = 'Chứng thực (mẫu)'
  await signFile(office, office.chairman, path, once, { changes: { appearance, fieldName: field, reason }, password })
  const signed = await signFile(office, office.seal, once, twice, {
    changes: { appearance: seal, fieldName: 'Con dấu' },
    password,
  })
  expect(signed.report.valid).toBe(true)
  const input = readFileSync(path)
  expect(readFileSync(twice).subarray(0, input.length).equals(input)).toBe(true)
  await qpdfCheck(twice, password)
  const first = { field, name: 'Nguyễn Văn An (mẫu)', coverage: 'part', valid: true }
  expect(await pdfsig(twice, password)).toEqual([
    ...(mark.unseenByPoppler ? [] : [first]),
    { field: 'Con dấu', name: 'UBND XÃ THANH BÌNH (MẪU)', coverage: 'whole', valid: true },
  ])
  return signed
}

describe('files of any structure are signed twice', () => {
  const makers: Readonly<Record<string, () => Promise<string>>> = {
    table: async () => written(await samplePdf()),
    'object streams': async () => written(await samplePdf({ objectStreams: true })),
    'stream cross-reference': () => throughQpdf(['--object-streams=generate', '--stream-data=uncompress']),
    hybrid: async () => written(hybridPdf()),
    linearised: () => throughQpdf(['--linearize']),
    'linearised with object streams': () => throughQpdf(['--linearize', '--object-streams=generate']),
    'PDF 1.3': () => throughQpdf(['--force-version=1.3', '--object-streams=disable']),
    'PDF 1.4': () => throughQpdf(['--force-version=1.4']),
    'PDF 1.5': () => throughQpdf(['--min-version=1.5']),
    'PDF 1.6': () => throughQpdf(['--min-version=1.6']),
    'PDF 1.7': () => throughQpdf(['--min-version=1.7']),
    'PDF 2.0': () => throughQpdf(['--min-version=2.0']),
    'no line end behind the last word': async () =>
      written(
        Buffer.from(
          Buffer.from(await samplePdf())
            .toString('latin1')
            .trimEnd(),
          'latin1',
        ),
      ),
    'blanks behind the last word': async () => written(Buffer.concat([await samplePdf(), Buffer.from('\r\n  \n')])),
    'junk before the header': async () => written(Buffer.concat([Buffer.from('junk\n'), await samplePdf()])),
  }
  test.each(Object.keys(makers))('%s', async kind => {
    await signTwice({ path: (await makers[kind]?.()) ?? '' })
  })
})

describe('pages of any kind', () => {
  async function page(edit: (page: ReturnType<PDFDocument['addPage']>) => void): Promise<string> {
    const document = await PDFDocument.create()
    const added = document.addPage([595, 842])
    added.drawText('Trang', { x: 220, y: 300 })
    edit(added)
    return written(await document.save({ useObjectStreams: false }))
  }

  test.each([0, 90, 180, 270])('turned by %d degrees', async degrees => {
    await signTwice({ path: await throughQpdf([`--rotate=${degrees}`]), page: 2 })
  })

  test('cropped', async () => {
    await signTwice({ path: await page(each => each.setCropBox(100, 100, 300, 300)) })
  })

  test('with a media box that begins elsewhere', async () => {
    const path = await page(each => each.setMediaBox(-300, -400, 595, 842))
    await signTwice({ path, rectangle: { x: -100, y: -300, width: 120, height: 60 } })
  })

  test('the last of many', async () => {
    await signTwice({ path: written(await samplePdf({ pages: 300, objectStreams: true })), page: 300 })
  })
})

describe('signature fields that wait', () => {
  test('are used by their name, at their own place', async () => {
    const { path } = await signTwice({ path: written(await waitingFieldPdf()), field: 'Waiting' })
    expect(await qpdf('--json', path)).not.toContain('Signature1')
  })

  test.each([
    ['within another field', { kid: false }],
    ['within another field, with a widget apart from it', { kid: true }],
  ])('%s', async (_, { kid }) => {
    const document = await PDFDocument.create()
    const page = document.addPage([595, 842])
    const { context } = document
    const widget = { Type: 'Annot', Subtype: 'Widget', Rect: [100, 100, 260, 160], F: 4, P: page.ref }
    const [form, signature] = [context.nextRef(), context.nextRef()]
    const field = { FT: 'Sig', T: PDFString.of('Signer'), Parent: form }
    const apart = kid ? context.register(context.obj({ ...widget, Parent: signature })) : null
    context.assign(signature, context.obj(apart ? { ...field, Kids: [apart] } : { ...widget, ...field }))
    context.assign(form, context.obj({ T: PDFString.of('Form'), Kids: [signature] }))
    page.node.set(PDFName.of('Annots'), context.register(context.obj([apart ?? signature])))
    document.catalog.set(PDFName.of('AcroForm'), context.obj({ Fields: context.register(context.obj([form])) }))
    const path = written(await document.save({ useObjectStreams: false }))
    await signTwice({ path, field: 'Form.Signer', unseenByPoppler: kid })
  })
})

describe('damaged files', () => {
  test.each<[string, (text: string) => string]>([
    ['a cross-reference that stands elsewhere', text => text.replace(/startxref\n(\d+)/, 'startxref\n17')],
    ['offsets that lead to other objects', text => text.replaceAll(/^(\d{10}) 00000 n/gm, '0000000020 00000 n')],
    ['the end cut off', text => text.slice(0, -400)],
  ])('%s: refused, although some readers would guess', async (_, damage) => {
    const text = Buffer.from(await samplePdf()).toString('latin1')
    const path = written(Buffer.from(damage(text), 'latin1'))
    const before = readFileSync(path)
    const output = newFile()
    const signing = signFile(office, office.chairman, path, output)
    await expect(signing).rejects.toMatchObject({ code: 'pdf-unreadable' })
    expect(existsSync(output)).toBe(false)
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})

describe('archival files', () => {
  /** A document that says that it keeps to a part of PDF/A. */
  async function archival(part: number): Promise<string> {
    const document = await PDFDocument.create()
    document.addPage([595, 842])
    const text = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><pdfaid:part>${part}</pdfaid:part></x:xmpmeta>`
    const metadata = document.context.stream(text, { Type: 'Metadata', Subtype: 'XML' })
    document.catalog.set(PDFName.of('Metadata'), document.context.register(metadata))
    return written(await document.save({ useObjectStreams: false }))
  }

  test('PDF/A-1 gets no transparency, and an appearance for fields that show nothing', async () => {
    const { path } = await signTwice({ path: await archival(1) })
    expect(readFileSync(path).includes('/SMask')).toBe(false)
    const output = newFile()
    await signFile(office, office.chairman, path, output, { changes: { fieldName: 'Third' } })
    const added = readFileSync(output).subarray(readFileSync(path).length).toString('latin1')
    expect(added).toMatch(/\/Subtype \/Widget[\s\S]*\/AP <</)
  })

  test('later parts keep the transparency of the mark', async () => {
    const { path } = await signTwice({ path: await archival(2) })
    expect(readFileSync(path).includes('/SMask')).toBe(true)
  })
})

const ENCRYPTIONS: Readonly<Record<string, readonly string[]>> = {
  'RC4 40': ['40', '--'],
  'RC4 128': ['128', '--use-aes=n', '--'],
  'RC4 128 by crypt filter': ['128', '--force-V4', '--'],
  'AES 128': ['128', '--use-aes=y', '--'],
  'AES 128 but for the metadata': ['128', '--use-aes=y', '--cleartext-metadata', '--'],
  'AES 256, revision 5': ['256', '--force-R5', '--'],
  'AES 256': ['256', '--'],
}

describe('encrypted files', () => {
  const encrypted = (kind: string, user: string, owner: string, more: readonly string[] = []) =>
    throughQpdf(['--allow-weak-crypto', ...more, '--encrypt', user, owner, ...(ENCRYPTIONS[kind] ?? [])])

  describe.each(Object.keys(ENCRYPTIONS))('%s', kind => {
    test('that anybody may open', async () => {
      await signTwice({ path: await encrypted(kind, '', 'owner') })
    })

    test('by the password of the reader, with object streams where the version has them', async () => {
      const path = await encrypted(kind, 'reader', 'owner', ['--object-streams=generate'])
      await signTwice({ path, password: 'reader' })
    })

    test('by the password of the owner', async () => {
      await signTwice({ path: await encrypted(kind, 'reader', 'owner'), password: 'owner' })
    })

    test('without or with a wrong password: an error that says so, no file', async () => {
      const path = await encrypted(kind, 'reader', 'owner')
      const output = newFile()
      const sign = (password: string) => signFile(office, office.chairman, path, output, { password })
      await expect(sign('')).rejects.toMatchObject({ code: 'pdf-password-required' })
      await expect(sign('Reader')).rejects.toMatchObject({ code: 'pdf-password-wrong' })
      expect(existsSync(output)).toBe(false)
    })
  })

  // the key of old files is made of the first identifier too, so a signature must not give them another one
  test.each<[string, Parameters<typeof encryptedPdf>[0]]>([
    ['without identifiers', { identifier: null }],
    ['with an empty identifier', { identifier: '' }],
    ['with identifiers that stand elsewhere', { identifier: 'of this file', indirect: true }],
  ])('%s', async (_, kind) => {
    await signTwice({ path: written(encryptedPdf(kind)) })
  })

  test('a Vietnamese password, typed composed or not', async () => {
    const path = await encrypted('AES 256', 'mật khẩu'.normalize('NFC'), 'owner')
    await signTwice({ path, password: 'mật khẩu'.normalize('NFC') })
    const output = newFile()
    await signFile(office, office.chairman, path, output, { password: 'mật khẩu'.normalize('NFD') })
  })

  test('what the author does not permit is refused, but not to the owner', async () => {
    const path = await throughQpdf(['--encrypt', '', 'owner', '256', '--modify=none', '--annotate=n', '--'])
    const sign = (password: string) => signFile(office, office.chairman, path, newFile(), { password })
    await expect(sign('')).rejects.toMatchObject({ code: 'pdf-changes-not-permitted' })
    await signTwice({ path, password: 'owner' })
  })

  test('a waiting field may be signed where forms may be filled', async () => {
    const flags = ['--encrypt', '', 'owner', '256', '--modify=form', '--annotate=n', '--']
    const path = await throughQpdf(flags, await waitingFieldPdf())
    const output = newFile()
    const { report } = await signFile(office, office.chairman, path, output, { changes: { fieldName: 'Waiting' } })
    expect(report.valid).toBe(true)
    const timestamper: Timestamper = { stamp: () => Promise.reject(new Error('not to be asked')) }
    const lifting = { level: 'B-T', timestamper, trust: office.trust, fetcher: null, output: newFile() } as const
    await expect(extendPdf(output, lifting)).rejects.toMatchObject({ code: 'pdf-changes-not-permitted' })
    const other = signFile(office, office.seal, output, newFile(), { changes: { fieldName: 'Another' } })
    await expect(other).rejects.toMatchObject({ code: 'pdf-changes-not-permitted' })
  })
})
