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
  return async (path, query) => {
    const who = viewer()
    if (!who) return null
    const parts = path.split('/')
    const save = query.has('save')
    const copy = copyFileSchema.safeParse(parts)
    if (copy.success) {
      const [, copyId, name] = copy.data
      const file = await (name === 'archived.pdf'
        ? who.office.archive.file(who.actor, copyId)
        : who.office.copies.file(who.actor, copyId, stages[name]))
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
