import type { ApiSession } from '../../electron/api/context.ts'
import { HeldToken } from '../../electron/api/held-token.ts'
import { Jobs } from '../../electron/api/job-list.ts'
import { deskRouter } from '../../electron/api/router.ts'
import { UploadStore } from '../../electron/api/upload-store.ts'
import { readNumberOfPdf } from '../../electron/backup/read-number.ts'
import { restoreBackup } from '../../electron/backup/restore.ts'
import { thisMachine } from '../../electron/desk.ts'
import { openHost } from '../../electron/window/desk-host.ts'
import { DocumentThread } from '../../electron/window/document-thread.ts'
import type { TemporaryFolder } from './temporary-folder.ts'

interface ProgramOptions {
  /** What a person chooses in the system's dialog. */
  readonly chosenFolder?: () => string | null
  readonly practice?: boolean
  /** Of another office than the PC's own. */
  readonly officeFolder?: string
  /** What the person chooses in the system's dialog. */
  readonly askForPath?: () => Promise<string | null>
}

/** The program without its window on the data of one PC, and what the page of its one window may call. */
export async function programOn(
  folder: TemporaryFolder,
  { practice = false, officeFolder, askForPath, chosenFolder = () => null }: ProgramOptions = {},
) {
  const documents = new DocumentThread()
  const faults: string[] = []
  const host = await openHost({
    dataFolder: folder.path,
    officeFolder: officeFolder ?? null,
    practice,
    temporaryFolder: folder.file('temporary'),
    programVersion: '0.0.0',
    machine: { ...thisMachine, documents },
    ...(askForPath ? { askForPath } : {}),
    chooseFolder: async () => chosenFolder(),
    restore: async into => {
      const from = chosenFolder()
      if (from !== null) await restoreBackup({ from, into, at: new Date(), readNumber: readNumberOfPdf })
      return from !== null
    },
    onFault: what => faults.push(what),
  })
  const session: ApiSession = {
    actor: null,
    jobs: new Jobs(),
    token: new HeldToken(() => faults.push('held token')),
    uploads: new UploadStore(folder.file('uploads'), () => faults.push('brought files')),
  }
  return {
    host,
    session,
    faults,
    page: deskRouter.createCaller({ host, session }),
    async [Symbol.asyncDispose]() {
      await session.token.release()
      await host.close()
      await documents[Symbol.asyncDispose]()
    },
  }
}
