import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type VerificationReport, verifyPdf } from '../../../native-signing/index.ts'
import { acroForm } from '../../../native-signing/pdf/form.ts'
import { array, dictionary, is, name, type PdfObject, textString } from '../../../native-signing/pdf/objects.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import { altered, signatureImage, signFile, temporaryFolder, testOffice } from '../signing/support.ts'
import { certify, type Locks } from './certify.ts'
import { type Edit, edited } from './edit.ts'
import { drawing, drawnBy, fieldOf, formFile, widgetOf } from './form-file.ts'

const office = testOffice()
const folder = temporaryFolder('permitted-changes-')
let form = ''
let counter = 0
const newFile = () => folder.file(`form-${++counter}.pdf`)

beforeAll(async () => {
  form = newFile()
  writeFileSync(form, await formFile())
})
afterAll(() => folder[Symbol.dispose]())

/** The form signed with these locks, then changed. */
async function judged(locks: Locks, edit: Edit): Promise<VerificationReport> {
  const signed = newFile()
  await certify(office, office.chairman, form, signed, locks)
  expect((await verifyPdf(signed, office.trust)).valid).toBe(true)
  return verifyPdf(changed(signed, edit), office.trust)
}

const changed = (source: string, edit: Edit): string => edited(source, newFile(), edit)

/** Fills a field the way readers do: value in the field, a new picture in its widget. */
const fill =
  (wanted: string, value: PdfObject, more: Readonly<Record<string, PdfObject>> = {}): Edit =>
  (update, document) => {
    const { reference } = fieldOf(document, wanted)
    const widget = widgetOf(document, wanted)
    const look = { AP: dictionary({ N: update.add(drawing('BT (filled) Tj ET')) }), ...more }
    if (widget.number === reference.number) update.amend(reference, { V: value, ...look })
    else {
      update.amend(reference, { V: value })
      update.amend(widget, look)
    }
  }
const fillName = fill('name', textString('Nguyễn Văn An (mẫu)'))
const tick: Edit = (update, document) => {
  const yes = name('Yes')
  const { reference } = fieldOf(document, 'agreed')
  const widget = widgetOf(document, 'agreed')
  if (widget.number === reference.number) update.amend(reference, { V: yes, AS: yes })
  else {
    update.amend(reference, { V: yes })
    update.amend(widget, { AS: yes })
  }
}

const annotate =
  (entries: Readonly<Record<string, PdfObject>>, place = array([20, 340, 120, 370])): Edit =>
  (update, document) => {
    const page = findPage(document, 1)
    const note = update.add(dictionary({ Type: name('Annot'), Rect: place, P: page.reference, ...entries }))
    const present = document.get(page.dictionary, 'Annots')
    update.amend(page.reference, { Annots: array([...(is(present, 'array') ? present.items : []), note]) })
  }
const comment = annotate({ Subtype: name('Text'), Contents: textString('?') })

const kinds = (report: VerificationReport) => report.signatures[0]?.changes.map(({ kind }) => kind)

describe('permitted', () => {
  test.each<[string, Locks, Edit, string]>([
    ['filling a field, no certification', {}, fillName, 'form-filled'],
    ['filling a field, certification level 2', { certification: 2 }, fillName, 'form-filled'],
    ['filling a field, certification level 3', { certification: 3 }, fillName, 'form-filled'],
    ['ticking a box', { certification: 2 }, tick, 'form-filled'],
    ['choosing', {}, fill('kind', textString('b'), { I: array([1]) }), 'form-filled'],
    [
      'filling by drawing into the same picture object',
      {},
      (update, document) => {
        update.set(drawnBy(document, 'name'), drawing('BT (same place) Tj ET'))
        update.amend(fieldOf(document, 'name').reference, { V: textString('x') })
      },
      'form-filled',
    ],
    ['filling a field that is not in the list of locked ones', { locked: ['place'] }, fillName, 'form-filled'],
    ['filling the one field that the lock leaves out', { lockedBut: ['name'] }, fillName, 'form-filled'],
    ['a comment, certification level 3', { certification: 3 }, comment, 'comment-added'],
    [
      'text marked by the reader',
      { certification: 3 },
      annotate({ Subtype: name('Highlight'), QuadPoints: array([20, 370, 120, 370, 20, 340, 120, 340]) }),
      'comment-added',
    ],
    ['nothing at all', { certification: 1 }, () => undefined, ''],
  ])('%s', async (_, locks, edit, kind) => {
    const report = await judged(locks, edit)
    expect(report).toMatchObject({ valid: true, signatures: [{ indication: 'TOTAL-PASSED' }] })
    expect(kinds(report)).toEqual(kind ? [kind] : [])
  })

  test('a filled field is shown with its page and place', async () => {
    const { signatures } = await judged({}, fillName)
    expect(signatures[0]?.changes[0]).toMatchObject({ page: 1, rectangle: { x: 49.5, y: 299.5, width: 101 } })
  })

  test.each([2, 3] as const)('a second signature, certification level %d', async certification => {
    const signed = newFile()
    const twice = newFile()
    await certify(office, office.chairman, form, signed, { certification })
    await signFile(office, office.seal, signed, twice, { changes: { fieldName: 'Seal' } })
    expect((await verifyPdf(twice, office.trust)).valid).toBe(true)
  })
})

