import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { PDFDocument, PDFName, PDFString } from 'pdf-lib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTimestampAuthority, type TimestampAuthority } from '../../electron/sandbox/timestamp-authority.ts'
import {
  type CertificationLevel,
  createTimestamper,
  extendPdf,
  type FieldLock,
  type SignatureRequest,
} from '../../native-signing/index.ts'
import { PdfDocument } from '../../native-signing/pdf/document.ts'
import { certificationLevel, fieldLocks } from '../../native-signing/pdf/form.ts'
import { MemorySource } from '../../native-signing/pdf/source.ts'
import { pdfsig, qpdfCheck } from '../support/pdf-judges.ts'
import { samplePdf, signFile, temporaryFolder, testOffice } from '../unit/signing/support.ts'

const office = testOffice()
const folder = temporaryFolder('signing-locks-')
let authority: TimestampAuthority
beforeAll(async () => {
  const { pki } = office
  authority = await startTimestampAuthority({ identity: pki.timestampAuthority, chain: [pki.subCa.certificate] })
})
afterAll(async () => {
  await authority.close()
  folder[Symbol.dispose]()
})

let count = 0
const newFile = () => folder.file(`${++count}.pdf`)
const open = (path: string) => PdfDocument.open(new MemorySource(readFileSync(path)))

async function plain(objectStreams = false): Promise<string> {
  const path = newFile()
  writeFileSync(path, await samplePdf({ objectStreams }))
  return path
}

interface WaitingLock {
  readonly Type: 'SigFieldLock'
  readonly Action: 'Include'
  readonly Fields: PDFString[]
}

/** Empty signature fields, with their locks, as a maker of forms leaves them. */
async function waiting(fields: Readonly<Record<string, WaitingLock | null>>): Promise<string> {
  const document = await PDFDocument.create()
  const page = document.addPage([595, 842])
  const { context } = document
  const references = Object.entries(fields).map(([field, lock], index) =>
    context.register(
      context.obj({
        ...{ Type: 'Annot', Subtype: 'Widget', FT: 'Sig', F: 4, P: page.ref },
        T: PDFString.of(field),
        Rect: [100, 100 + index * 80, 260, 160 + index * 80],
        ...(lock ? { Lock: context.register(context.obj({ ...lock })) } : {}),
      }),
    ),
  )
  page.node.set(PDFName.of('Annots'), context.obj(references))
  document.catalog.set(PDFName.of('AcroForm'), context.register(context.obj({ Fields: references })))
  const path = newFile()
  writeFileSync(path, await document.save({ useObjectStreams: false }))
  return path
}

async function sign(input: string, changes: Partial<SignatureRequest>): Promise<string> {
  const output = newFile()
  const { report } = await signFile(office, office.chairman, input, output, { changes })
  expect(report.valid).toBe(true)
  await qpdfCheck(output)
  expect((await pdfsig(output)).every(({ valid }) => valid)).toBe(true)
  return output
}

async function refused(input: string, changes: Partial<SignatureRequest>, code: string): Promise<void> {
  const output = newFile()
  await expect(signFile(office, office.seal, input, output, { changes })).rejects.toMatchObject({ code })
  expect(existsSync(output)).toBe(false)
  expect(existsSync(`${output}.work`)).toBe(false)
}

describe('a certified document', () => {
  test('P 1 lets nobody sign after it', async () => {
    const certified = await sign(await plain(), { certification: 1 })
    expect(certificationLevel(open(certified))).toBe(1)
    await refused(certified, { fieldName: 'Seal' }, 'pdf-changes-forbidden')
  })

  test('P 1 lets time-stamps prove its time (ISO 32000-2 §12.8.2.2.2)', async () => {
    const output = newFile()
    const timestamper = createTimestamper({ url: authority.url })
    const input = await sign(await plain(), { certification: 1 })
    const options = { level: 'B-T', timestamper, trust: office.trust, fetcher: null, output } as const
    const { report } = await extendPdf(input, options)
    expect(report).toMatchObject({ valid: true, signatures: [{ level: 'B-T', changesAfter: 'permitted' }, {}] })
    await qpdfCheck(output)
  })

  test.each<CertificationLevel>([2, 3])('P %d lets others sign, but not certify again', async certification => {
    const certified = await sign(await plain(true), { certification })
    expect(certificationLevel(open(certified))).toBe(certification)
    await refused(certified, { fieldName: 'Seal', certification }, 'certification-not-first')
    const both = await sign(certified, { fieldName: 'Seal' })
    expect(certificationLevel(open(both))).toBe(certification)
    expect((await pdfsig(both)).map(({ field }) => field)).toEqual(['Signature1', 'Seal'])
  })

  test('nobody certifies what somebody has signed', async () => {
    await refused(await sign(await plain(), {}), { fieldName: 'Seal', certification: 2 }, 'certification-not-first')
  })

  test('in a field that waits', async () => {
    const certified = await sign(await waiting({ One: null, Two: null }), { fieldName: 'One', certification: 2 })
    expect(certificationLevel(open(certified))).toBe(2)
    await sign(certified, { fieldName: 'Two' })
  })
})

describe('a signature locks fields', () => {
  test.each<[FieldLock, readonly string[], readonly string[]]>([
    [{ kind: 'all' }, ['One', 'Two'], []],
    [{ kind: 'include', fields: ['One'] }, ['One'], ['Two']],
    [{ kind: 'exclude', fields: ['One'] }, ['Two'], ['One']],
    [{ kind: 'include', fields: ['Ô chữ ký'] }, [], ['One', 'Two']],
  ])('%j', async (lock, locked, free) => {
    const signed = await sign(await waiting({ One: null, Two: null }), { lock })
    for (const field of locked) await refused(signed, { fieldName: field }, 'field-locked')
    for (const field of free) await sign(signed, { fieldName: field })
    expect(fieldLocks(open(signed))('Ô chữ ký')).toBe(lock.kind !== 'include' || lock.fields.includes('Ô chữ ký'))
  })

  test('a certifying signature may do so too', async () => {
    const lock: FieldLock = { kind: 'include', fields: ['Two'] }
    const signed = await sign(await waiting({ One: null, Two: null }), { fieldName: 'First', certification: 2, lock })
    await refused(signed, { fieldName: 'Two' }, 'field-locked')
    await sign(signed, { fieldName: 'One' })
  })

  test('the lock that waits in a field is obeyed, and no other one put in its place', async () => {
    const own: WaitingLock = { Type: 'SigFieldLock', Action: 'Include', Fields: [PDFString.of('Two')] }
    const form = await waiting({ One: own, Two: null })
    await refused(form, { fieldName: 'One', lock: { kind: 'all' } }, 'field-lock-differs')
    const signed = await sign(form, { fieldName: 'One' })
    await refused(signed, { fieldName: 'Two' }, 'field-locked')
    await sign(form, { fieldName: 'One', lock: { kind: 'include', fields: ['Two'] } })
  })

  test('a name that only a field within another could have is not made', async () => {
    await refused(await plain(), { fieldName: 'form.signature' }, 'field-not-found')
    await refused(await plain(), { fieldName: '' }, 'field-not-found')
  })
})
