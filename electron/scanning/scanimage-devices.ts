/** One scanner as `scanimage --formatted-device-list` names it. */
export interface ListedDevice {
  readonly name: string
  readonly vendor: string
  readonly model: string
  /** 'flatbed scanner', 'sheetfed scanner', 'multi-function peripheral', … */
  readonly type: string
}

// Vendors put any printable character into their names, so fields are parted by a control character.
const SEPARATOR = '\u001f'

/** The format handed to scanimage. */
export const DEVICE_LIST_FORMAT = ['%d', '%v', '%m', '%t'].join(SEPARATOR).concat('%n')

/** Webcams that SANE's v4l backend shows as scanners are no use to an office. */
const WEBCAM = /^v4l:/

/** Reads the device list; lines of another shape are remarks of the backends and passed over. */
export function parseDeviceList(output: string): readonly ListedDevice[] {
  const devices = new Map<string, ListedDevice>()
  for (const line of output.split(/\r?\n/)) {
    const [name, vendor, model, type, ...more] = line.split(SEPARATOR)
    if (!name || vendor === undefined || model === undefined || type === undefined || more.length > 0) continue
    if (WEBCAM.test(name)) continue
    devices.set(name, { name, vendor: vendor.trim(), model: model.trim(), type: type.trim() })
  }
  return [...devices.values()]
}
