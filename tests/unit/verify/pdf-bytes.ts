import { deflateSync } from 'node:zlib'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'

/** Files built byte by byte, for what no honest writer makes. */
export type Body = string | Buffer
export const stream = (entries: string, data: Uint8Array, length: number | string = data.length): Buffer =>
  Buffer.concat([Buffer.from(`<< ${entries} /Length ${length} >>\nstream\n`), data, Buffer.from('\nendstream')])
export const deflated = (entries: string, data: Uint8Array): Buffer =>
  stream(`${entries} /Filter /FlateDecode`, deflateSync(data, { level: 1 }))

/** A file with a table; object 1 is the catalogue. @param trailer more entries of the trailer */
export function file(objects: Readonly<Record<number, Body>>, trailer = ''): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  let at = 9
  const entries: string[] = []
  for (const [number, body] of Object.entries(objects)) {
    entries.push(`${number} 1\n${String(at).padStart(10, '0')} 00000 n\r\n`)
    const object = Buffer.concat([Buffer.from(`${number} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')])
    parts.push(object)
    at += object.length
  }
  parts.push(
    Buffer.from(`xref\n${entries.join('')}trailer\n<< /Size 100 /Root 1 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`),
  )
  return Buffer.concat(parts)
}

/** A file whose only section is a cross-reference stream at its place; object 1 is the catalogue, compressed into stream 5. */
export function streamed(
  section: (offset: number, places: ReadonlyMap<number, number>) => Buffer,
  objects: Readonly<Record<number, Body>> = {},
): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')]
  let at = 9
  const places = new Map<number, number>()
  for (const [number, body] of Object.entries(objects)) {
    const object = Buffer.concat([Buffer.from(`${number} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')])
    places.set(Number(number), at)
    parts.push(object)
    at += object.length
  }
  return Buffer.concat([
    ...parts,
    Buffer.from('9 0 obj\n'),
    section(at, places),
    Buffer.from(`\nendobj\nstartxref\n${at}\n%%EOF\n`),
  ])
}

export const row = (type: number, place: number, detail: number): Buffer => {
  const bytes = Buffer.alloc(6)
  bytes.writeUInt8(type, 0)
  bytes.writeUInt32BE(place, 1)
  bytes.writeUInt8(detail, 5)
  return bytes
}

/** An object stream of these objects, in this order. */
export function objectStream(objects: readonly (readonly [number: number, object: string])[]): Buffer {
  let [head, body] = ['', '']
  for (const [number, object] of objects) {
    head += `${number} ${body.length} `
    body += `${object} `
  }
  return stream(`/Type /ObjStm /N ${objects.length} /First ${head.length}`, Buffer.from(head + body))
}

/** What a section says of an object: type, place, detail. */
export type Entry = readonly [number: number, row: Buffer]
export const compressed = (number: number, holder: number, index: number): Entry => [number, row(2, holder, index)]

/** Objects to add, entries beside theirs, and more for the trailer. */
export type Section = readonly [objects: Readonly<Record<number, Body>>, entries: readonly Entry[], trailer?: string]

/** A file with one more section, a cross-reference stream of number 990. */
export function withSection(bytes: Buffer, ...[objects, entries, more = '']: Section): Buffer {
  const { catalogReference: root, sections } = PdfDocument.open(new MemorySource(bytes))
  const parts: Buffer[] = [bytes]
  let at = bytes.length
  const add = (number: number | string, body: Body) => {
    const object = Buffer.concat([Buffer.from(`${number} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')])
    parts.push(object)
    at += object.length
  }
  const all: Entry[] = [...entries]
  for (const [number, body] of Object.entries(objects)) {
    all.push([Number(number), row(1, at, 0)])
    add(number, body)
  }
  const index = all.map(([number]) => `${number} 1`).join(' ')
  const trailer = `/Size 991 /Root ${root.number} 0 R /Prev ${sections[0]?.offset} ${more}`
  const start = at
  add(990, stream(`/Type /XRef /W [1 4 1] /Index [${index}] ${trailer}`, Buffer.concat(all.map(([, each]) => each))))
  return Buffer.concat([...parts, Buffer.from(`startxref\n${start}\n%%EOF\n`)])
}
