import { SECURITY_HEADERS } from './content-security.ts'
import { isOwnAddress } from './origin.ts'

/** What a part of the program's own address space gives. */
export interface Asset {
  readonly body: Uint8Array
  readonly contentType: string
  /** Name under which it is saved; without one it is shown. */
  readonly saveAs?: string
}

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
      return asset ? answer(asset) : refusal(404)
    } catch (error) {
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

function answer({ body, contentType, saveAs }: Asset): Response {
  return new Response(new Uint8Array(body), {
    headers: {
      ...SECURITY_HEADERS,
      'content-type': contentType,
      'content-length': String(body.byteLength),
      'cache-control': 'no-store',
      ...(saveAs === undefined ? {} : { 'content-disposition': `attachment; filename="${saveAs}"` }),
    },
  })
}

const refusal = (status: number): Response =>
  new Response(null, { status, headers: { ...SECURITY_HEADERS, 'cache-control': 'no-store' } })
