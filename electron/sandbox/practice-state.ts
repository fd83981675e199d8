import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readOwnJson } from '../own-files.ts'
import { openPki, type SandboxPki } from './pki.ts'

/** The practice office's people and things. All of it is invented; every name says so. */
export const PRACTICE = {
  office: 'Ủy ban nhân dân xã Thanh Bình (mẫu)',
  locality: 'Tỉnh Mẫu',
  people: {
    admin: 'Phạm Thị Quản (mẫu)',
    officer: 'Trần Thị Bình (mẫu)',
    signer: 'Nguyễn Văn An (mẫu)',
    clerk: 'Lê Thị Cẩm (mẫu)',
  },
  signerTitle: ['CHỦ TỊCH'],
  tokens: {
    signer: { label: 'Thẻ ký của Chủ tịch', pin: '13572468' },
    organisation: { label: 'Thẻ con dấu cơ quan', pin: '24681357' },
  },
  scanner: 'Máy quét tập sự',
  securityOfficerPin: '87654321',
} as const

export type PracticeToken = keyof typeof PRACTICE.tokens

/** What a program needs to know to work in a practice office that lies on disk. */
const practiceStateSchema = z.strictObject({
  certificates: z.strictObject({ signer: z.string(), organisation: z.string() }),
})

export interface PracticeOffice {
  readonly folder: string
  readonly pki: SandboxPki
  /** SHA-256 of each token's certificate. */
  readonly certificates: { readonly signer: string; readonly organisation: string }
}

export const pkiFolder = (folder: string): string => join(folder, 'practice', 'pki')
const stateFile = (folder: string): string => join(folder, 'practice', 'practice.json')

/** Opens the practice office in `folder` that `createPracticeOffice` made. */
export async function openPracticeOffice(folder: string): Promise<PracticeOffice> {
  const state = await readOwnJson(stateFile(folder), practiceStateSchema)
  return { folder, pki: openPki(pkiFolder(folder)), certificates: state.certificates }
}

/** Remembers the tokens' certificates. */
export const writePracticeState = (folder: string, certificates: PracticeOffice['certificates']): Promise<void> =>
  writeFile(stateFile(folder), `${JSON.stringify({ certificates }, null, 2)}\n`)
