import sharp from 'sharp'
import type { CopyItem } from '../../../electron/api/contract/copies.ts'
import type { ScanNews } from '../../../electron/api/contract/scanning.ts'
import { CITIZEN } from './at-the-desk.ts'
import { type Client, clientOf, toldBy, upload, workAs } from './client.ts'
import type { RunningDesk } from './launch.ts'

/** One small sheet, as a file that was dropped into the window. */
const sheet = sharp({ create: { width: 620, height: 877, channels: 3, background: '#fffdf5' } })
  .withDensity(75)
  .jpeg()
  .toBuffer()

/** Does something through the page's own bridge; afterwards nobody sits at the window and its page is fresh. */
export async function throughTheBridge<Result>(
  desk: RunningDesk,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await clientOf(desk)
  const result = await work(client)
  await client.session.end.mutate()
  await desk.page.evaluate(() => {
    window.location.hash = ''
  })
  await desk.page.reload()
  return result
}

/** Puts one small sheet into a draft. @returns the copy after it */
export async function importSheet(
  client: Client,
  { id, version }: Pick<CopyItem, 'id' | 'version'>,
): Promise<CopyItem> {
  await upload(client, id, 'trang.jpg', await sheet)
  const told = await toldBy<ScanNews>(observer =>
    client.scanning.importFiles.subscribe({ jobId: `in-${id}`, copy: { id, version }, uploadIds: [id] }, observer),
  )
  const last = told.at(-1)
  if (last?.kind !== 'finished') throw new Error('not finished')
  return last.copy
}

/** Copies with one small page each, waiting for the chairman, so that a test can begin at the chairman's or the clerk's screen. */
export async function submitted(desk: RunningDesk, titles: readonly string[]): Promise<void> {
  await throughTheBridge(desk, async client => {
    await workAs(client, 'officer')
    const { copies } = await client.requests.receive.mutate({
      requester: { ...CITIZEN, email: null, phone: null },
      originals: titles.map(title => ({ title, kind: title, issuer: 'UBND xã Thanh Bình (mẫu)', copyCount: 1 })),
    })
    for (const draft of copies) {
      const { id, version } = await importSheet(client, draft)
      await client.copies.submit.mutate({
        copy: { id, version },
        comparedWithOriginal: true,
        allPagesPresent: true,
      })
    }
  })
}
