import { deflateSync } from 'node:zlib'
import { SigningError } from '../errors.ts'
import type { PdfDocument } from './document.ts'
import { array, dictionary, is, name, type PdfDictionary, type PdfObject, withEntries } from './objects.ts'
import { MemorySource } from './source.ts'
import type { IncrementalUpdate } from './update.ts'

/** What is needed to judge certificates long after: DER, each once. */
export interface ValidationData {
  readonly certificates: readonly Uint8Array[]
  /** OCSPResponses. */
  readonly ocsp: readonly Uint8Array[]
  readonly crls: readonly Uint8Array[]
}

export const NO_VALIDATION_DATA: ValidationData = { certificates: [], ocsp: [], crls: [] }

/** Names of the lists in the store and, per signature, in its VRI entry (ETSI EN 319 142-1 §5.4.2.2–3). */
const LISTS = [
  { kind: 'certificates', store: 'Certs', entry: 'Cert' },
  { kind: 'ocsp', store: 'OCSPs', entry: 'OCSP' },
  { kind: 'crls', store: 'CRLs', entry: 'CRL' },
] as const

const MAXIMUM_ITEMS = 1000
/** Every path that is judged reads all of it again, so there must be an end. */
const MAXIMUM_BYTES = 32 * 1024 * 1024
/** Below this, compression saves nothing worth the trouble. */
const COMPRESSED_FROM = 4096

function storeOf(document: PdfDocument): PdfDictionary | null {
  return document.dictionary(document.catalog.entries.get('DSS'))
}

/**
 * The validation data in the document security store. What cannot be read is left out.
 * @param maximumBytes where reading stops: what is beyond all measure is left out too
 */
export function readSecurityStore(document: PdfDocument, maximumBytes = MAXIMUM_BYTES): ValidationData {
  const store = storeOf(document)
  if (!store) return NO_VALIDATION_DATA
  let room = maximumBytes
  const read = (key: string): readonly Uint8Array[] => {
    const items = document.get(store, key)
    const found: Uint8Array[] = []
    for (const item of is(items, 'array') ? items.items.slice(0, MAXIMUM_ITEMS) : []) {
      const bytes = streamBytes(document, item)
      if (bytes === null) continue
      room -= bytes.length
      if (room < 0) break
      found.push(bytes)
    }
    return found
  }
  return { certificates: read('Certs'), ocsp: read('OCSPs'), crls: read('CRLs') }
}

function streamBytes(document: PdfDocument, item: PdfObject): Uint8Array | null {
  try {
    const stream = document.resolve(item)
    return is(stream, 'stream') ? document.streamData(stream) : null
  } catch (error) {
    if (error instanceof SigningError) return null
    throw error
  }
}

/** The part of the store that belongs to one signature. */
export interface SignatureValidationData {
  /** SHA-1 of the signature's /Contents, padding included, upper-case hex (ISO 32000-2 §12.8.4.4). */
  readonly key: string
  readonly data: ValidationData
}

/** `wanted` without what `known` has. */
export function newValidationData(wanted: ValidationData, known: ValidationData): ValidationData {
  const missing = (kind: keyof ValidationData) => {
    const seen = new Set(known[kind].map(hexadecimal))
    return wanted[kind].filter(bytes => !seen.has(hexadecimal(bytes)) && seen.add(hexadecimal(bytes)))
  }
  return { certificates: missing('certificates'), ocsp: missing('ocsp'), crls: missing('crls') }
}

const hexadecimal = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/**
 * Adds validation data to the document security store; what is there stays as it is.
 * @param data goes into the store, with what the signatures need
 * @param signatures data by signature (VRI); optional by the standard and by us
 */
export function addToSecurityStore(
  document: PdfDocument,
  update: IncrementalUpdate,
  data: ValidationData,
  signatures: readonly SignatureValidationData[],
): void {
  const store = storeOf(document)
  const references = new Map<string, PdfObject>()
  const referenceTo = (bytes: Uint8Array): PdfObject => {
    const key = hexadecimal(bytes)
    const known = references.get(key)
    if (known) return known
    const added = update.add(dataStream(bytes))
    references.set(key, added)
    return added
  }
  const lists: Record<string, PdfObject> = {}
  for (const { kind, store: key } of LISTS) {
    const present = store ? document.get(store, key) : null
    const items = is(present, 'array') ? present.items : []
    for (const item of items) {
      const bytes = streamBytes(document, item)
      if (bytes && is(item, 'reference')) references.set(hexadecimal(bytes), item)
    }
    const fresh = data[kind].filter(bytes => !references.has(hexadecimal(bytes))).map(referenceTo)
    if (fresh.length > 0) lists[key] = array([...items, ...fresh])
  }
  if (signatures.length > 0) {
    const present = store ? document.get(store, 'VRI') : null
    const entries = new Map(is(present, 'dictionary') ? present.entries : [])
    for (const signature of signatures) entries.set(signature.key, update.add(vriEntry(signature.data, referenceTo)))
    lists['VRI'] = { kind: 'dictionary', entries, duplicateKeys: false }
  }
  const changed = withEntries(store ?? dictionary({ Type: name('DSS') }), lists)
  const holder = document.catalog.entries.get('DSS')
  if (is(holder, 'reference')) update.set(holder, changed)
  else update.amend(document.catalogReference, { DSS: update.add(changed) })
}

function vriEntry(data: ValidationData, referenceTo: (bytes: Uint8Array) => PdfObject): PdfDictionary {
  const entries: Record<string, PdfObject> = { Type: name('VRI') }
  for (const { kind, entry } of LISTS) {
    if (data[kind].length > 0) entries[entry] = array(data[kind].map(referenceTo))
  }
  return dictionary(entries)
}

function dataStream(bytes: Uint8Array): PdfObject {
  const compressed = bytes.length >= COMPRESSED_FROM ? deflateSync(bytes, { level: 9 }) : bytes
  const smaller = compressed.length < bytes.length
  const data = smaller ? compressed : bytes
  return {
    kind: 'stream',
    dictionary: dictionary({ ...(smaller ? { Filter: name('FlateDecode') } : {}), Length: data.length }),
    data: new MemorySource(data),
  }
}
