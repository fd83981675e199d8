import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type ByteRange, requestedRange } from './byte-range.ts'
import { SECURITY_HEADERS } from './content-security.ts'
import { isOwnAddress } from './origin.ts'

interface AssetKind {
  readonly contentType: string
  /** Name under which it is saved; without one it is shown. */
  readonly saveAs?: string
}

export interface BytesAsset extends AssetKind {
  readonly body: Uint8Array
}

/** A file by its path, which is never held whole. */
interface FileAsset extends AssetKind {
  readonly file: string
}

/** What a part of the program's own address space gives. */
export type Asset = BytesAsset | FileAsset

/** Finds what a path names; null: there is none. `path` is the decoded path after its first part. */
export type AssetSource = (path: string, query: URLSearchParams) => Promise<Asset | null>

export interface AppAddresses {
  /** The page's built files. */
  readonly page: AssetSource
  /** Pictures of pages, under /page/. */
  readonly pictures: AssetSource
  /** PDF files and prints, under /file/. */
  readonly files: AssetSource
}

/**
 * Answers requests of the scheme app: — GET only, one host, paths without tricks. Every answer, also a refusal, carries the content
 * security policy. Nothing is kept in any cache: pages of citizens' papers are among it.
 */
export function createAppHandler(
  addresses: AppAddresses,
  onFault: (error: unknown) => void,
): (request: Request) => Promise<Response> {
  return async request => {
    if (!isOwnAddress(request.url)) return refusal(404)
    if (request.method !== 'GET') return refusal(405)
    const url = new URL(request.url)
    const path = safePath(url.pathname)
    if (path === null) return refusal(400)
    try {
      const asset = await find(addresses, path, url.searchParams)
      return asset ? await answer(asset, request.headers.get('range')) : refusal(404)
    } catch (error) {
      if (error instanceof RangeError) return refusal(416)
      onFault(error)
      return refusal(404)
    }
  }
}

function find({ page, pictures, files }: AppAddresses, path: string, query: URLSearchParams): Promise<Asset | null> {
  if (path.startsWith('page/')) return pictures(path.slice('page/'.length), query)
  if (path.startsWith('file/')) return files(path.slice('file/'.length), query)
  return page(path === '' ? 'index.html' : path, query)
}

const PLAIN_PART = /^[\p{L}\p{N}_@~-][\p{L}\p{N}_.@~+-]*$/u

/** The path decoded once, without its first slash; null where any part is empty, hidden, climbs up or holds what no file of ours has. */
export function safePath(pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  const path = decoded.replace(/^\//, '')
  if (path === '') return ''
  return path.split('/').every(part => PLAIN_PART.test(part)) ? path : null
}

async function answer(asset: Asset, wanted: string | null): Promise<Response> {
  const headers = {
    ...SECURITY_HEADERS,
    'content-type': asset.contentType,
    'cache-control': 'no-store',
    ...(asset.saveAs === undefined ? {} : { 'content-disposition': `attachment; filename="${asset.saveAs}"` }),
  }
  if ('body' in asset) {
    const length = String(asset.body.byteLength)
    return new Response(new Uint8Array(asset.body), { headers: { ...headers, 'content-length': length } })
  }
  const { size } = await stat(asset.file)
  const range = requestedRange(wanted, size)
  const { first, last } = range ?? { first: 0, last: size - 1 }
  return new Response(fileContent(asset.file, { first, last }), {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'accept-ranges': 'bytes',
      'content-length': String(last - first + 1),
      ...(range ? { 'content-range': `bytes ${first}-${last}/${size}` } : {}),
    },
  })
}

/** Read as fast as it is taken. */
function fileContent(file: string, { first, last }: ByteRange): ReadableStream<Uint8Array> | null {
  if (last < first) return null
  const reader = createReadStream(file, { start: first, end: last })
  const pieces = reader.iterator()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = await pieces.next()
      if (piece.done) controller.close()
      else controller.enqueue(piece.value)
    },
    cancel() {
      reader.destroy()
    },
  })
}

const refusal = (status: number): Response =>
  new Response(null, { status, headers: { ...SECURITY_HEADERS, 'cache-control': 'no-store' } })
