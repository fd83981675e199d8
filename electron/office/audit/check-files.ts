import { type BlobStore, isBlobName } from '../../store/blobs.ts'
import type { Reader } from '../../store/store.ts'
import { readableContent } from '../signing/content.ts'
import type { CopyFacts } from '../verification/read-copy.ts'
import { hashAt } from './chain.ts'
import { type AuditFinding, finding } from './findings.ts'
import type { Ledger } from './ledger.ts'
import { type RowNames, shown } from './row-names.ts'

/** A stored file as it is now. */
export interface InspectedFile {
  /** Of its content, lower-case hex; null where there is no file. */
  readonly sha256: string | null
  /** What it says of itself as a certified copy; null where that was not asked, or it says nothing. */
  readonly copy: CopyFacts | null
  /** Something stands in its place that is no file, or may not be read. */
  readonly unreadable?: true
}

/** Hashes a file, and reads it as a certified copy where `as` says so; several may run at once. */
export type InspectFile = (path: string, as: 'file' | 'copy') => Promise<InspectedFile>

/** A stored file that a row refers to. */
interface KnownFile {
  readonly sha256: string
  /** Code of what it is for the office: page, composed, signed, sealed, archive, picture, anchor. */
  readonly use: string
  readonly copyId: string | null
}

interface SealedCopy {
  readonly copyId: string
  readonly content: string | null
}

/** Files that are read at the same time. */
const AT_ONCE = 8

export interface FileParts {
  readonly reader: Reader
  readonly blobs: BlobStore
  readonly inspect: InspectFile
  readonly officeId: string
  readonly ledger: Ledger
  readonly names: RowNames
  readonly signal?: AbortSignal | undefined
  /** Called after each file. */
  readonly onFile?: ((done: number, all: number) => void) | undefined
}

/**
 * Hashes every file that the office refers to; reads every sealed and archived copy's number, book, day and names back from its page; and looks
 * whether a stored copy is there that the register does not know.
 */
