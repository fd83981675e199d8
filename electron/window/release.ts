import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ApiError } from '../api/errors.ts'
import { resourcePath } from '../resources.ts'

/** Files by the installation that they renew. What a package manager installed is renewed by that. */
export const RELEASE_TARGETS = ['linux-x64-appimage', 'windows-x64-installer'] as const
export type ReleaseTarget = (typeof RELEASE_TARGETS)[number]

const LARGEST_PROGRAM = 1 << 30

const releaseFileSchema = z.strictObject({
  /** Its name in the feed's folder: never a way out of it. */
  name: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z._ -]{0,200}$/),
  bytes: z.int().min(1).max(LARGEST_PROGRAM),
  sha512: z.string().regex(/^[0-9a-f]{128}$/),
})
export type ReleaseFile = z.infer<typeof releaseFileSchema>

/** `release.json` of a feed: one version of this program, with the hash of each of its files. */
const releaseSchema = z.strictObject({
  product: z.literal('vn.chungthuc.desk'),
  version: z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/),
  files: z.partialRecord(z.enum(RELEASE_TARGETS), releaseFileSchema),
})
export type Release = z.infer<typeof releaseSchema>

const SIGNATURE = /^[A-Za-z0-9+/]{86}==\s*$/

/**
 * Reads a release, after its signature: Ed25519 (RFC 8032) over the bytes of `release.json`, base64, by any of the keys.
 * @throws ApiError update-not-signed; update-feed-wrong where what is signed is no release of this program
 */
export function readRelease(bytes: Buffer, signature: string, keys: readonly KeyObject[]): Release {
  const signed = Buffer.from(SIGNATURE.test(signature) ? signature : '', 'base64')
  if (!keys.some(key => verify(null, bytes, key, signed))) throw new ApiError('update-not-signed')
  const release = releaseSchema.safeParse(parseJson(bytes.toString('utf8')))
  if (!release.success) throw new ApiError('update-feed-wrong', {}, { cause: release.error })
  return release.data
}

const keysSchema = z.strictObject({
  keys: z.array(z.strictObject({ name: z.string().min(1), publicKey: z.base64() })),
})

/** The keys that are built in (SubjectPublicKeyInfo, RFC 8410). None: nothing is ever installed by itself. */
export function releaseKeys(): readonly KeyObject[] {
  const { keys } = keysSchema.parse(JSON.parse(readFileSync(resourcePath('updates', 'release-keys.json'), 'utf8')))
  return keys.map(({ name, publicKey }) => {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`release key ${name} is not Ed25519`)
    return key
  })
}

/** Whether version a comes after b; of each three numbers. */
export function isNewer(a: string, b: string): boolean {
  const [of, than] = [a, b].map(version => version.split('.').map(Number))
  const first = [0, 1, 2].find(part => of?.[part] !== than?.[part])
  return first !== undefined && (of?.[first] ?? 0) > (than?.[first] ?? 0)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
