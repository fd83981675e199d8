import { resolve } from 'node:path'
import type { DeskSettings } from './desk-settings.ts'
import { documentsHere, type ForeignWork } from './document-work.ts'
import {
  fileListDeviceId,
  type PageFile,
  type ScannerDevice,
  type ScannerDriver,
  saneDeviceId,
  scannerDrivers,
} from './scanning/index.ts'

/** The scanners of a desk, SANE's and the import of files, as one driver. */
export function deskScanner(
  settings: Partial<DeskSettings['scanner']> = {},
  { importFile, storeRawPage }: Pick<ForeignWork, 'importFile' | 'storeRawPage'> = documentsHere,
): ScannerDriver {
  const scanners = scannerDrivers({
    sane: { extraDevices: settings.extraDevices ?? [], deviceOptions: settings.deviceOptions ?? {}, storeRawPage },
    folder: { importFile },
  })
  const names = settings.deviceNames ?? {}
  return { ...scanners, devices: async signal => namedDevices(await scanners.devices(signal), names) }
}

/**
 * Devices under the names that the people here gave them. SANE lists the devices of a backend one by one (`test:0`); where the backend as
 * a whole has a name (`test`), it is meant, and they are not shown beside it.
 */
export function namedDevices(
  devices: readonly ScannerDevice[],
  names: Readonly<Record<string, string>>,
): readonly ScannerDevice[] {
  const known = Object.keys(names).map(saneDeviceId)
  return devices
    .filter(({ id }) => !known.some(each => id.startsWith(`${each}:`)))
    .map(device => {
      const name = Object.entries(names).find(([sane]) => saneDeviceId(sane) === device.id)?.[1]
      return name === undefined ? device : { ...device, vendor: '', model: name }
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
