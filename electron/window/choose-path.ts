import { dialog } from 'electron'
import type { PathPurpose } from '../api/chosen-paths.ts'
import type { Language } from '../messages.ts'

const FOLDERS = {
  'backup-place': { vi: 'Chọn nơi sao lưu (ổ USB, ổ mạng)', en: 'Choose the place for backups (USB, network drive)' },
  'restore-from': { vi: 'Chọn nơi có bản sao lưu', en: 'Choose the place that holds the backups' },
} as const

const FILES: Readonly<Record<PathPurpose, Readonly<Record<Language, string>>>> = {
  'token-module': { vi: 'Chọn thư viện thẻ ký số (PKCS#11)', en: 'Choose a token module (PKCS#11)' },
}

/** Libraries of this system; `*` for those with a version behind (libx.so.6). */
const LIBRARIES = { win32: ['dll'], darwin: ['dylib', 'so'] } as const

/** Asks the person at this PC for a folder in the system's own dialog, which no page can fill in. @returns null: none was chosen */
export async function chooseFolder(purpose: keyof typeof FOLDERS, language: Language): Promise<string | null> {
  return choose({ title: FOLDERS[purpose][language], properties: ['openDirectory', 'createDirectory'] })
}

/** The same for a file. */
export async function chooseFile(purpose: PathPurpose, language: Language): Promise<string | null> {
  const title = FILES[purpose][language]
  const extensions =
    process.platform === 'win32' || process.platform === 'darwin' ? LIBRARIES[process.platform] : ['so', '*']
  return choose({
    title,
    properties: ['openFile', 'dontAddToRecent'],
    filters: [{ name: title, extensions: [...extensions] }],
  })
}

async function choose(options: Electron.OpenDialogOptions): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(options)
  return canceled ? null : (filePaths[0] ?? null)
}
