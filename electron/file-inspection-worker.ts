import { parentPort } from 'node:worker_threads'
import { inspectHere } from './file-inspection.ts'
import type { InspectedFile } from './office/audit/check-files.ts'

/** Entry of a thread that reads stored files for the audit. */

export interface InspectionTask {
  readonly id: number
  readonly path: string
  readonly as: 'file' | 'copy'
}

export type InspectionAnswer =
  | { readonly id: number; readonly file: InspectedFile }
  | { readonly id: number; readonly error: string }

parentPort?.on('message', ({ id, path, as }: InspectionTask) => {
  let answer: InspectionAnswer
  try {
    answer = { id, file: inspectHere(path, as) }
  } catch (error) {
    answer = { id, error: error instanceof Error ? error.message : String(error) }
  }
  parentPort?.postMessage(answer)
})
