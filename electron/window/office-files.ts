import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { AssetSource } from './app-protocol.ts'
import type { Viewer } from './page-pictures.ts'

const copyFileSchema = z.tuple([
  z.literal('copy'),
  z.string().regex(/^[0-9A-Za-z-]{1,64}$/),
  z.enum(['composed.pdf', 'signed.pdf', 'sealed.pdf', 'archived.pdf']),
])
const printSchema = z.tuple([z.literal('print'), z.uuid(), z.enum(['register.pdf', 'register.xlsx', 'receipt.pdf'])])

const stages = { 'composed.pdf': 'composed', 'signed.pdf': 'signed', 'sealed.pdf': 'sealed' } as const
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** PDF files of copies (`copy/<id>/sealed.pdf`) and prints (`print/<id>/register.xlsx`). `?save` gives them as a download. */
export function officeFiles(viewer: Viewer, temporaryFolder: string): AssetSource {
  const checked = new CheckedFiles()
  return async (path, query) => {
    const who = viewer()
    if (!who) return null
    const parts = path.split('/')
    const save = query.has('save')
    const copy = copyFileSchema.safeParse(parts)
    if (copy.success) {
      const [, copyId, name] = copy.data
      const file = await checked.file(`${who.actor.officeId} ${who.actor.personId} ${path}`, () =>
        name === 'archived.pdf'
          ? who.office.archive.file(who.actor, copyId)
          : who.office.copies.file(who.actor, copyId, stages[name]),
      )
      return { file, contentType: 'application/pdf', ...(save ? { saveAs: name } : {}) }
    }
    const print = printSchema.safeParse(parts)
    if (!print.success) return null
    const [, printId, name] = print.data
    const contentType = name.endsWith('.pdf') ? 'application/pdf' : XLSX
    const file = join(temporaryFolder, 'prints', printId, name)
    return { file, contentType, ...(save ? { saveAs: name } : {}) }
  }
}

interface Checked {
  readonly file: string
  readonly state: BigIntStats
}

const KEPT = 20

/**
 * Where files lie that the office has let this person see and has compared with their SHA-256: one that is read in hundreds of pieces is
 * compared once, and again when anybody has touched it.
 */
class CheckedFiles {
  readonly #known = new Map<string, Promise<Checked>>()

  async file(key: string, find: () => Promise<string>): Promise<string> {
    const known = await this.#known.get(key)?.catch(() => null)
    if (known && isUntouched(known.state, await stat(known.file, { bigint: true }))) return known.file
    const finding = look(find)
    this.#known.delete(key)
    this.#known.set(key, finding)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) break
      this.#known.delete(oldest)
    }
    return (await finding).file
  }
}

async function look(find: () => Promise<string>): Promise<Checked> {
  const file = await find()
  return { file, state: await stat(file, { bigint: true }) }
}

const isUntouched = (before: BigIntStats, now: BigIntStats): boolean =>
  before.ino === now.ino && before.size === now.size && before.mtimeNs === now.mtimeNs && before.ctimeNs === now.ctimeNs
