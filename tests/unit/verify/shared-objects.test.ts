import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyPdf } from '../../../native-signing/index.ts'
import type { PdfDocument } from '../../../native-signing/pdf/document.ts'
import {
  dictionary,
  is,
  name,
  type PdfDictionary,
  type PdfReference,
  textString,
} from '../../../native-signing/pdf/objects.ts'
import { findPage } from '../../../native-signing/pdf/page-tree.ts'
import type { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { altered, signFile, temporaryFolder, testOffice } from '../signing/support.ts'
import { type Edit, edited } from './edit.ts'
import { drawing, drawnBy, fieldOf, formFile, widgetOf } from './form-file.ts'

/** One object that serves two ends, of which an update may change the one and thereby changes the other. */
const office = testOffice()
const folder = temporaryFolder('shared-objects-')
let form = ''
let counter = 0
const newFile = () => folder.file(`form-${++counter}.pdf`)
beforeAll(async () => {
  form = newFile()
  writeFileSync(form, await formFile())
})
afterAll(() => folder[Symbol.dispose]())

/** The form made ready, signed, and changed. */
async function judged(prepare: Edit, edit: Edit) {
  const signed = newFile()
  await signFile(office, office.chairman, edited(form, newFile(), prepare), signed)
  expect(await verifyPdf(signed, office.trust)).toMatchObject({ valid: true, signatures: [{ changesAfter: 'none' }] })
  const { valid, signatures } = await verifyPdf(edited(signed, newFile(), edit), office.trust)
  return { valid, kinds: signatures[0]?.changes.map(({ kind }) => kind) }
}

const setResources = (
  update: IncrementalUpdate,
  document: PdfDocument,
  entries: Parameters<typeof dictionary>[0],
): void => update.amend(findPage(document, 1).reference, { Resources: dictionary(entries) })
const dictionaryAt = (document: PdfDocument, target: PdfReference, key: string): PdfReference => {
  const value = document.dictionary(target)?.entries.get(key)
  if (!is(value, 'reference')) throw new Error('no object of its own')
  return value
}
const appearanceOf = (document: PdfDocument, field: string): PdfDictionary =>
  document.dictionary(document.dictionary(widgetOf(document, field))?.entries.get('AP')) ?? dictionary({})
/** What draws a field stands in an object of its own. */
const outOfLine: Edit = (update, document) =>
  update.amend(widgetOf(document, 'name'), { AP: update.add(appearanceOf(document, 'name')) })
const fill = (entries: Parameters<typeof dictionary>[0] = {}): Edit => {
  return (update, document) => {
    update.set(drawnBy(document, 'name'), drawing('BT (filled) Tj ET'))
    update.amend(fieldOf(document, 'name').reference, { V: textString('filled'), ...entries })
  }
}

describe('a field that is drawn anew at the same place', () => {
  const both =
    (...edits: readonly Edit[]): Edit =>
    (update, document) => {
      for (const edit of edits) edit(update, document)
    }
  const inline: Edit = (update, document) =>
    update.amend(widgetOf(document, 'name'), { AP: appearanceOf(document, 'name') })

  test.each<[string, Edit, Edit]>([
    ['as it was', outOfLine, fill()],
    ['by what stood in an object of its own and stands in the widget now', outOfLine, both(fill(), inline)],
    ['by what stood in the widget and stands in an object of its own now', () => undefined, both(fill(), outOfLine)],
  ])('is filled: %s', async (_, prepare, edit) => {
    expect(await judged(prepare, edit)).toEqual({ valid: true, kinds: ['form-filled'] })
  })

  const pageDraws: Edit = (update, document) =>
    setResources(update, document, { XObject: update.add(dictionary({ Im0: update.add(drawing('0 0 m')) })) })
  const resourcesOf = (document: PdfDocument) => {
    const resources = findPage(document, 1).dictionary.entries.get('Resources')
    const images = document.dictionary(resources)?.entries.get('XObject')
    if (!is(images, 'reference')) throw new Error('no images')
    return images
  }
  test.each<[string, Edit, Edit]>([
    [
      'that the page draws too, by a dictionary that is both',
      (update, document) => {
        const shared = update.add(appearanceOf(document, 'name'))
        update.amend(widgetOf(document, 'name'), { AP: shared })
        setResources(update, document, { XObject: shared })
      },
      fill(),
    ],
    [
      'that another field shows too, by a dictionary that both have',
      (update, document) => {
        const shared = update.add(appearanceOf(document, 'name'))
        for (const field of ['name', 'place']) update.amend(widgetOf(document, field), { AP: shared })
      },
      fill(),
    ],
    [
      'that another field shows too',
      (update, document) => update.amend(widgetOf(document, 'place'), { AP: appearanceOf(document, 'name') }),
      fill(),
    ],
    [
      'and names what the page draws as its own picture',
      pageDraws,
      (update, document) => {
        const images = resourcesOf(document)
        update.set(dictionaryAt(document, images, 'Im0'), drawing('BT (1.000.000) Tj ET'))
        update.amend(widgetOf(document, 'name'), { V: textString('x'), AP: dictionary({ N: images }) })
      },
    ],
    [
      'and names the picture itself',
      pageDraws,
      (update, document) => {
        const image = dictionaryAt(document, resourcesOf(document), 'Im0')
        update.set(image, drawing('BT (1.000.000) Tj ET'))
        update.amend(widgetOf(document, 'name'), { V: textString('x'), AP: dictionary({ N: image }) })
      },
    ],
  ])('is not: one %s', async (_, prepare, edit) => {
    const { valid, kinds } = await judged(prepare, edit)
    expect(valid).toBe(false)
    expect(kinds?.some(kind => kind === 'object-changed' || kind === 'form-changed')).toBe(true)
  })
})

test('the store of validation data holds the fonts of a page', async () => {
  const font = { Type: name('Font'), Subtype: name('Type1'), BaseFont: name('Courier') }
  const { valid, kinds } = await judged(
    (update, document) => {
      const entries = update.add(dictionary({ F1: update.add(dictionary(font)) }))
      setResources(update, document, { Font: entries })
      update.amend(document.catalogReference, { DSS: update.add(dictionary({ VRI: entries })) })
    },
    (update, document) => {
      const store = document.dictionary(document.catalog.entries.get('DSS'))
      const entries = document.dictionary(store?.entries.get('VRI'))
      const target = entries?.entries.get('F1')
      if (is(target, 'reference')) update.set(target, dictionary({ Type: name('VRI') }))
    },
  )
  expect(valid).toBe(false)
  expect(kinds).toContain('object-changed')
})

test('the dictionary that tells how the file is encrypted becomes its description', async () => {
  const [locked, signed] = [newFile(), newFile()]
  execFileSync('qpdf', ['--encrypt', '', 'owner', '256', '--', form, locked])
  await signFile(office, office.chairman, locked, signed)
  /** The dictionary anew, so that streams count as not encrypted; its own strings never are. */
  const forged = (more: (target: string) => string) =>
    altered(signed, newFile(), bytes => {
      const text = bytes.toString('latin1')
      const [trailer] = /<<(?:(?!<<).)*$/s.exec(text.slice(0, text.lastIndexOf('startxref'))) ?? ['']
      const [, target = ''] = /\/Encrypt (\d+) 0 R/.exec(trailer) ?? []
      const from = text.indexOf(`\n${target} 0 obj`) + 1
      const object = text.slice(from, text.indexOf('endobj', from) + 7).replace(/\/StmF ?\/StdCF/, '/StmF/Identity')
      const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1]
      const section = `xref\n${target} 1\n${String(bytes.length).padStart(10, '0')} 00000 n\r\n`
      const entries = trailer
        .replace(/\/(Prev|Info) \d+( 0 R)?/g, '')
        .replace('<<', `<</Prev ${previous} ${more(target)}`)
      const end = `trailer\n${entries}\nstartxref\n${bytes.length + object.length}\n%%EOF\n`
      return Buffer.concat([bytes, Buffer.from(object + section + end, 'latin1')])
    })
  for (const path of [forged(() => ''), forged(target => `/Info ${target} 0 R`)])
    expect(await verifyPdf(path, office.trust)).toMatchObject({
      valid: false,
      signatures: [{ changesAfter: 'forbidden', changes: [{ kind: 'object-changed' }] }],
    })
})

test.each([
  ['/DA', { DA: textString('/F1 20 Tf') }],
  ['/DR', { DR: dictionary({}) }],
])('a default that a form had not (%s): readers draw by it the fields that have no picture', async (_, entries) => {
  const setDefaults = (changes: Parameters<IncrementalUpdate['amend']>[1]): Edit => {
    return (update, document) => update.amend(dictionaryAt(document, document.catalogReference, 'AcroForm'), changes)
  }
  const { valid, kinds } = await judged(setDefaults({ DA: undefined, DR: undefined }), setDefaults(entries))
  expect({ valid, kinds }).toEqual({ valid: false, kinds: ['form-changed'] })
})
