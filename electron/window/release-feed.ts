import { createHash, type KeyObject } from 'node:crypto'
import { ApiError } from '../api/errors.ts'
import { type Release, type ReleaseFile, readRelease } from './release.ts'

export const RELEASE = 'release.json'
export const SIGNATURE = 'release.json.sig'

/** Bytes of the two small files at most; a feed of this program needs a few hundred. */
const SMALL = 64 * 1024
const ANSWER_WITHIN = 10_000
const FILE_WITHIN = 3_600_000

/** What lies at an address, chunk by chunk. @throws Error: no such answer, not in time, or more bytes than `most` */
async function* bytesAt(address: URL, most: number, within: number, ask: typeof fetch): AsyncGenerator<Uint8Array> {
  const answer = await ask(address, { signal: AbortSignal.timeout(within) })
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel()
    throw new Error(`HTTP ${answer.status}`)
  }
  let read = 0
  for await (const chunk of answer.body) {
    read += chunk.byteLength
    if (read > most) throw new Error(`more than ${most} bytes`)
    yield chunk
  }
}

const addressIn = (feed: string, name: string): URL => new URL(name, feed.endsWith('/') ? feed : `${feed}/`)

async function smallFile(feed: string, name: string, ask: typeof fetch): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(bytesAt(addressIn(feed, name), SMALL, ANSWER_WITHIN, ask)))
}

/**
 * The release that a feed offers.
 * @param feed https address of its folder
 * @throws ApiError update-feed-wrong: not reached, or none of this program; update-not-signed
 */
export async function askFeed(feed: string, keys: readonly KeyObject[], ask: typeof fetch): Promise<Release> {
  const bytes = await smallFile(feed, RELEASE, ask).catch((error: unknown) => {
    throw new ApiError('update-feed-wrong', {}, { cause: error })
  })
  const signature = await smallFile(feed, SIGNATURE, ask).catch((error: unknown) => {
    throw new ApiError('update-not-signed', {}, { cause: error })
  })
  return readRelease(bytes, signature.toString('latin1'), keys)
}

/** A release's file as it comes. @throws ApiError update-feed-wrong: not reached, cut, or larger than was signed */
export async function* fileOfFeed(feed: string, file: ReleaseFile, ask: typeof fetch): AsyncGenerator<Uint8Array> {
  try {
    yield* bytesAt(addressIn(feed, file.name), file.bytes, FILE_WITHIN, ask)
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
