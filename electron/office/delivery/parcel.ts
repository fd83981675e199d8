import { stat } from 'node:fs/promises'
import type { Parcel } from '../../portal/adapter.ts'
import type { BlobStore } from '../../store/blobs.ts'
import type { Reader } from '../../store/store.ts'
import { copyRow } from '../copies/rows.ts'
import { OfficeError } from '../errors.ts'
import { fixedContent } from '../signing/fixing.ts'

/**
 * What an adapter needs to know of a sealed copy, read fresh for each attempt.
 * @param wanted `sealed` to deliver it, `cancelled` to tell of that
 * @throws OfficeError copy-state-wrong, file-missing; StoreError
 */
export async function parcelOf(
  reader: Reader,
  blobs: BlobStore,
  officeId: string,
  copyId: string,
  wanted: 'sealed' | 'cancelled',
): Promise<Parcel> {
  const row = await copyRow(reader, officeId, copyId)
  if (row.state !== wanted) throw new OfficeError('copy-state-wrong', { state: row.state, action: 'deliver' })
  const content = fixedContent(row)
  if (!content || row.sealed_sha256 === null || row.signed_at === null || row.sealed_at === null) {
    throw new OfficeError('file-missing')
  }
  const request = await reader
    .selectFrom('request')
    .innerJoin('person', join =>
      join.onRef('person.office_id', '=', 'request.office_id').on('person.person_id', '=', row.officer_id),
    )
    .select(['requester_name', 'personal_number', 'email', 'phone', 'received_at', 'due_at'])
    .select('person.name as officer_name')
    .where('request.office_id', '=', officeId)
    .where('request.request_id', '=', row.request_id)
    .executeTakeFirstOrThrow()
  const path = await blobs.verified(row.sealed_sha256)
  const { number, book, signerName } = content.statement
  return {
    copyId,
    title: row.title,
    number,
    book,
    requester: {
      name: request.requester_name,
      personalNumber: request.personal_number,
      email: request.email,
      phone: request.phone,
    },
    receivedAt: new Date(request.received_at),
    signedAt: new Date(row.signed_at),
    sealedAt: new Date(row.sealed_at),
    dueAt: new Date(request.due_at),
    officerName: request.officer_name,
    signerName,
    file: { path, sha256: row.sealed_sha256, bytes: (await stat(path)).size, name: fileName(number, book) },
  }
}

/** "ban-sao-chung-thuc-127-01-2026-SCT-BS.pdf": plain letters, so that no system between here and the citizen changes it. */
function fileName(number: string, book: string): string {
  return `ban-sao-chung-thuc-${number}-${book.normalize('NFD').replace(/[^A-Za-z0-9]+/g, '-')}.pdf`
}
