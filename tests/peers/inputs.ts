import { writeFileSync } from 'node:fs'
import { PDFDocument, PDFName, PDFString } from 'pdf-lib'
import sharp from 'sharp'
import { composePages } from '../../electron/document/index.ts'
import { samplePdf } from '../unit/signing/support.ts'
import { run } from './cache.ts'
import type { Opinion, Peer } from './types.ts'
import type { World } from './world.ts'

export interface InputKind {
  readonly name: string
  make(path: string): Promise<unknown>
  /** Name of a waiting field to use. */
  readonly field?: string
  readonly archival?: boolean
  /** Signatures that are there already. */
  readonly earlier?: readonly Pick<Opinion, 'field' | 'level'>[]
}

async function throughQpdf(path: string, flags: readonly string[]): Promise<void> {
  writeFileSync(`${path}.in`, await samplePdf())
  await run('qpdf', [...flags, `${path}.in`, path])
}

/** A file of every kind that readers open, each with two pages or one. */
export function inputKinds(world: World, pyHanko: Peer | null): readonly InputKind[] {
  const kinds: readonly InputKind[] = [
    { name: 'table', make: async path => writeFileSync(path, await samplePdf()) },
    { name: 'xref stream', make: path => throughQpdf(path, ['--object-streams=generate', '--compress-streams=y']) },
    { name: 'object streams', make: async path => writeFileSync(path, await samplePdf({ objectStreams: true })) },
    { name: 'linearised', make: path => throughQpdf(path, ['--linearize']) },
    { name: 'linearised, streams', make: path => throughQpdf(path, ['--linearize', '--object-streams=generate']) },
    { name: 'hybrid', make: async path => writeFileSync(path, hybridPdf()) },
    { name: 'rotated', make: path => throughQpdf(path, ['--rotate=90']) },
    { name: 'PDF 1.3', make: path => throughQpdf(path, ['--force-version=1.3', '--object-streams=disable']) },
    { name: 'waiting field', field: 'Waiting', make: async path => writeFileSync(path, await waitingFieldPdf()) },
    { name: 'PDF/A by us', archival: true, make: path => archivalPdf(world, path) },
  ]
  const sign = pyHanko?.sign
  if (!sign) return kinds
  const earlier: InputKind = {
    name: 'signed by pyHanko',
    earlier: [{ field: 'Earlier', level: 'B-T' }],
    async make(path) {
      writeFileSync(`${path}.in`, await samplePdf())
      const { trust, timestampAuthority, signers } = world
      const order = { input: `${path}.in`, output: path, field: 'Earlier', trust, timestampAuthority } as const
      await sign({ ...order, signer: signers.RSA.files, level: 'B-T', subFilter: 'ETSI.CAdES.detached' })
    },
  }
  return [...kinds, earlier]
}

async function archivalPdf(world: World, path: string): Promise<void> {
  const image = world.folder.file('page.jpg')
  const [widthPx, heightPx, dpi] = [620, 877, 75]
  await sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: '#fdfcf7' } })
    .jpeg()
    .toFile(image)
  const properties = { title: 'Trang thử (mẫu)', createdAt: new Date() }
  await composePages([{ path: image, mediaType: 'image/jpeg', widthPx, heightPx, dpi }], properties, path)
}

/** A form whose one field waits for a signature, as a document maker leaves it. */
async function waitingFieldPdf(): Promise<Uint8Array> {
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
function hybridPdf(): Buffer {
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
