import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { z } from 'zod'
import { readDeskSettings, writeDeskSettings } from '../../electron/desk-settings.ts'
import { drawPaper } from '../../electron/sandbox/papers.ts'
import { createPracticeOffice } from '../../electron/sandbox/practice-office.ts'
import { DATABASE_FILE } from '../../electron/store/store.ts'
import { startProcess } from './processes.ts'

/** Where everything of a run lies. Only the office is on the disk that fails. */
export const foldersOf = (root: string) => ({
  root,
  /** The practice office as it was made; of it serve the tokens, the authorities and the portal's store. */
  practice: join(root, 'practice'),
  portal: join(root, 'practice', 'practice', 'portal'),
  disk: join(root, 'disk'),
  office: join(root, 'disk', 'office'),
  pages: join(root, 'pages'),
  journals: join(root, 'journals'),
  /** The second place, and a backup of it that is kept apart for the day on which the disk is lost. */
  backups: join(root, 'backups'),
  kept: join(root, 'kept'),
  /** An office that is restored again and again while the first one works. */
  rehearsal: join(root, 'rehearsal'),
  program: join(root, 'program'),
  window: join(root, 'window'),
})
export type Folders = ReturnType<typeof foldersOf>

const servicesSchema = z.object({
  authority: z.url(),
  portal: z.url(),
  settings: z.record(z.string(), z.unknown()),
  clientId: z.string(),
  clientSecret: z.string(),
})
export type Services = z.infer<typeof servicesSchema>

/** Starts authority and portal, at the addresses that they had before. */
export async function startServices(folders: Folders, before?: Services) {
  const ports = [before?.authority, before?.portal].map(url => (url === undefined ? '0' : new URL(url).port))
  const running = startProcess('services.ts', [folders.practice, ...ports])
  return { running, services: servicesSchema.parse(await running.firstMessage) }
}

export const CREDENTIALS_FILE = 'portal-credentials.json'

/** What no backup holds: a person sets it up again. */
export async function writeCredentials(office: string, { clientId, clientSecret }: Services): Promise<void> {
  await writeFile(join(office, CREDENTIALS_FILE), JSON.stringify({ clientId, clientSecret }))
}

const tokensOf = ({ practice }: Folders): string => join(practice, 'practice', 'tokens')

/** A token's keys outlive every crash; SoftHSM's files need not. While nobody uses them they are put back as they were made. */
export async function renewTokens(folders: Folders): Promise<void> {
  await cp(join(folders.root, 'tokens'), tokensOf(folders), { recursive: true })
}

/** The practice office and the page of every original. */
export async function makeWorld(folders: Folders, seed: number): Promise<void> {
  const { practice, root, pages, journals, backups, kept, program, window } = folders
  for (const folder of [pages, journals, backups, kept, program, window]) await mkdir(folder, { recursive: true })
  await createPracticeOffice(practice, new Date())
  await cp(tokensOf(folders), join(root, 'tokens'), { recursive: true })
  const [paper] = await drawPaper('birth-certificate', seed, join(root, 'drawn'))
  if (!paper) throw new Error('no paper was drawn')
  await sharp(await readFile(paper.path))
    .resize({ width: 1000 })
    .jpeg()
    .toFile(join(pages, 'page.jpg'))
}

/** A real office with the practice office's people: it is bound to all that an office for earnest is, time-stamps and backups among it. */
export async function makeOffice({ practice, office, backups }: Folders, services: Services): Promise<void> {
  await mkdir(join(office, 'practice', 'pki'), { recursive: true })
  await copyFile(join(practice, DATABASE_FILE), join(office, DATABASE_FILE))
  await cp(join(practice, 'blobs'), join(office, 'blobs'), { recursive: true })
  const settings = await readDeskSettings(practice)
  const { anchors, intermediates, revocationLists } = settings.trust
  for (const name of [...anchors, ...intermediates, ...revocationLists])
    await copyFile(join(practice, name), join(office, name))
  await writeCredentials(office, services)
  await writeDeskSettings(office, {
    ...settings,
    practice: false,
    trust: { ...settings.trust, privateAddresses: true },
    timestamp: { url: services.authority, timeoutSeconds: 10 },
    delivery: { kind: 'dossier-api', settings: services.settings, credentialsFile: CREDENTIALS_FILE },
    backup: { folder: backups, keep: 3 },
  })
}
