import { type Selectable, sql } from 'kysely'
import { z } from 'zod'
import type { BlobStore } from '../../store/blobs.ts'
import type { CopyTable } from '../../store/schema.ts'
import type { Reader } from '../../store/store.ts'
import { OfficeError } from '../errors.ts'
import { fromJson } from '../parts.ts'
import { contentSchema } from '../signing/content.ts'
import {
  type Actor,
  COPY_STATES,
  type CopyQuery,
  type CopyRef,
  type CopyState,
  type CopyView,
  type PageView,
} from '../types.ts'
import { searchPatterns } from './search.ts'

export type CopyRow = Selectable<CopyTable>

const stateSchema = z.enum(COPY_STATES)

export function stateOf(row: Pick<CopyRow, 'state'>): CopyState {
  return stateSchema.parse(row.state)
}

/** @throws OfficeError copy-unknown */
export async function copyRow(reader: Reader, officeId: string, copyId: string): Promise<CopyRow> {
  const row = await reader
    .selectFrom('copy')
    .selectAll()
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .executeTakeFirst()
  if (!row) throw new OfficeError('copy-unknown')
  return row
}

/**
 * The copy as the caller saw it, and on nobody else's desk.
 * @throws OfficeError copy-unknown, copy-changed-meanwhile, copy-claimed
 */
export async function copyInHand(reader: Reader, actor: Actor, ref: CopyRef, now: Date): Promise<CopyRow> {
  const row = await copyRow(reader, actor.officeId, ref.id)
  if (row.version !== ref.version) throw new OfficeError('copy-changed-meanwhile')
  requireUnclaimed(row, actor, now)
  return row
}

/** @throws OfficeError copy-claimed */
export function requireUnclaimed(row: CopyRow, actor: Actor, now: Date): void {
  const claimed = row.claimed_until !== null && row.claimed_until > now.toISOString()
  if (claimed && row.claimed_by !== actor.personId) throw new OfficeError('copy-claimed')
}

export async function pageRows(reader: Reader, officeId: string, copyId: string) {
  return reader
    .selectFrom('page')
    .selectAll()
    .where('office_id', '=', officeId)
    .where('copy_id', '=', copyId)
    .orderBy('position')
    .execute()
}

export type PageRow = Awaited<ReturnType<typeof pageRows>>[number]

export function pageView(row: PageRow, blobs: BlobStore): PageView {
  return {
    id: row.page_id,
    sha256: row.blob_sha256,
    path: blobs.path(row.blob_sha256),
    mediaType: row.media_type,
    widthPx: row.width_px,
    heightPx: row.height_px,
    dpi: row.dpi,
    rotation: row.rotation,
  }
}

export interface CopyFilter extends CopyQuery {
  readonly copyId?: string
  readonly requestId?: string
}

/** Copies as the desks see them, most urgent first unless the filter says otherwise. */
export async function copyViews(reader: Reader, officeId: string, filter: CopyFilter = {}): Promise<CopyView[]> {
  if (filter.states?.length === 0) return []
  let query = reader
    .selectFrom('copy')
    .innerJoin('request', join =>
      join.onRef('request.office_id', '=', 'copy.office_id').onRef('request.request_id', '=', 'copy.request_id'),
    )
    .leftJoin('outbox', join =>
      join
        .onRef('outbox.office_id', '=', 'copy.office_id')
        .onRef('outbox.copy_id', '=', 'copy.copy_id')
        .on('outbox.kind', '=', 'deliver'),
    )
    .selectAll('copy')
    .select(['request.due_at', 'request.received_at', 'request.requester_name', 'outbox.receipt'])
    .select(select =>
      select
        .selectFrom('page')
        .whereRef('page.office_id', '=', 'copy.office_id')
        .whereRef('page.copy_id', '=', 'copy.copy_id')
        .select(count => count.fn.countAll<number | bigint | string>().as('pages'))
        .as('page_count'),
    )
    .where('copy.office_id', '=', officeId)
  query =
    filter.order === 'newest'
      ? query.orderBy('request.received_at', 'desc')
      : query.orderBy('request.due_at').orderBy('request.received_at')
  query = query.orderBy('copy.request_id').orderBy('copy.position')
  if (filter.copyId !== undefined) query = query.where('copy.copy_id', '=', filter.copyId)
  if (filter.requestId !== undefined) query = query.where('copy.request_id', '=', filter.requestId)
  if (filter.states) query = query.where('copy.state', 'in', filter.states)
  for (const pattern of searchPatterns(filter.search ?? ''))
    query = query.where(sql<boolean>`copy.search_text like ${pattern} escape '\\'`)
  if (filter.limit !== undefined) query = query.limit(filter.limit)
  const rows = await query.execute()
  return rows.map(row => ({
    id: row.copy_id,
    version: row.version,
    requestId: row.request_id,
    requesterName: row.requester_name,
    receivedAt: new Date(row.received_at),
    state: stateOf(row),
    title: row.title,
    kind: row.kind,
    issuer: row.issuer,
    copyCount: row.copy_count,
    pageCount: Number(row.page_count),
    originalPages: row.original_pages,
    fee: row.fee,
    certification: certificationOf(row),
    dueAt: new Date(row.due_at),
    remark: row.remark,
    claimedBy: row.claimed_by,
    claimedUntil: dateOrNull(row.claimed_until),
    officerId: row.officer_id,
    signerId: row.signer_id,
    clerkId: row.clerk_id,
    signedAt: dateOrNull(row.signed_at),
    sealedAt: dateOrNull(row.sealed_at),
    receipt: row.receipt,
    composedSha256: row.composed_sha256,
    signedSha256: row.signed_sha256,
    sealedSha256: row.sealed_sha256,
  }))
}

/** @throws OfficeError copy-unknown */
export async function copyView(reader: Reader, officeId: string, copyId: string): Promise<CopyView> {
  const [view] = await copyViews(reader, officeId, { copyId })
  if (!view) throw new OfficeError('copy-unknown')
  return view
}

function certificationOf(row: CopyRow): CopyView['certification'] {
  if (row.content === null) return null
  const { number, book, date } = fromJson(contentSchema, row.content).statement
  return { number, book, date }
}

function dateOrNull(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}
