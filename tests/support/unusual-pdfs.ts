import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type PDFContext, PDFDocument, PDFName, PDFString } from 'pdf-lib'
import { resourcePath } from '../../electron/resources.ts'
import { rc4 } from '../../native-signing/pdf/rc4.ts'

/** Entries of a dictionary, nested as they are written. */
export type PdfEntries = NonNullable<Parameters<PDFContext['stream']>[1]>

/** A form whose one field waits for a signature, as a document maker leaves it. @param more entries of the field */
export async function waitingFieldPdf(more: PdfEntries = {}): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  const page = document.addPage([595.28, 841.89])
  page.drawText('Sign below', { x: 72, y: 720 })
  const { context } = document
  const field = context.register(
    context.obj({
      Type: 'Annot',
      Subtype: 'Widget',
      FT: 'Sig',
      T: PDFString.of('Waiting'),
      Rect: [100, 100, 260, 160],
      F: 4,
      P: page.ref,
      ...more,
    }),
  )
  page.node.set(PDFName.of('Annots'), context.obj([field]))
  document.catalog.set(PDFName.of('AcroForm'), context.register(context.obj({ Fields: [field] })))
  return document.save({ useObjectStreams: false })
}

/**
 * ISO 32000-1 §7.5.8.4: a table for old readers, in which object 6 is free, and by /XRefStm a stream for new ones, in which object 6, the
 * page's font, lies in object stream 5.
 */
export function hybridPdf(): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.5\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  const offsets = new Map<number, number>()
  const length = () => parts.reduce((sum, part) => sum + part.length, 0)
  const add = (number: number, body: string | Buffer) => {
    offsets.set(number, length())
    parts.push(Buffer.concat([Buffer.from(`${number} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')]))
  }
  const stream = (dictionary: string, data: Buffer) =>
    Buffer.concat([
      Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`),
      data,
      Buffer.from('\nendstream'),
    ])
  add(1, '<< /Type /Catalog /Pages 2 0 R >>')
  add(2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>')
  add(
    3,
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 6 0 R >> >> >>',
  )
  add(4, stream('', Buffer.from('BT /F1 24 Tf 72 720 Td (Hybrid file) Tj ET')))
  add(
    5,
    stream('/Type /ObjStm /N 1 /First 4', Buffer.from('6 0 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')),
  )
  const streamOffset = length()
  const entry = (type: number, offset: number, generation: number) => [type, offset >> 8, offset & 255, generation]
  const entries = Buffer.from([...entry(1, offsets.get(5) ?? 0, 0), ...entry(2, 5, 0), ...entry(1, streamOffset, 0)])
  add(7, stream('/Type /XRef /Size 8 /W [1 2 1] /Index [5 3] /Root 1 0 R', entries))
  const tableOffset = length()
  const row = (number: number) => `${String(offsets.get(number)).padStart(10, '0')} 00000 n \n`
  const table = ['0000000006 65535 f \n', row(1), row(2), row(3), row(4), row(5), '0000000000 00000 f \n', row(7)]
  const trailer = `trailer\n<< /Size 8 /Root 1 0 R /XRefStm ${streamOffset} >>\nstartxref\n${tableOffset}\n%%EOF\n`
  parts.push(Buffer.from(`xref\n0 8\n${table.join('')}${trailer}`))
  return Buffer.concat(parts)
}

/** A file of these objects, numbered from 1, with a table; a letter is a byte. @param trailer entries beside /Size */
function tablePdf(version: string, objects: readonly string[], trailer: string): Buffer {
  let text = `%PDF-${version}\n%\xe2\xe3\xcf\xd3\n`
  const rows = objects.map((body, index) => {
    const row = `${String(text.length).padStart(10, '0')} 00000 n \n`
    text += `${index + 1} 0 obj\n${body}\nendobj\n`
    return row
  })
  const size = objects.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}trailer\n<< /Size ${size} ${trailer} >>`
  return Buffer.from(`${text}${table}\nstartxref\n${text.length}\n%%EOF\n`, 'latin1')
}

/** ISO 32000-1 §7.6.3.3, algorithm 2 (a). */
const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')

/** An empty page encrypted by RC4 with 128 bits (revision 3), that anybody may open (ISO 32000-1 §7.6.3, algorithms 2 and 5). */
export function encryptedPdf(kind: { readonly identifier: string | null; readonly indirect?: boolean }): Buffer {
  const identifier = Buffer.from(kind.identifier ?? '')
  const md5 = (...parts: readonly Uint8Array[]) => createHash('md5').update(Buffer.concat(parts)).digest()
  const owner = Buffer.alloc(32, 7)
  let key = md5(PADDING, owner, Buffer.alloc(4, 0xff), identifier)
  for (let round = 0; round < 50; round++) key = md5(key)
  let user: Uint8Array = md5(PADDING, identifier)
  for (let round = 0; round < 20; round++)
    user = rc4(
      key.map(byte => byte ^ round),
      user,
    )
  const hex = (bytes: Uint8Array) => `<${Buffer.from(bytes).toString('hex')}>`
  const check = `/O ${hex(owner)} /U ${hex(Buffer.concat([user, Buffer.alloc(16)]))}`
  const identifiers = `[${hex(identifier)} ${hex(identifier)}]`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>',
    `<< /Filter /Standard /V 2 /R 3 /Length 128 /P -1 ${check} >>`,
    identifiers,
  ]
  const entry = kind.identifier === null ? '' : kind.indirect ? '/ID 5 0 R' : `/ID ${identifiers}`
  return tablePdf('1.5', objects, `/Root 1 0 R /Encrypt 4 0 R ${entry}`)
}

/** A page of PDF/A-4 (ISO 19005-4): PDF 2.0, without an information dictionary, with its colours' profile. */
export function archival4Pdf(): Buffer {
  const profile = readFileSync(resourcePath('icc', 'sRGB.icc')).toString('latin1')
  const description = 'rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="4" pdfaid:rev="2020"'
  const metadata = [
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    `<rdf:Description ${description}/></rdf:RDF></x:xmpmeta>`,
    '<?xpacket end="w"?>',
  ].join('\n')
  const stream = (entries: string, data: string) =>
    `<< ${entries} /Length ${data.length} >>\nstream\n${data}\nendstream`
  const intent = '/Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB)'
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /Metadata 4 0 R /OutputIntents [<< ${intent} /DestOutputProfile 5 0 R >>] >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Resources << >> >>',
    stream('/Type /Metadata /Subtype /XML', metadata),
    stream('/N 3', profile),
    stream('', '0.9 0.95 1 rg 72 400 300 200 re f'),
  ]
  return tablePdf('2.0', objects, `/Root 1 0 R /ID [<${'4a'.repeat(16)}> <${'4a'.repeat(16)}>]`)
}
