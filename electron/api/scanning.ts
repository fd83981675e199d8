import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScanEvent, ScannerDevice, ScanRequest } from '../scanning/driver.ts'
import { fileListDeviceId, folderDeviceId, ScanningError } from '../scanning/index.ts'
import { importSchema, recoverSchema, type ScanNews, type ScannerItem, scanSchema } from './contract/scanning.ts'
import { personProcedure, router } from './procedures.ts'
import { leftPages, takePages } from './taking-pages.ts'

const scannerItem = ({ id, vendor, model, sources }: ScannerDevice): ScannerItem => ({ id, vendor, model, sources })

/** What the import of files takes of a scan request; files bring their own size and resolution. */
const importRequest = (deviceId: string): ScanRequest => ({
  deviceId,
  source: 'feeder',
  sides: 'front',
  dpi: 300,
  colour: 'colour',
  paper: { widthMm: 210, heightMm: 297 },
})

async function* noPages(): AsyncGenerator<ScanEvent> {}

/** Pages into a draft: from a scanner, from files, or those that a crash left behind. */
export const scanningRouter = router({
  devices: personProcedure.query(async ({ ctx: { desk }, signal }): Promise<readonly ScannerItem[]> => {
    const devices = await desk.scanner.devices(signal)
    return devices.filter(device => device.driver !== 'folder').map(scannerItem)
  }),

  scan: personProcedure.input(scanSchema).subscription(async function* ({
    ctx,
    input,
    signal,
  }): AsyncGenerator<ScanNews> {
    const { desk, session } = ctx
    // Only real devices: a path in a device's name would let the page read any file of this PC.
    if (input.profile.deviceId.startsWith(folderDeviceId('')))
      throw new ScanningError('scanner-not-found', { device: 'folder', pages: 0 })
    const folder = desk.incomingFolder(input.copy.id)
    yield* session.jobs.run(input.jobId, signal, stop =>
      takePages(ctx, input.copy, input.place, desk.scanner.scan(input.profile, folder, stop)),
    )
  }),

  importFiles: personProcedure.input(importSchema).subscription(async function* ({
    ctx,
    input,
    signal,
  }): AsyncGenerator<ScanNews> {
    const { desk, session, host } = ctx
    // What lies in the copy's incoming folder came from a scanner; what is made of files is gone at the next start at the latest.
    const folder = join(host.temporaryFolder, 'imports', input.jobId)
    try {
      const files = await Promise.all(input.uploadIds.map(uploadId => session.uploads.file(uploadId)))
      const request = importRequest(fileListDeviceId(files.map(file => file.path)))
      yield* session.jobs.run(input.jobId, signal, stop =>
        takePages(ctx, input.copy, input.place, desk.scanner.scan(request, folder, stop)),
      )
    } finally {
      await rm(folder, { recursive: true, force: true })
      for (const uploadId of input.uploadIds) await session.uploads.drop(uploadId)
    }
  }),

  /** Takes pages into the draft that a scanner had delivered when the program was killed; `added` is 0 where there are none. */
  recover: personProcedure.input(recoverSchema).subscription(async function* ({
    ctx,
    input,
    signal,
  }): AsyncGenerator<ScanNews> {
    const { desk, actor, session, host } = ctx
    const left = await leftPages(desk, actor, input.copy.id)
    const folder = join(host.temporaryFolder, 'imports', input.jobId)
    yield* session.jobs.run(input.jobId, signal, async function* (stop): AsyncGenerator<ScanNews> {
      const pages =
        left.length === 0 ? noPages() : desk.scanner.scan(importRequest(fileListDeviceId(left)), folder, stop)
      let taken = 0
      for await (const news of takePages(ctx, input.copy, { kind: 'append' }, pages)) {
        const file = news.kind === 'page' ? left[taken++] : undefined
        if (file !== undefined) await rm(file, { force: true })
        yield news
      }
    })
  }),
})
