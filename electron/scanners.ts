import { resolve } from 'node:path'
import type { DeskSettings } from './desk-settings.ts'
import { type DocumentWork, documentsHere } from './document-work.ts'
import { fileListDeviceId, type PageFile, type ScannerDriver, scannerDrivers } from './scanning/index.ts'

/** The scanners of a desk, SANE's and the import of files, as one driver. */
export function deskScanner(
  settings: Partial<DeskSettings['scanner']> = {},
  { importFile }: Pick<DocumentWork, 'importFile'> = documentsHere,
): ScannerDriver {
  return scannerDrivers({
    sane: { extraDevices: settings.extraDevices ?? [], deviceOptions: settings.deviceOptions ?? {} },
    folder: { importFile },
  })
}

/** Imports image and PDF files in the given order into a folder. @throws ScanningError, DocumentError */
export async function* importFiles(
  scanner: ScannerDriver,
  files: readonly string[],
  folder: string,
  signal?: AbortSignal,
): AsyncGenerator<PageFile> {
  const request = {
    deviceId: fileListDeviceId(files.map(file => resolve(file))),
    source: 'feeder',
    sides: 'front',
    dpi: 300,
    colour: 'colour',
    paper: { widthMm: 210, heightMm: 297 },
  } as const
  for await (const event of scanner.scan(request, folder, signal)) if (event.kind === 'page') yield event.file
}