export async function checkFiles(parts: FileParts) {
  const { reader, blobs, inspect, officeId, ledger, names, signal, onFile } = parts
  const known = await knownFiles(reader, officeId, ledger)
  const sealed = await sealedCopies(reader, officeId)
  const label = (copyId: string | null): string => (copyId === null ? '–' : names('copy', copyId, copyId))
  const unknown: string[] = []
  for await (const sha256 of blobs.list()) if (!known.has(sha256)) unknown.push(sha256)
  const files = [...known.values()]
  const all = files.length + unknown.length
  const findings: AuditFinding[] = []
  let done = 0

  async function checkKnown({ sha256, use, copyId }: KnownFile): Promise<void> {
    const copies = sealed.get(sha256) ?? []
    const parameters = { row: label(copyId), use, sha256: shown(sha256) }
    if (!isBlobName(sha256)) {
      findings.push(finding('audit-file-missing', parameters, copyId))
      return
    }
    const file = await inspect(blobs.path(sha256), copies.length > 0 ? 'copy' : 'file')
    if (file.unreadable) findings.push(finding('audit-file-unreadable', parameters, copyId))
    else if (file.sha256 === null) findings.push(finding('audit-file-missing', parameters, copyId))
    else if (file.sha256 !== sha256) findings.push(finding('audit-file-damaged', parameters, copyId))
    else for (const copy of copies) findings.push(...(await checkCopy(copy, file.copy)))
  }

  async function checkCopy({ copyId, content: text }: SealedCopy, facts: CopyFacts | null): Promise<AuditFinding[]> {
    const row = label(copyId)
    const statement = facts?.statement
    const metadata = facts?.metadata
    if (!statement || !metadata) return [finding('audit-page-unread', { row }, copyId)]
    const content = readableContent(text)?.statement
    const compared = [
      ['number', statement.number, content?.number],
      ['book', statement.book, content?.book],
      ['day', statement.date, content?.date],
      ['signerName', statement.signerName, content?.signerName],
      ['officeName', metadata.officeName, content?.officeName],
    ] as const
    const differing = compared
      .filter(([, page, register]) => !sameWords(page, register))
      .map(([field, page, register]) =>
        finding('audit-page-differs', { row, field, here: page, there: register ?? '–' }, copyId),
      )
    const { sequence, hash } = metadata.chain
    const chained = (await hashAt(reader, officeId, sequence)) === hash
    return chained
      ? differing
      : [...differing, finding('audit-page-chain', { row, sequence, there: shown(hash) }, copyId)]
  }

  /** A file that a crash left behind is no finding; a certified copy whose number was never taken is. */
  async function checkUnknown(sha256: string): Promise<void> {
    if (ledger.hashes.has(sha256)) return
    const { copy } = await inspect(blobs.path(sha256), 'copy')
    const statement = copy?.statement
    if (!statement || isRegistered(ledger, statement)) return
    const { number, book } = statement
    findings.push(finding('audit-file-unregistered', { number, book, sha256: shown(sha256) }))
  }

  const tasks = [...files.map(each => () => checkKnown(each)), ...unknown.map(each => () => checkUnknown(each))]
  const next = tasks.values()
  const worker = async () => {
    for (const task of next) {
      signal?.throwIfAborted()
      await task()
      done += 1
      onFile?.(done, all)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return { findings, files: all, unknown }
}

/** Names are compared as people read them: capitals on the page say the same. */
function sameWords(page: string, register: string | undefined): boolean {
  return register !== undefined && page.toLocaleUpperCase('vi') === register.toLocaleUpperCase('vi')
}

function isRegistered(ledger: Ledger, statement: { readonly number: string; readonly book: string }): boolean {
  const number = Number(statement.number)
  const bears = (book: unknown, row: { readonly [name: string]: unknown }) =>
    row['number'] === number && book === statement.book
  return (
    [...ledger.rows('number').values()].some(row =>
      bears(ledger.rows('book').get(String(row['bookId']))?.['book'], row),
    ) || [...ledger.rows('restored').values()].some(row => bears(row['book'], row))
  )
}

async function knownFiles(reader: Reader, officeId: string, ledger: Ledger): Promise<ReadonlyMap<string, KnownFile>> {
  const known = new Map<string, KnownFile>()
  const add = (sha256: string | null, use: string, copyId: string | null = null): void => {
    if (sha256 !== null && !known.has(sha256)) known.set(sha256, { sha256, use, copyId })
  }
  const copies = await reader
    .selectFrom('copy')
    .select(['copy_id', 'composed_sha256', 'signed_sha256', 'sealed_sha256'])
    .where('office_id', '=', officeId)
    .execute()
  for (const copy of copies) {
    add(copy.sealed_sha256, 'sealed', copy.copy_id)
    add(copy.signed_sha256, 'signed', copy.copy_id)
    add(copy.composed_sha256, 'composed', copy.copy_id)
  }
  const archive = await reader.selectFrom('archive').selectAll().where('office_id', '=', officeId).execute()
  for (const row of archive) add(row.file_sha256, 'archive', row.copy_id)
  const pages = await reader
    .selectFrom('page')
    .select(['blob_sha256', 'copy_id'])
    .where('office_id', '=', officeId)
    .execute()
  for (const page of pages) add(page.blob_sha256, 'page', page.copy_id)
  const people = await reader
    .selectFrom('person')
    .select('signature_image_sha256')
    .where('office_id', '=', officeId)
    .execute()
  for (const person of people) add(person.signature_image_sha256, 'picture')
  const offices = await reader
    .selectFrom('office')
    .select('seal_image_sha256')
    .where('office_id', '=', officeId)
    .execute()
  for (const office of offices) add(office.seal_image_sha256, 'picture')
  for (const anchor of ledger.anchors) add(anchor.fileSha256, 'anchor')
  return known
}

/** Copies by the file that is to be read back: the sealed one, and the long-term one. */
async function sealedCopies(reader: Reader, officeId: string): Promise<ReadonlyMap<string, readonly SealedCopy[]>> {
  const rows = await reader
    .selectFrom('copy')
    .leftJoin('archive', join =>
      join.onRef('archive.office_id', '=', 'copy.office_id').onRef('archive.copy_id', '=', 'copy.copy_id'),
    )
    .select(['copy.copy_id', 'copy.content', 'copy.sealed_sha256', 'archive.file_sha256'])
    .where('copy.office_id', '=', officeId)
    .where('copy.sealed_sha256', 'is not', null)
    .execute()
  const files = rows.flatMap(row =>
    [row.sealed_sha256, row.file_sha256]
      .filter(sha256 => sha256 !== null)
      .map(sha256 => ({ sha256, copy: { copyId: row.copy_id, content: row.content } })),
  )
  const copies = new Map<string, SealedCopy[]>()
  for (const { sha256, copy } of files) copies.set(sha256, [...(copies.get(sha256) ?? []), copy])
  return copies
}
