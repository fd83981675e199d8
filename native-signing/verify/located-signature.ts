import { SigningError } from '../errors.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { signatureFields } from '../pdf/form.ts'
import { decodeDate, decodeText, is, isName, type PdfDictionary, type PdfObject, type Span } from '../pdf/objects.ts'

/** A signature of the file as it stands there, before any cryptography. */
export interface LocatedSignature {
  readonly field: string
  readonly kind: 'signature' | 'document-timestamp'
  readonly subFilter: string
  /** /Name, as the signer claims it. */
  readonly claimedName: string
  readonly claimedTime: Date | null
  /** Content of /Contents. */
  readonly contents: Uint8Array
  readonly byteRange: readonly [number, number, number, number] | null
  /** What is wrong with the range or the dictionary; null when the signature covers exactly all but its own /Contents. */
  readonly structureProblem: StructureProblem | null
  /** End of the covered bytes. */
  readonly revisionEnd: number
  /** The file as the signer saw it; null when the structure is wrong. */
  readonly revision: PdfDocument | null
}

export type StructureProblem =
  | 'dictionary-unusual'
  | 'byte-range-missing'
  | 'byte-range-incomplete'
  | 'byte-range-outside-file'
  | 'hole-is-not-contents'
  | 'signature-outside-revision'
  | 'signature-removed'

const SIGNATURE_LIMIT = 50
/** Revisions searched for signatures that are gone. */
const REVISION_LIMIT = 30

/** All signatures, in the order in which they were made; those that a later update took out of the form too. */
export function locateSignatures(document: PdfDocument): readonly LocatedSignature[] {
  const present = signaturesOf(document, new Set())
  const names = new Set(present.map(signature => signature.field))
  const removed = new Map<string, LocatedSignature>()
  for (let count = 1; count < Math.min(document.sections.length, REVISION_LIMIT); count++) {
    for (const signature of earlierSignatures(document, count, names))
      removed.set(signature.field, { ...signature, structureProblem: 'signature-removed' })
  }
  return [...present, ...removed.values()].sort((a, b) => a.revisionEnd - b.revisionEnd)
}

function signaturesOf(document: PdfDocument, known: ReadonlySet<string>): readonly LocatedSignature[] {
  const signed = signatureFields(document).filter(
    field => !known.has(field.name) && document.dictionary(field.value) !== null,
  )
  if (signed.length > SIGNATURE_LIMIT) throw new SigningError('pdf-unreadable', { reason: 'too many signatures' })
  return signed.map(field => locate(document, field.name, field.value))
}

/** Half of a linearised file is no document of its own; such a state has no signatures. */
function earlierSignatures(
  document: PdfDocument,
  count: number,
  known: ReadonlySet<string>,
): readonly LocatedSignature[] {
  try {
    return signaturesOf(document.before(count), known)
  } catch (error) {
    if (error instanceof SigningError) return []
    throw error
  }
}

function text(document: PdfDocument, dictionary: PdfDictionary, key: string): string {
  const value = document.get(dictionary, key)
  return is(value, 'string') ? decodeText(value) : ''
}

function locate(document: PdfDocument, field: string, value: PdfObject): LocatedSignature {
  const dictionary = document.dictionary(value)
  if (!dictionary) throw new SigningError('pdf-unreadable', { reason: 'signature is no dictionary' })
  const filter = document.get(dictionary, 'SubFilter')
  const subFilter = is(filter, 'name') ? filter.name : ''
  const contents = dictionary.entries.get('Contents')
  const time = document.get(dictionary, 'M')
  const byteRange = readByteRange(document, dictionary)
  const isStamp = subFilter === 'ETSI.RFC3161' || isName(document.get(dictionary, 'Type'), 'DocTimeStamp')
  const span = is(contents, 'string') && contents.hexadecimal ? contents.span : null
  const rangeProblem = dictionary.duplicateKeys
    ? 'dictionary-unusual'
    : checkByteRange(byteRange, span, document.source.length)
  const revisionEnd = byteRange ? byteRange[2] + byteRange[3] : 0
  const revision = rangeProblem ? null : openRevision(document, revisionEnd, field, value, span)
  return {
    field,
    kind: isStamp ? 'document-timestamp' : 'signature',
    subFilter,
    claimedName: text(document, dictionary, 'Name'),
    claimedTime: is(time, 'string') ? decodeDate(time) : null,
    contents: is(contents, 'string') ? contents.bytes : new Uint8Array(0),
    byteRange,
    structureProblem: rangeProblem ?? (revision ? null : 'signature-outside-revision'),
    revisionEnd,
    revision,
  }
}

function readByteRange(document: PdfDocument, dictionary: PdfDictionary): LocatedSignature['byteRange'] {
  // a reference could be changed by a later update
  const value = dictionary.entries.get('ByteRange')
  if (!is(value, 'array') || value.items.length !== 4) return null
  const [a, b, c, d] = value.items.map(item =>
    typeof item === 'number' && Number.isSafeInteger(item) && item >= 0 ? item : null,
  )
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number' || typeof d !== 'number') return null
  return a + b <= document.source.length * 2 ? [a, b, c, d] : null
}

/**
 * The range must be all of the file up to its end but for one gap, and that gap the very place where this signature's /Contents stands,
 * angle brackets included (ISO 32000-2 §12.8.1): else something unsigned could hide in it.
 */
export function checkByteRange(
  byteRange: LocatedSignature['byteRange'],
  contents: Span | null,
  fileLength: number,
): StructureProblem | null {
  if (!byteRange) return 'byte-range-missing'
  const [first, firstLength, second, secondLength] = byteRange
  if (first !== 0 || secondLength === 0) return 'byte-range-incomplete'
  if (second + secondLength > fileLength || firstLength > second) return 'byte-range-outside-file'
  if (!contents || firstLength !== contents.start || second !== contents.end) return 'hole-is-not-contents'
  return null
}

/** The file cut at the end of the covered bytes, if the same signature stands there in the same field at the same place. */
function openRevision(
  document: PdfDocument,
  end: number,
  field: string,
  value: PdfObject,
  span: Span | null,
): PdfDocument | null {
  try {
    const revision = document.cutAt(end)
    const own = signatureFields(revision).find(candidate => candidate.name === field)
    const sameValue = is(value, 'reference') ? is(own?.value, 'reference') && own.value.number === value.number : true
    const contents = revision.dictionary(own?.value)?.entries.get('Contents')
    const samePlace = is(contents, 'string') && contents.span?.start === span?.start && contents.span?.end === span?.end
    return sameValue && samePlace ? revision : null
  } catch (error) {
    if (error instanceof SigningError) return null
    throw error
  }
}
