import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { verifyPdf } from '../../../native-signing/index.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { acroForm } from '../../../native-signing/pdf/form.ts'
import {
  array,
  dictionary,
  is,
  name,
  type PdfReference,
  reference,
  textString,
} from '../../../native-signing/pdf/objects.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { Judge, type Outcome } from '../../fuzz/judge.ts'
import { faultOf } from '../../fuzz/oracle.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { signFile, testOffice } from '../signing/support.ts'
import type { Edit } from './edit.ts'
import { type Body, file, stream } from './pdf-bytes.ts'

const folder = temporaryFolder('hostile-updates-')
afterAll(() => folder[Symbol.dispose]())
let counter = 0

describe('signed files that go on and on', () => {
  const office = testOffice()

  /** `base` signed, then updated one time after the other. @returns its path */
  async function updated(base: Buffer, updates: readonly Edit[]): Promise<string> {
    const [plain, signed] = [folder.file(`${++counter}.pdf`), folder.file(`${++counter}.pdf`)]
    writeFileSync(plain, base)
    await signFile(office, office.chairman, plain, signed)
    const parts: Buffer[] = [readFileSync(signed)]
    for (const edit of updates) {
      const document = PdfDocument.open(new MemorySource(Buffer.concat(parts)))
      const update = new IncrementalUpdate(document)
      edit(update, document)
      parts.push(update.write().bytes)
    }
    writeFileSync(plain, Buffer.concat(parts))
    return plain
  }
  async function judged(path: string): Promise<Outcome> {
    using own = new Judge([...office.trust.trustAnchors, ...office.chain])
    return await own.judge(path)
  }
  /** One more entry of the document information each time. */
  const described = (times: number): readonly Edit[] =>
    Array.from({ length: times }, (_, time) => (update, document) => {
      const information = document.trailer.entries.get('Info')
      if (is(information, 'reference')) update.set(information, dictionary({ Title: textString(`${time}`) }))
    })
  function expectInTime(outcome: Outcome): void {
    expect(outcome.kind).toBe('report')
    if (outcome.kind === 'report')
      expect(faultOf(Buffer.alloc(0), [], { ...outcome, signatures: [], valid: false })).toBeNull()
  }
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>'
  const start = {
    1: '<< /Type /Catalog /Pages 2 0 R >>',
    2: '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    3: page,
    4: '<< >>',
  }

  test('thirty thousand objects', async () => {
    const objects: Record<number, Body> = { ...start }
    for (let number = 5; number < 30_000; number++) objects[number] = `<< /A ${number - 1} 0 R >>`
    expectInTime(await judged(await updated(file(objects, '/Info 4 0 R'), described(1))))
  })

  test('five thousand streams whose length is wrong', async () => {
    const objects: Record<number, Body> = { ...start }
    for (let number = 5; number < 5_000; number++) objects[number] = stream('', Buffer.from('x'), '99999999')
    expectInTime(await judged(await updated(file(objects, '/Info 4 0 R'), described(1))))
  })

  test('two hundred permitted updates', async () => {
    expect(await judged(await updated(file(start, '/Info 4 0 R'), described(200)))).toMatchObject({
      kind: 'report',
      valid: true,
    })
  })

  const PAGES = 1500
  /** Pages from 1000, their lists of annotations from 5000, and a widget on each from 9000 that waits to be signed. */
  function manyPages(isWaiting: boolean): Buffer {
    const numbers = Array.from({ length: PAGES }, (_, index) => index)
    const kids = numbers.map(index => `${index + 1000} 0 R`).join(' ')
    const widgets = numbers.map(index => `${index + 9000} 0 R`).join(' ')
    const objects: Record<number, Body> = {
      1: `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${isWaiting ? '4 0 R' : ''}] >> >>`,
      2: `<< /Type /Pages /Kids [${kids}] /Count ${PAGES} /MediaBox [0 0 600 800] >>`,
      4: `<< /FT /Sig /T (all) /Kids [${widgets}] >>`,
    }
    for (const index of numbers) {
      objects[index + 1000] = `<< /Type /Page /Parent 2 0 R /Annots ${isWaiting ? `${index + 5000} 0 R` : '[]'} >>`
      if (!isWaiting) continue
      objects[index + 5000] = `[${index + 9000} 0 R]`
      objects[index + 9000] = `<< /Subtype /Widget /Parent 4 0 R /Rect [9 9 99 99] >>`
    }
    return file(objects)
  }
  const look = { AP: dictionary({}), Rect: array([9, 9, 99, 99]), Subtype: name('Widget') }
  const value = dictionary({ Type: name('Sig'), SubFilter: name('ETSI.CAdES.detached') })
  const ways: readonly (readonly [string, boolean, Edit])[] = [
    [
      'that waited for it',
      true,
      update => {
        update.amend(reference(4), { V: update.add(value) })
        for (let number = 9000; number < 9000 + PAGES; number++) update.amend(reference(number), look)
      },
    ],
    [
      'that are new',
      false,
      (update, document) => {
        const field = update.reserve()
        const widgets: PdfReference[] = []
        for (let number = 1000; number < 1000 + PAGES; number++) {
          const widget = update.add(dictionary({ ...look, Parent: field, P: reference(number) }))
          const annotations = document.get(document.dictionary(reference(number)) ?? dictionary({}), 'Annots')
          const before = is(annotations, 'array') ? annotations.items : []
          update.amend(reference(number), { Annots: array([...before, widget]) })
          widgets.push(widget)
        }
        update.set(
          field,
          dictionary({ FT: name('Sig'), T: textString('all'), Kids: array(widgets), V: update.add(value) }),
        )
        const holder = document.catalog.entries.get('AcroForm')
        const present = document.get(acroForm(document) ?? dictionary({}), 'Fields')
        const fields = array([...(is(present, 'array') ? present.items : []), field])
        if (is(holder, 'reference')) update.amend(holder, { Fields: fields })
        else update.amend(document.catalogReference, { AcroForm: dictionary({ Fields: fields, SigFlags: 3 }) })
      },
    ],
  ]
  test.each(ways)(
    'one signature shown on each of a thousand pages and more, by widgets %s',
    async (_, isWaiting, edit) => {
      const path = await updated(manyPages(isWaiting), [edit])
      expectInTime(await judged(path))
      const { signatures } = await verifyPdf(path, office.trust)
      const first = signatures.find(({ field }) => field === 'Signature1')
      // the second signature is none, its pictures neither; but all was read
      expect(first?.changes.map(({ kind, page }) => [kind, page])).toEqual([
        ['form-changed', isWaiting ? undefined : 1],
      ])
    },
  )

  /** Fields from 1000, each its own widget. */
  const FIELDS = 1500
  test('more than a thousand fields that are filled in', async () => {
    const numbers = Array.from({ length: FIELDS }, (_, index) => index + 1000)
    const objects: Record<number, Body> = {
      ...start,
      1: `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${numbers.map(number => `${number} 0 R`).join(' ')}] >> >>`,
    }
    const fixed = `/Subtype /Widget /FT /Tx /Rect [1 1 2 2] /P 3 0 R /TU (${'x'.repeat(100)})`
    for (const number of numbers) objects[number] = `<< ${fixed} /T (${number}) >>`
    const path = await updated(file(objects), [
      update => {
        for (const number of numbers) update.amend(reference(number), { V: textString('filled') })
      },
    ])
    expect(await judged(path)).toMatchObject({ kind: 'report', valid: true })
  })

  test('more changed objects than a function takes arguments', async () => {
    const objects: Record<number, Body> = { ...start }
    for (let number = 5; number < 150_000; number++) objects[number] = '0'
    const path = await updated(file(objects), [
      update => {
        for (let number = 5; number < 150_000; number++) update.set(reference(number), 1)
      },
    ])
    expectInTime(await judged(path))
  })
})
