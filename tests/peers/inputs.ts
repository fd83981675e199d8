import { writeFileSync } from 'node:fs'
import { PDFHexString, PDFString } from 'pdf-lib'
import sharp from 'sharp'
import { composePages } from '../../electron/document/index.ts'
import { archival4Pdf, hybridPdf, type PdfEntries, waitingFieldPdf } from '../support/unusual-pdfs.ts'
import { samplePdf, signFile } from '../unit/signing/support.ts'
import { run } from './cache.ts'
import type { Archival, Opinion, Peer } from './types.ts'
import type { World } from './world.ts'

export interface InputKind {
  readonly name: string
  make(path: string): Promise<unknown>
  /** Name of a waiting field to use. */
  readonly field?: string
  readonly archival?: Archival
  /** Signatures that are there already. */
  readonly earlier?: readonly Pick<Opinion, 'field' | 'level'>[]
}

/** SubFilter, Reasons and DigestMethod are musts. */
const SEED: PdfEntries = {
  ...{ Type: 'SV', Ff: 2 | 8 | 64, SubFilter: ['ETSI.CAdES.detached'], DigestMethod: [PDFString.of('SHA384')] },
  Reasons: [PDFHexString.fromText('Chứng thực (mẫu)')],
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
    { name: 'PDF/A by us', archival: '2b', make: path => archivalPdf(world, path) },
    { name: 'PDF/A-4', archival: '4', make: async path => writeFileSync(path, archival4Pdf()) },
    { name: 'encrypted', make: path => throughQpdf(path, ['--encrypt', '', 'owner', '256', '--']) },
    {
      name: 'certified',
      field: 'Waiting',
      earlier: [{ field: 'Certified', level: 'B-T' }],
      make: path => certifiedPdf(world, path),
    },
    {
      name: 'seed values',
      field: 'Waiting',
      make: async path => writeFileSync(path, await waitingFieldPdf({ SV: SEED })),
    },
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

/** A form that its maker certified: it may still be filled and signed, no more. */
async function certifiedPdf({ office, timestamper }: World, path: string): Promise<void> {
  writeFileSync(`${path}.in`, await waitingFieldPdf())
  const changes = { fieldName: 'Certified', certification: 2 } as const
  await signFile(office, office.seal, `${path}.in`, path, { changes, timestamper })
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
