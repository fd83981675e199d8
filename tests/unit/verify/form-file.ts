import { PDFDocument } from 'pdf-lib'
import type { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { type FormField, formFields } from '../../../native-signing/pdf/form.ts'
import { array, dictionary, is, name, type PdfObject, type PdfReference } from '../../../native-signing/pdf/objects.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'

/** A form: a text field drawn by a stream of its own, another one, a box to tick, a choice, a button, and one that is read only. */
export async function formFile(): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  const page = document.addPage([400, 400])
  page.drawText('Form', { x: 20, y: 350 })
  const fields = document.getForm()
  const places = { x: 50, width: 100, height: 20 }
  fields.createTextField('name').addToPage(page, { ...places, y: 300 })
  fields.createTextField('place').addToPage(page, { ...places, y: 270 })
  fields.createCheckBox('agreed').addToPage(page, { x: 50, y: 240, width: 15, height: 15 })
  const choice = fields.createDropdown('kind')
  choice.addOptions(['a', 'b'])
  choice.addToPage(page, { ...places, y: 200 })
  fields.createButton('press').addToPage('x', page, { ...places, y: 150 })
  const fixed = fields.createTextField('fixed')
  fixed.setText('1')
  fixed.addToPage(page, { ...places, y: 100 })
  fixed.enableReadOnly()
  return document.save({ useObjectStreams: false })
}

export function drawing(text: string): PdfObject {
  const data = Buffer.from(text)
  const entries = { Type: name('XObject'), Subtype: name('Form'), BBox: array([0, 0, 100, 20]), Length: data.length }
  return { kind: 'stream', dictionary: dictionary(entries), data: new MemorySource(data) }
}

export function fieldOf(document: PdfDocument, wanted: string): FormField {
  const field = formFields(document).find(each => each.name === wanted)
  if (!field) throw new Error('no such field')
  return field
}

export const widgetOf = (document: PdfDocument, wanted: string): PdfReference =>
  fieldOf(document, wanted).widgets[0] ?? fieldOf(document, wanted).reference

/** The stream that draws a field now. */
export function drawnBy(document: PdfDocument, wanted: string): PdfReference {
  const appearance = document.dictionary(document.dictionary(widgetOf(document, wanted))?.entries.get('AP'))
  const normal = appearance?.entries.get('N')
  if (!is(normal, 'reference')) throw new Error('not drawn')
  return normal
}
