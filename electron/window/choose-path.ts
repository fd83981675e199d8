import { type BrowserWindow, dialog } from 'electron'
import type { PathPurpose } from '../api/chosen-paths.ts'
import type { Language } from '../messages.ts'

const words: Readonly<Record<PathPurpose, Readonly<Record<Language, string>>>> = {
  'token-module': { vi: 'Chọn thư viện thẻ ký số (PKCS#11)', en: 'Choose a token module (PKCS#11)' },
}

/** Libraries of this system; `*` for those with a version behind (libx.so.6). */
const LIBRARIES = { win32: ['dll'], darwin: ['dylib', 'so'] } as const

/** Asks the person in the system's own dialog, which no page can fill in. @returns null: none was chosen */
export async function askForPath(
  window: BrowserWindow,
  purpose: PathPurpose,
  language: Language,
): Promise<string | null> {
  const extensions =
    process.platform === 'win32' || process.platform === 'darwin' ? LIBRARIES[process.platform] : ['so', '*']
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: words[purpose][language],
    properties: ['openFile', 'dontAddToRecent'],
    filters: [{ name: words[purpose][language], extensions: [...extensions] }],
  })
  return canceled ? null : (filePaths[0] ?? null)
}
