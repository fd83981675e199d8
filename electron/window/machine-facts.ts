import { statfs } from 'node:fs/promises'
import { arch, freemem, platform, release, totalmem } from 'node:os'
import type { DiagnosticsSection } from '../api/contract/diagnostics.ts'
import type { DeskSettings } from '../desk-settings.ts'
import type { Language } from '../messages.ts'
import { isOpenToOthers } from './folder-rights.ts'

type Line = DiagnosticsSection['lines'][number]

const words = {
  program: { vi: 'Chương trình', en: 'Program' },
  version: { vi: 'Phiên bản', en: 'Version' },
  machine: { vi: 'Máy tính', en: 'Computer' },
  system: { vi: 'Hệ điều hành', en: 'Operating system' },
  memory: { vi: 'Bộ nhớ còn trống', en: 'Free memory' },
  disk: { vi: 'Ổ đĩa còn trống', en: 'Free disk' },
  folder: { vi: 'Thư mục dữ liệu', en: 'Data folder' },
  closed: { vi: 'chỉ tài khoản này đọc được', en: 'read by this account alone' },
  open: { vi: 'tài khoản khác trên máy cũng đọc được', en: 'other accounts of this computer read it too' },
  services: { vi: 'Dịch vụ', en: 'Services' },
  timestamp: { vi: 'Dấu thời gian', en: 'Time stamps' },
  delivery: { vi: 'Gửi kết quả', en: 'Delivery' },
  missing: { vi: 'chưa thiết lập', en: 'not set up' },
  'dossier-api': { vi: 'qua cổng dịch vụ công', en: 'by the public-service portal' },
  'manual-package': { vi: 'gói tệp để tự nộp lên cổng', en: 'file packages to hand in by hand' },
  practice: { vi: 'Cơ quan tập dượt', en: 'Practice office' },
  yes: { vi: 'có', en: 'yes' },
} as const

const GIB = 2 ** 30
const LOW_DISK = 2 * GIB
const LOW_MEMORY = GIB / 2

const size = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GB`

/** What support asks first. Addresses are told without path and query, which could hold a key. */
export async function machineFacts(
  programVersion: string,
  language: Language,
  officeFolder: string,
  settings: DeskSettings | null,
): Promise<readonly DiagnosticsSection[]> {
  const say = (word: keyof typeof words) => words[word][language]
  const program: Line[] = [
    { name: say('version'), value: programVersion, state: 'info' },
    ...Object.entries({ electron: 'Electron', chrome: 'Chromium', node: 'Node.js' }).flatMap(([part, name]): Line[] => {
      const version = process.versions[part]
      return version ? [{ name, value: version, state: 'info' }] : []
    }),
    ...(settings?.practice ? [{ name: say('practice'), value: say('yes'), state: 'info' } as const] : []),
  ]
  const disk = await freeDisk(officeFolder)
  const isOpen = await isOpenToOthers(officeFolder)
  const machine: Line[] = [
    { name: say('system'), value: `${platform()} ${release()} ${arch()}`, state: 'info' },
    {
      name: say('memory'),
      value: `${size(freemem())} / ${size(totalmem())}`,
      state: freemem() < LOW_MEMORY ? 'warning' : 'ok',
    },
    ...(disk === null
      ? []
      : [{ name: say('disk'), value: size(disk), state: disk < LOW_DISK ? 'warning' : 'ok' } as const]),
    ...(isOpen === null
      ? []
      : [{ name: say('folder'), value: say(isOpen ? 'open' : 'closed'), state: isOpen ? 'warning' : 'ok' } as const]),
  ]
  const timestamp = settings?.timestamp ? new URL(settings.timestamp.url).origin : null
  const services: Line[] = settings
    ? [
        { name: say('timestamp'), value: timestamp ?? say('missing'), state: timestamp ? 'ok' : 'warning' },
        { name: say('delivery'), value: say(settings.delivery.kind), state: 'info' },
      ]
    : []
  return [
    { title: say('program'), lines: program },
    { title: say('machine'), lines: machine },
    ...(services.length > 0 ? [{ title: say('services'), lines: services }] : []),
  ]
}

async function freeDisk(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null
  }
}
