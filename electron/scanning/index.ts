import type { ScanEvent, ScannerDevice, ScannerDriver, ScanRequest } from './driver.ts'
import { ScanningError } from './errors.ts'
import { type FolderOptions, folderDriver } from './folder.ts'
import { type SaneOptions, saneDriver } from './sane.ts'

export type * from './driver.ts'
export { SCANNING_ERROR_CODES, ScanningError, type ScanningErrorCode } from './errors.ts'
export {
  type FolderOptions,
  fileListDeviceId,
  folderDeviceId,
  folderDriver,
  type ImportFile,
  importableEndings,
} from './folder.ts'
export { type SaneOptions, saneDeviceId, saneDriver } from './sane.ts'

export interface ScannerOptions {
  readonly sane?: SaneOptions
  readonly folder: FolderOptions
}

/** What was found, and what kept a driver from looking: a desk without SANE still imports files. */
export interface DeviceSearch {
  readonly devices: readonly ScannerDevice[]
  readonly problems: readonly ScanningError[]
}

/** Asks every driver for its devices. @throws ScanningError scan-cancelled; what is no ScanningError passes through */
export async function searchDevices(drivers: readonly ScannerDriver[], signal?: AbortSignal): Promise<DeviceSearch> {
  const devices: ScannerDevice[] = []
  const problems: ScanningError[] = []
  for (const driver of drivers) {
    try {
      devices.push(...(await driver.devices(signal)))
    } catch (error) {
      if (!(error instanceof ScanningError) || error.code === 'scan-cancelled') throw error
      problems.push(error)
    }
  }
  return { devices, problems }
}

/** Several drivers as one: a device id's prefix (`sane:…`, `folder:…`) says whose it is. */
export function combineDrivers(drivers: readonly ScannerDriver[]): ScannerDriver {
  return {
    name: 'all',
    /** @throws ScanningError only when no driver found anything */
    async devices(signal) {
      const { devices, problems } = await searchDevices(drivers, signal)
      const problem = problems[0]
      if (devices.length === 0 && problem) throw problem
      return devices
    },
    async *scan(request: ScanRequest, directory: string, signal?: AbortSignal): AsyncGenerator<ScanEvent> {
      const driver = drivers.find(one => request.deviceId.startsWith(`${one.name}:`))
      if (!driver) throw new ScanningError('scanner-not-found', { device: request.deviceId, pages: 0 })
      yield* driver.scan(request, directory, signal)
    },
  }
}

/** The drivers of this program as one. */
export function scannerDrivers(options: ScannerOptions): ScannerDriver {
  return combineDrivers([saneDriver(options.sane), folderDriver(options.folder)])
}

/** The device for who names none. @throws ScanningError no-scanner, several-scanners, and what the search throws */
export async function onlyDevice(driver: ScannerDriver, signal?: AbortSignal): Promise<ScannerDevice> {
  const devices = await driver.devices(signal)
  const [device] = devices
  if (!device) throw new ScanningError('no-scanner')
  if (devices.length > 1)
    throw new ScanningError('several-scanners', { devices: devices.map(one => one.id).join(', ') })
  return device
}
