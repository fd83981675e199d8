import { join } from 'node:path'
import { app, dialog } from 'electron'
import { ApiError } from '../api/errors.ts'
import { type Explanation, explain, type Language } from '../messages.ts'
import { holdsOffice } from './own-office.ts'
import { readProgramState } from './program-state.ts'
import type { StartOptions } from './start-options.ts'

/** The file system keeps the program out of its own folder. */
const KEPT_OUT: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR']

/** What a backup helps against. */
const RESTORABLE: readonly string[] = [
  ...[
    'store-missing',
    'store-damaged',
    'store-older-than-head',
    'store-older-than-files',
    'settings-missing',
    'restore-unfinished',
  ],
]

const BUTTONS = {
  vi: ['Khôi phục từ bản sao lưu…', 'Đóng'],
  en: ['Restore from the backup…', 'Close'],
} as const

/** Tells the person why the program could not start and what to do; where a backup helps, leads to it. Ends the program. */
export async function tellStartFailure(error: unknown, options: StartOptions): Promise<void> {
  const { language } = await readProgramState(join(app.getPath('userData'), 'program.json'))
  const told = explain(typed(error), language)
  if (!app.isPackaged && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  const office = options.officeFolder ?? join(app.getPath('userData'), 'office')
  // A practice office that does not open is made anew, never restored.
  if (RESTORABLE.includes(told.code) && !options.practice && (await holdsOffice(office)))
    return app.exit((await offerRestore(told, office, language)) ? 0 : 1)
  dialog.showErrorBox(told.what, told.todo)
  app.exit(1)
}

/** @returns whether the office is restored, and the program starts again */
async function offerRestore({ what, todo }: Explanation, office: string, language: Language): Promise<boolean> {
  const [restore, close] = BUTTONS[language]
  const { response } = await dialog.showMessageBox({
    ...{ type: 'error', message: what, detail: todo, buttons: [restore, close], defaultId: 1, cancelId: 1 },
  })
  if (response !== 0) return false
  try {
    const { restoreByDialog } = await import('./restore-dialog.ts')
    if (!(await restoreByDialog(office, language))) return false
  } catch (error) {
    const failed = explain(error, language)
    dialog.showErrorBox(failed.what, failed.todo)
    return false
  }
  app.relaunch()
  return true
}

function typed(error: unknown): unknown {
  const keptOut = error instanceof Error && 'code' in error && KEPT_OUT.includes(error.code)
  return keptOut ? new ApiError('program-folder-unusable', {}, { cause: error }) : error
}
