import { copyFile, cp, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readNumberOfPdf } from '../../electron/backup/read-number.ts'
import { hashFile } from '../../electron/store/blobs.ts'
import { HEAD_FILE } from '../../electron/store/store.ts'
import { finish } from './finish.ts'
import { type OfficeAsItStands, officeAsItStands, problemsOf } from './inspect.ts'
import { type Ground, runCommand } from './victims.ts'
import { writeCredentials } from './world.ts'

/** What is left when the office's disk is lost: the delivered files and the head file, or the office's stored files. */
const EVIDENCE = ['delivered-files', 'stored-files'] as const
const REQUESTS = 3

const restoredSchema = z.looseObject({
  used: z.array(z.looseObject({ number: z.number() })),
  doubtful: z.array(z.unknown()),
  sealedSince: z.array(z.unknown()),
  deliveriesHeld: z.number(),
})

/**
 * The office's disk is lost; from a backup of the middle and what is left it is restored, and goes on for some requests: once for each kind of
 * evidence. No number on a certified file that ever was may come to stand on another copy.
 */
export async function loseDisk(ground: Ground, lost: OfficeAsItStands) {
  const { folders, staff, chance } = ground
  const problems: string[] = []
  const counts: Record<string, Readonly<Record<string, number>>> = {}
  const read = certifiedNumbers()
  const before = await read([folders.portal, join(lost.folder, 'blobs')], lost)
  for (const evidence of EVIDENCE) {
    const office = join(folders.root, `restored-by-${evidence}`)
    await mkdir(office)
    if (evidence === 'delivered-files') await copyFile(join(lost.folder, HEAD_FILE), join(office, HEAD_FILE))
    else await cp(join(lost.folder, 'blobs'), join(office, 'blobs'), { recursive: true })
    const brought = evidence === 'delivered-files' ? ['--evidence', join(folders.portal, 'files')] : []
    const said = await runCommand(ground, [
      ...['office', 'restore', '--office', office, '--from', folders.kept, ...brought],
    ])
    if (said === null) continue
    const restored = restoredSchema.parse(JSON.parse(said))
    await writeCredentials(office, staff.services)

    // Only the last one reaches the portal: to the portal there is one office.
    const closed = evidence === 'delivered-files' ? ['--closed'] : []
    problems.push(
      ...(await finish(office, folders, chance.below(2 ** 31), `--requests=${REQUESTS}`, ...closed)).map(
        problem => `${evidence}: ${problem}`,
      ),
    )
    const stands = await officeAsItStands(office)
    const after = await read([join(office, 'blobs')], stands, before)
    const twice = [...after].filter(([number, owners]) => new Set([...owners, ...(before.get(number) ?? [])]).size > 1)
    const open = restored.used.filter(
      ({ number }) => stands.rows.find(row => Number(row.number) === number)?.state !== 'void',
    )
    counts[evidence] = {
      numbersVoided: restored.used.length,
      copies: stands.copies.length,
      numbers: stands.rows.length,
      certifiedNumbers: new Set([...before.keys(), ...after.keys()]).size,
      doubtful: restored.doubtful.length,
      sealedSince: restored.sealedSince.length,
      deliveriesHeld: restored.deliveriesHeld,
      numbersGivenTwice: twice.length,
    }
    problems.push(
      ...problemsOf(stands),
      ...twice.map(([number]) => `${evidence}: number ${number} was given twice`),
      ...open.map(({ number }) => `${evidence}: number ${number} was used and is not void`),
      ...(restored.doubtful.length > 0 ? [`${evidence}: own files are doubted`] : []),
    )
  }
  return { counts, problems }
}

type Owners = ReadonlyMap<number, ReadonlySet<string>>
const NOBODY = 'nobody'

/** Reads the number of every certified file in folders, and tells by the office's events whose it is. */
function certifiedNumbers() {
  /** Of a file that was read: its number, null where it bears none. */
  const known = new Map<string, number | null>()
  return async (folders: readonly string[], office: OfficeAsItStands, before?: Owners): Promise<Owners> => {
    const owner = new Map<string, string>()
    for (const { subject, data } of office.events)
      for (const value of Object.values(data)) if (typeof value === 'string') owner.set(value, subject)
    const unsealed = new Set(office.copies.flatMap(copy => [copy.composedSha256, copy.signedSha256]))
    const owners = new Map<number, Set<string>>()
    for (const path of (await Promise.all(folders.map(filesBelow))).flat()) {
      const sha256 = await hashFile(path)
      if (unsealed.has(sha256) || (before && known.has(sha256))) continue
      if (!known.has(sha256)) {
        const found = await readNumberOfPdf(path)
        known.set(sha256, found && found.signedBy.length > 1 ? found.number : null)
      }
      const number = known.get(sha256) ?? null
      if (number === null) continue
      const row = office.rows.find(each => Number(each.number) === number)
      const whose = owner.get(sha256) ?? row?.copyId ?? NOBODY
      owners.set(number, (owners.get(number) ?? new Set()).add(whose))
    }
    return owners
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}
