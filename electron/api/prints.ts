import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ApiHost } from './context.ts'

/** A folder of its own for something printed, under `/file/print/<printId>/` of the page's addresses until the program ends. */
export async function newPrint({
  temporaryFolder,
}: Pick<ApiHost, 'temporaryFolder'>): Promise<{ readonly printId: string; readonly folder: string }> {
  const printId = randomUUID()
  const folder = join(temporaryFolder, 'prints', printId)
  await mkdir(folder, { recursive: true })
  return { printId, folder }
}
