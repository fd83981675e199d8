import { dialog } from 'electron'
import type { Language } from '../messages.ts'

const TITLES = {
  'backup-place': { vi: 'Chọn nơi sao lưu (ổ USB, ổ mạng)', en: 'Choose the place for backups (USB, network drive)' },
  'restore-from': { vi: 'Chọn nơi có bản sao lưu', en: 'Choose the place that holds the backups' },
} as const

/** A dialog of the system: only a person at this PC names a folder, never a page. @returns null where it was closed */
export async function chooseFolder(purpose: keyof typeof TITLES, language: Language): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    title: TITLES[purpose][language],
    properties: ['openDirectory', 'createDirectory'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}
