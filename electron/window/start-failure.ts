import { join } from 'node:path'
import { app, dialog } from 'electron'
import { ApiError } from '../api/errors.ts'
import { explain } from '../messages.ts'
import { readProgramState } from './program-state.ts'

/** The file system keeps the program out of its own folder. */
const KEPT_OUT: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'EISDIR']

/** Tells the person why the program could not start and what to do, and ends it as failed. */
export async function tellStartFailure(error: unknown): Promise<void> {
  const { language } = await readProgramState(join(app.getPath('userData'), 'program.json'))
  const { what, todo } = explain(typed(error), language)
  if (!app.isPackaged && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  dialog.showErrorBox(what, todo)
  app.exit(1)
}

function typed(error: unknown): unknown {
  const keptOut = error instanceof Error && 'code' in error && KEPT_OUT.includes(error.code)
  return keptOut ? new ApiError('program-folder-unusable', {}, { cause: error }) : error
}
