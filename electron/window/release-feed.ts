import { createHash, type KeyObject } from 'node:crypto'
import type { HttpClient } from '../../native-signing/http/index.ts'
import { ApiError } from '../api/errors.ts'
import { type Release, type ReleaseFile, readRelease } from './release.ts'

export const RELEASE = 'release.json'
export const SIGNATURE = 'release.json.sig'

/** Bytes of the two small files at most; a feed of this program needs a few hundred. */
const SMALL = 64 * 1024
const ANSWER_WITHIN = 10_000
const FILE_WITHIN = 3_600_000
const REDIRECTIONS = 3

const addressIn = (feed: string, name: string): string => new URL(name, feed.endsWith('/') ? feed : `${feed}/`).href

async function smallFile(feed: string, name: string, http: HttpClient): Promise<Buffer> {
  const url = addressIn(feed, name)
  const { status, body } = await http({ url, timeout: ANSWER_WITHIN, maximumBytes: SMALL, redirections: REDIRECTIONS })
  if (status !== 200) throw new Error(`HTTP ${status}`)
  return Buffer.from(body)
}

/**
 * The release that a feed offers.
 * @param feed https address of its folder
 * @throws ApiError update-feed-wrong: not reached, or none of this program; update-not-signed
 */
export async function askFeed(feed: string, keys: readonly KeyObject[], http: HttpClient): Promise<Release> {
  const bytes = await smallFile(feed, RELEASE, http).catch((error: unknown) => {
    throw new ApiError('update-feed-wrong', {}, { cause: error })
  })
  const signature = await smallFile(feed, SIGNATURE, http).catch((error: unknown) => {
    throw new ApiError('update-not-signed', {}, { cause: error })
  })
  return readRelease(bytes, signature.toString('latin1'), keys)
}

/** A release's file as it comes. @throws ApiError update-feed-wrong: not reached, cut, or larger than was signed */
export async function* fileOfFeed(feed: string, file: ReleaseFile, http: HttpClient): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  const fetched = http({
    ...{ url: addressIn(feed, file.name), timeout: FILE_WITHIN, maximumBytes: file.bytes, redirections: REDIRECTIONS },
    sink: chunk => writer.write(chunk),
  }).then(({ status }) => {
    if (status !== 200) throw new Error(`HTTP ${status}`)
    return writer.close()
  })
  fetched.catch((error: unknown) => writer.abort(error))
  try {
    yield* readable
    await fetched
  } catch (error) {
    throw new ApiError('update-feed-wrong', {}, { cause: error })
  }
}

/** Passes the bytes on and ends well only when they were those that were signed. @throws ApiError update-file-wrong */
export async function* asSigned(source: AsyncIterable<Uint8Array>, signed: ReleaseFile): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha512')
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
  if (hash.digest('hex') !== signed.sha512) throw new ApiError('update-file-wrong')
}
