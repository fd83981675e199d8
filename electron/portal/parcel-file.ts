import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Parcel } from './adapter.ts'
import { PortalError } from './errors.ts'

/**
 * Reads the parcel's file once from end to end: it must be the file that the office sealed, byte for byte.
 * @throws PortalError parcel-file-missing, parcel-file-changed
 */
export async function checkParcelFile(file: Parcel['file']): Promise<void> {
  const hash = createHash('sha256')
  try {
    await pipeline(createReadStream(file.path), hash)
  } catch (cause) {
    throw new PortalError('parcel-file-missing', {}, { cause })
  }
  if (hash.digest('hex') !== file.sha256) throw new PortalError('parcel-file-changed')
}
