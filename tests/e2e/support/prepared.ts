import sharp from 'sharp'
import type { ScanNews } from '../../../electron/api/contract/scanning.ts'
import { CITIZEN } from './at-the-desk.ts'
import { type Client, clientOf, toldBy, upload, workAs } from './client.ts'
import type { RunningDesk } from './launch.ts'

/** One small sheet, as a file that was dropped into the window. */
const sheet = () =>
  sharp({ create: { width: 620, height: 877, channels: 3, background: '#fffdf5' } })
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

/** Copies with one small page each, waiting for the chairman, so that a test can begin at the chairman's or the clerk's screen. */
export async function submitted(desk: RunningDesk, titles: readonly string[]): Promise<void> {
  const picture = await sheet()
  await throughTheBridge(desk, async client => {
    await workAs(client, 'officer')
    const { copies } = await client.requests.receive.mutate({
      requester: { ...CITIZEN, email: null, phone: null },
      originals: titles.map(title => ({ title, kind: title, issuer: 'UBND xã Thanh Bình (mẫu)', copyCount: 1 })),
    })
    for (const { id, version } of copies) {
      await upload(client, id, 'trang.jpg', picture)
      const told = await toldBy<ScanNews>(observer =>
        client.scanning.importFiles.subscribe({ jobId: `in-${id}`, copy: { id, version }, uploadIds: [id] }, observer),
      )
      const last = told.at(-1)
      if (last?.kind !== 'finished') throw new Error('not finished')
      await client.copies.submit.mutate({
        copy: { id, version: last.copy.version },
        comparedWithOriginal: true,
        allPagesPresent: true,
      })
    }
  })
}
