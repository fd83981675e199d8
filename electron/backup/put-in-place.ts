import { access, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { syncFolder, writeFileDurably } from '../files.ts'
import { DATABASE_FILE } from '../store/store.ts'

/**
 * The last step of a restore, which a power cut may stop anywhere: what was restored lies whole in `.restoring/new`; each file there takes its
 * place, and what stood in that place is set aside. Done again, it goes on where it stopped, since what has moved is no longer there.
 */
export const RESTORING = '.restoring'
const NEW = 'new'
const PLAN = 'ready.json'

const planSchema = z.strictObject({
  setAside: z.string().min(1),
  files: z.array(z.string().min(1)),
  /** Set aside, with nothing in their place. */
  gone: z.array(z.string().min(1)).default([]),
  outcome: z.unknown(),
})
export type Plan = z.infer<typeof planSchema>

export const newFolder = (office: string): string => join(office, RESTORING, NEW)

/** The restore that waits to be finished; null where there is none. From its being there on, only going on is right. */
export async function unfinishedPlan(office: string): Promise<Plan | null> {
  try {
    return planSchema.parse(JSON.parse(await readFile(join(office, RESTORING, PLAN), 'utf8')))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

export const writePlan = (office: string, plan: Plan): Promise<void> =>
  writeFileDurably(join(office, RESTORING, PLAN), `${JSON.stringify(plan, null, 2)}\n`)

/** Puts everything in its place. */
export async function putInPlace(office: string, plan: Plan): Promise<void> {
  for (const file of plan.files) {
    const from = join(newFolder(office), file)
    if (!(await isThere(from))) continue
    // A log that belongs to the old database must never meet the new one.
    const old = file === DATABASE_FILE ? [`${file}-wal`, `${file}-shm`, file] : [file]
    for (const each of old) await setAside(office, plan.setAside, each)
    await mkdir(dirname(join(office, file)), { recursive: true })
    await rename(from, join(office, file))
    await syncFolder(dirname(join(office, file)))
  }
  for (const file of plan.gone) await setAside(office, plan.setAside, file)
  await rm(join(office, RESTORING, PLAN), { force: true })
  await syncFolder(join(office, RESTORING))
  await rm(join(office, RESTORING), { recursive: true, force: true })
}

/** Moves what stands there into the folder of what was replaced; nothing is deleted. */
export async function setAside(office: string, folder: string, file: string): Promise<void> {
  const from = join(office, file)
  if (!(await isThere(from))) return
  const to = join(office, folder, file)
  await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
  await syncFolder(dirname(to))
}

export async function isThere(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