describe('forbidden', () => {
  test.each<[string, Locks, Edit, string]>([
    ['filling a field, certification level 1', { certification: 1 }, fillName, 'certification-forbids'],
    ['filling a locked field', { locked: ['name'] }, fillName, 'certification-forbids'],
    ['filling when all are locked', { locked: 'all' }, fillName, 'certification-forbids'],
    ['filling another than the one left out', { lockedBut: ['place'] }, fillName, 'certification-forbids'],
    ['filling after the lock of the field forbade it', { lockLevel: 1 }, fillName, 'certification-forbids'],
    ['filling a field that is read only', {}, fill('fixed', textString('2')), 'form-changed'],
    ['an option that the field did not have', {}, fill('kind', textString('c'), { Opt: array([]) }), 'form-changed'],
    [
      'moving a field while filling it',
      {},
      fill('name', textString('x'), { Rect: array([0, 0, 400, 400]) }),
      'form-changed',
    ],
    ['a script in a filled field', {}, fill('name', textString('x'), { AA: dictionary({}) }), 'form-changed'],
    ['a field shown that was hidden', {}, fill('name', textString('x'), { F: 0 }), 'form-changed'],
    [
      'another picture for the same value',
      {},
      (update, document) =>
        update.amend(widgetOf(document, 'name'), { AP: dictionary({ N: update.add(drawing('BT (lie) Tj ET')) }) }),
      'form-changed',
    ],
    [
      'another drawing in the picture object alone',
      {},
      (update, document) => update.set(drawnBy(document, 'name'), drawing('BT (lie) Tj ET')),
      'form-changed',
    ],
    [
      "a button's picture",
      {},
      (update, document) =>
        update.amend(widgetOf(document, 'press'), { AP: dictionary({ N: update.add(drawing('0 0 m')) }) }),
      'form-changed',
    ],
    ["a button's picture beside a value", {}, fill('press', textString('x')), 'form-changed'],
    ['a box drawn anew while it is ticked', {}, fill('agreed', name('Yes'), { AS: name('Yes') }), 'form-changed'],
    [
      'another drawing in the picture object of a ticked box',
      {},
      (update, document) => {
        tick(update, document)
        const look = document.dictionary(document.dictionary(widgetOf(document, 'agreed'))?.entries.get('AP'))
        const yes = document.dictionary(look?.entries.get('N'))?.entries.get('Yes')
        if (!is(yes, 'reference')) throw new Error('no state')
        update.set(yes, drawing('BT (forged) Tj ET'))
      },
      'form-changed',
    ],
    [
      'a box in a state that nobody drew',
      {},
      (update, document) => update.amend(widgetOf(document, 'agreed'), { AS: name('Other'), V: name('Other') }),
      'form-changed',
    ],
    [
      'page content changed under the name of a filled field',
      {},
      (update, document) => {
        const page = findPage(document, 1).reference
        const contents = document.dictionary(page)?.entries.get('Contents')
        const target = is(contents, 'array') ? contents.items[0] : contents
        if (!is(target, 'reference')) return
        update.amend(fieldOf(document, 'name').reference, { V: textString('x'), AP: dictionary({ N: target }) })
        update.set(target, drawing('BT (forged) Tj ET'))
      },
      'object-changed',
    ],
    [
      'a field taken away',
      {},
      (update, document) => {
        const dictionaryOfForm = acroForm(document)
        const fields = dictionaryOfForm && document.get(dictionaryOfForm, 'Fields')
        const holder = document.catalog.entries.get('AcroForm')
        if (is(fields, 'array') && is(holder, 'reference'))
          update.amend(holder, { Fields: array(fields.items.slice(1)) })
      },
      'form-changed',
    ],
    [
      'pictures made anew by the reader',
      {},
      (update, document) => {
        const holder = document.catalog.entries.get('AcroForm')
        if (is(holder, 'reference')) update.amend(holder, { NeedAppearances: true })
      },
      'form-changed',
    ],
    ['a comment, no certification', {}, comment, 'annotation-changed'],
    ['a comment, certification level 1', { certification: 1 }, comment, 'annotation-changed'],
    ['a comment, certification level 2', { certification: 2 }, comment, 'annotation-changed'],
    [
      'evil annotation: free text over the page, certification level 3',
      { certification: 3 },
      annotate({ Subtype: name('FreeText'), Contents: textString('1.000.000') }),
      'annotation-changed',
    ],
    [
      'evil annotation: a stamp, certification level 3',
      { certification: 3 },
      annotate({ Subtype: name('Stamp') }),
      'annotation-changed',
    ],
    [
      'evil annotation: a note with a picture of its own, certification level 3',
      { certification: 3 },
      (update, document) =>
        annotate({ Subtype: name('Text'), AP: dictionary({ N: update.add(drawing('BT (forged) Tj ET')) }) })(
          update,
          document,
        ),
      'annotation-changed',
    ],
    [
      'a note that runs something, certification level 3',
      { certification: 3 },
      annotate({ Subtype: name('Text'), A: dictionary({ S: name('JavaScript') }) }),
      'annotation-changed',
    ],
    [
      'page content changed, certification level 3',
      { certification: 3 },
      (update, document) => update.amend(findPage(document, 1).reference, { Rotate: 90 }),
      'page-changed',
    ],
  ])('%s', async (_, locks, edit, kind) => {
    const report = await judged(locks, edit)
    expect(report.valid).toBe(false)
    expect(report.signatures[0]).toMatchObject({ changesAfter: 'forbidden', indication: 'TOTAL-FAILED' })
    expect(kinds(report)).toContain(kind)
  })
})

