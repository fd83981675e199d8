import { writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { composePages } from '../../electron/document/index.ts'
import { hybridPdf, waitingFieldPdf } from '../support/unusual-pdfs.ts'
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
