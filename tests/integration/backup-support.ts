import { mkdir, readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { ReadNumber } from '../../electron/backup/evidence.ts'
import { type BackupMade, type BackupOptions, makeBackup } from '../../electron/backup/make-backup.ts'
import { type Restored, type RestoreOptions, restoreBackup } from '../../electron/backup/restore.ts'
import { readDeskSettings, writeDeskSettings } from '../../electron/desk-settings.ts'
import type { TemporaryFolder } from '../support/temporary-folder.ts'
import { lineEngine, type TestOffice, testOffice } from './office-support.ts'

export const BACKUP_TIME = new Date('2026-11-20T04:00:00Z')
export const RESTORE_TIME = new Date('2026-11-21T01:00:00Z')

const statementSchema = z.object({
  statement: z.object({ number: z.string(), book: z.string(), date: z.string(), officeName: z.string() }),
})

/** As `readNumberOfPdf` for the files of the test's composer and engine. */
export const readNumberOfLines: ReadNumber = async path => {
  const text = await readFile(path, 'latin1')
  if (!text.startsWith('{"statement"')) return null
  const json = Buffer.from(text.split('\n')[0] ?? '', 'latin1').toString('utf8')
  const { number, book, date, officeName } = statementSchema.parse(JSON.parse(json)).statement
  const { signatures } = await lineEngine.verify(path)
  const intact = signatures.filter(each => each.integrity === 'intact')
  return {
    ...{ kind: 'copy', year: Number(date.slice(0, 4)), number: Number(number), book, day: date, officeName },
    signedBy: intact.flatMap(({ signer }) => (signer ? [signer.sha256] : [])),
  }
}

/** An office in `office/` of the folder, with settings, to be backed up into `second/`. */
export async function officeToLose(folder: TemporaryFolder): Promise<TestOffice> {
  const test = await testOffice(folder.file('office'))
  await writeDeskSettings(test.folder, { officeId: test.admin.officeId })
  return test
}

export async function backUp(office: string, place: string, options: Partial<BackupOptions> = {}): Promise<BackupMade> {
  await mkdir(place, { recursive: true })
  return makeBackup({ folder: office, settings: await readDeskSettings(office), programVersion: '0' }, place, {
    ...{ at: BACKUP_TIME, keep: 30 },
    ...options,
  })
}

export const restore = (office: string, place: string, options: Partial<RestoreOptions> = {}): Promise<Restored> =>
  restoreBackup({
    ...{ from: place, into: office, at: RESTORE_TIME, readNumber: readNumberOfLines },
    ...options,
  })
