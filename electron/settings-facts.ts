import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { DeskSettings } from './desk-settings.ts'
import { canonicalJson } from './office/canonical-json.ts'
import { readOwnFile } from './own-files.ts'

/**
 * What the journal notes of `settings.json`: by hash whom the office trusts (with the certificates' own files), its time-stamp authority, its way of
 * delivery and its token modules. Nothing of the scanners: they change no copy.
 */
export async function settingsFacts(folder: string, settings: DeskSettings) {
  const { trust, timestamp, delivery, tokens, practice } = settings
  const files = [...trust.anchors, ...trust.intermediates, ...trust.revocationLists]
  const contents = await Promise.all(files.map(async name => hashOf(await readOwnFile(resolve(folder, name)))))
  const hashed = (value: unknown): string => hashOf(canonicalJson(JSON.parse(JSON.stringify(value))))
  return {
    practice: practice ? 1 : 0,
    trustSha256: hashed({ trust, contents }),
    timestampSha256: hashed(timestamp),
    deliverySha256: hashed(delivery),
    tokensSha256: hashed(tokens),
  }
}

const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')
