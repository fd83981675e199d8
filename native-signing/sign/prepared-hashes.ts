import { type BigIntStats, statSync } from 'node:fs'
import type { KnownHashes } from '../pdf/range-hash.ts'
import { isSameState } from '../pdf/source.ts'
import type { ToBeSigned } from '../types.ts'
import type { OpenFile } from './open-file.ts'

interface PreparedHashes {
  readonly known: KnownHashes
  readonly file: BigIntStats
}

/** Kept beside the plain data, as long as that lives: sent elsewhere or read back from a store, it is simply hashed anew. */
const remembered = new WeakMap<ToBeSigned, PreparedHashes>()

/**
 * Clocks of file systems tick slowly: a write by anybody is sure to leave another time than one that lies this far back. No further, as old
 * files are cleared away.
 */
const SET_BACK_MS = 60_000

/** Notes the hashes of the input's bytes as they stand in the work file. */
export function rememberHashes(toBeSigned: ToBeSigned, known: KnownHashes, file: OpenFile): void {
  file.setModified(new Date(Number(file.state.mtimeMs) - SET_BACK_MS))
  remembered.set(toBeSigned, { known, file: file.state })
}

/** The hashes, if nobody has written to the work file since; else null. */
export function recallHashes(toBeSigned: ToBeSigned): KnownHashes | null {
  const prepared = remembered.get(toBeSigned)
  if (!prepared) return null
  const now = statSync(toBeSigned.workFile, { bigint: true })
  return isSameState(prepared.file, now) ? prepared.known : null
}
