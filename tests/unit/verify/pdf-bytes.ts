import { deflateSync } from 'node:zlib'

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