test('a field that does not say of which kind it is cannot be filled', async () => {
  const [untyped, signed] = [
    changed(form, (update, document) => update.amend(fieldOf(document, 'name').reference, { FT: undefined })),
    newFile(),
  ]
  await signFile(office, office.chairman, untyped, signed)
  expect((await verifyPdf(signed, office.trust)).valid).toBe(true)
  const report = await verifyPdf(changed(signed, fillName), office.trust)
  expect(report).toMatchObject({ valid: false, signatures: [{ changesAfter: 'forbidden' }] })
  expect(kinds(report)).toEqual(['form-changed'])
})

describe('a signature field that waits, drawn anew and not signed', () => {
  let waitingForm = ''
  beforeAll(() => {
    waitingForm = changed(form, (update, document) => {
      const page = findPage(document, 1)
      const waiting = update.add(
        dictionary({
          ...{ Type: name('Annot'), Subtype: name('Widget'), FT: name('Sig'), T: textString('Waiting'), F: 6 },
          ...{ Rect: array([0, 0, 400, 400]), P: page.reference },
        }),
      )
      for (const [holder, key] of [
        [page.reference, 'Annots'],
        [document.catalog.entries.get('AcroForm'), 'Fields'],
      ] as const) {
        const present = is(holder, 'reference')
          ? document.get(document.dictionary(holder) ?? dictionary({}), key)
          : null
        if (is(holder, 'reference') && is(present, 'array'))
          update.amend(holder, { [key]: array([...present.items, waiting]) })
      }
    })
  })
  const repaint: Edit = (update, document) =>
    update.amend(fieldOf(document, 'Waiting').reference, {
      AP: dictionary({ N: update.add(drawing('BT (1.000.000) Tj ET')) }),
    })
  test.each<[string, Locks, Edit]>([
    ['a picture over the page', {}, repaint],
    ['a picture over the page, certification level 1', { certification: 1 }, repaint],
    ['a hidden field shown', {}, (update, document) => update.amend(fieldOf(document, 'Waiting').reference, { F: 4 })],
    [
      'a value that is no signature',
      {},
      (update, document) => update.amend(fieldOf(document, 'Waiting').reference, { V: textString('x') }),
    ],
  ])('%s', async (_, locks, edit) => {
    const signed = newFile()
    await certify(office, office.chairman, waitingForm, signed, locks)
    expect((await verifyPdf(signed, office.trust)).valid).toBe(true)
    const report = await verifyPdf(changed(signed, edit), office.trust)
    expect(report).toMatchObject({ valid: false, signatures: [{ changesAfter: 'forbidden' }] })
    expect(kinds(report)).toContain('signature-changed')
  })
})

