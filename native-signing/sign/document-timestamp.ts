import type { Hash } from 'node:crypto'
import { nodeHash } from '../cms/algorithms.ts'
import { SigningError } from '../errors.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { formFields } from '../pdf/form.ts'
import { name } from '../pdf/objects.ts'
import { findPage } from '../pdf/page-tree.ts'
import { IncrementalUpdate } from '../pdf/update.ts'
import type { HashAlgorithm, Timestamper } from '../types.ts'
import { addField, signatureDictionary } from './field.ts'
import { holeDigits, holeEntries, type UpdateWithHole, writeWithHole } from './hole.ts'

/** Room for a token of an authority that has not been seen yet: for most; the others are asked twice. */
const UNKNOWN_TOKEN_BYTES = 6 * 1024
/** Hash of the time-stamp: the one that every authority of the field stamps. */
const HASH: HashAlgorithm = 'SHA-256'

/** Name by which node:crypto knows the hash that a document time-stamp takes of the file. */
export const DOCUMENT_TIMESTAMP_HASH = nodeHash(HASH)

/** A name that no field has: Timestamp1, Timestamp2 … */
function freeName(document: PdfDocument): string {
  const names = new Set(formFields(document).map(field => field.name))
  let number = 1
  while (names.has(`Timestamp${number}`)) number++
  return `Timestamp${number}`
}

function buildUpdate(document: PdfDocument, contentsBytes: number): UpdateWithHole {
  const update = new IncrementalUpdate(document)
  const stamp = update.add(
    signatureDictionary({
      Type: name('DocTimeStamp'),
      SubFilter: name('ETSI.RFC3161'),
      ...holeEntries(contentsBytes),
    }),
  )
  const rectangle = { x: 0, y: 0, width: 0, height: 0 }
  addField(
    document,
    update,
    { existing: null, page: findPage(document, 1), rectangle },
    freeName(document),
    stamp,
    null,
  )
  return writeWithHole(update, stamp, contentsBytes, document.source.length)
}

/**
 * A document time-stamp over all that stands in the file (ISO 32000-2 §12.8.5, ETSI EN 319 142-1 §5.4.3): the bytes to append. A token that
 * proves longer than its room is asked for once more with room enough.
 * @param state hash (`DOCUMENT_TIMESTAMP_HASH`) after all bytes of the file
 * @throws SigningError pdf-changes-not-permitted, timestamp-unavailable, timestamp-refused, timestamp-invalid, signature-too-large
 */
export async function documentTimestamp(
  document: PdfDocument,
  state: Hash,
  timestamper: Timestamper,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (document.encryption?.permitsNewFields === false) throw new SigningError('pdf-changes-not-permitted')
  let room = timestamper.expectedBytes?.() ?? UNKNOWN_TOKEN_BYTES
  for (let tries = 1; ; tries++) {
    const { byteRange, bytes } = buildUpdate(document, room)
    const start = document.source.length
    const imprint = state
      .copy()
      .update(bytes.subarray(0, byteRange[1] - start))
      .update(bytes.subarray(byteRange[2] - start))
      .digest()
    const token = await timestamper.stamp(imprint, HASH, signal)
    try {
      holeDigits(byteRange, token).copy(bytes, byteRange[1] + 1 - start)
      return bytes
    } catch (error) {
      const tooLong = error instanceof SigningError && error.code === 'signature-too-large'
      if (!tooLong || tries > 1) throw error
      room = token.length * 2
    }
  }
}