describe('what a later signature hides is pointed out', () => {
  let [once, waiting] = ['', '']
  let image: Buffer
  beforeAll(async () => {
    ;[once, waiting] = [newFile(), newFile()]
    image = await signatureImage()
    await signFile(office, office.chairman, form, once)
    const withField = changed(form, (update, document) => {
      const page = findPage(document, 1)
      const entries = { Type: name('Annot'), Subtype: name('Widget'), FT: name('Sig'), T: textString('Seal') }
      const place = { Rect: array([0, 0, 400, 400]), P: page.reference }
      const field = update.add(dictionary({ ...entries, ...place }))
      const present = document.get(page.dictionary, 'Annots')
      // in an object of its own, as many writers have it
      const list = update.add(array([...(is(present, 'array') ? present.items : []), field]))
      update.amend(page.reference, { Annots: list })
      const holder = document.catalog.entries.get('AcroForm')
      const fields = is(holder, 'reference')
        ? document.get(document.dictionary(holder) ?? dictionary({}), 'Fields')
        : null
      if (is(holder, 'reference') && is(fields, 'array'))
        update.amend(holder, { Fields: array([...fields.items, field]) })
    })
    await signFile(office, office.chairman, withField, waiting)
  })
  const sealed = async (input: string, rectangle: { x: number; y: number; width: number; height: number }) => {
    const twice = newFile()
    await signFile(office, office.seal, input, twice, {
      changes: { fieldName: 'Seal', appearance: { page: 1, rectangle, image } },
    })
    return twice
  }
  const kindsIn = async (path: string) => kinds(await verifyPdf(path, office.trust))
  const all = { x: 160, y: 0, width: 240, height: 400 }

  test('and only then', async () => {
    const at = async (rectangle: typeof all) => kindsIn(await sealed(once, rectangle))
    expect(await at({ x: 200, y: 20, width: 100, height: 50 })).toEqual(['signature-added'])
    expect(await at({ x: 40, y: 290, width: 120, height: 60 })).toEqual(['signature-added', 'content-covered'])
    expect(await at(all)).toEqual(['signature-added', 'content-covered'])
    expect(await kindsIn(await sealed(waiting, all))).toEqual(['signature-added', 'content-covered'])
  })

  test.each([
    ['is hidden', 2, false],
    ['is not for the screen', 32, false],
    ['is for paper alone', 4 | 32, true],
    ['is shown when it is touched', 32 | 256, true],
  ])('where the picture %s: %d, %s', async (_, flags, expected) => {
    const path = altered(await sealed(once, all), newFile(), bytes => {
      const text = bytes.toString('latin1')
      const at = text.lastIndexOf('/F 132')
      expect(at).toBeGreaterThan(0)
      return Buffer.from(`${text.slice(0, at)}${`/F ${flags}`.padEnd(6)}${text.slice(at + 6)}`, 'latin1')
    })
    expect((await kindsIn(path))?.includes('content-covered')).toBe(expected)
  })

  test.each([
    ['no page', (page: string) => ' '.repeat(page.length)],
    ['a page that there is not', (page: string) => page.replace(/\d+/, digits => '9'.repeat(digits.length))],
  ])('also by a picture that names %s', async (_, rename) => {
    for (const input of [once, waiting]) {
      const hidden = altered(await sealed(input, all), newFile(), bytes => {
        const text = bytes.toString('latin1')
        // the widget stands in the last update, the first time also in the one before
        const changedText = text.replaceAll(/\/P \d+ 0 R/g, (page, at: number) =>
          at > text.length / 3 ? rename(page) : page,
        )
        return Buffer.from(changedText, 'latin1')
      })
      expect(await kindsIn(hidden)).toContain('content-covered')
    }
  })
})
