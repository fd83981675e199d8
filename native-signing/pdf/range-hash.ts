import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { SigningError } from '../errors.ts'
import type { Span } from './objects.ts'

const CHUNK_BYTES = 1024 * 1024

/** Bytes to hash: stretches of one file in ascending order, not overlapping. */
export interface HashJob {
  /** As node:crypto names it. */
  readonly hash: string
  readonly spans: readonly Span[]
}

/** Jobs that have been given the same bytes so far and so share one state. */
interface Group {
  readonly state: Hash
  readonly jobs: readonly number[]
}

/**
 * Hashes many stretches of a file in one reading. Jobs with the same hash share their state until the bytes they want differ: the
 * signatures of a file all cover its long beginning, which is so hashed once, however many they are.
 * @returns one state per job, still open, so that the caller may add bytes of its own
 */
export async function hashRanges(path: string, jobs: readonly HashJob[]): Promise<readonly Hash[]> {
  const boundaries = [...new Set(jobs.flatMap(job => job.spans.flatMap(({ start, end }) => [start, end])))].sort(
    (a, b) => a - b,
  )
  let groups = startingGroups(jobs)
  await using file = await openForReading(path)
  const reader = new ChunkReader(file)
  for (const [index, start] of boundaries.entries()) {
    const end = boundaries[index + 1]
    if (end === undefined) break
    const wants = (job: number) => jobs[job]?.spans.some(span => span.start <= start && end <= span.end) ?? false
    groups = groups.flatMap(group => split(group, wants))
    const active = groups.filter(({ jobs: [first] }) => first !== undefined && wants(first)).map(({ state }) => state)
    if (active.length > 0) await reader.feed(start, end, active)
  }
  const result: Hash[] = []
  for (const { state, jobs: members } of groups) for (const job of members) result[job] = state.copy()
  return result
}

function startingGroups(jobs: readonly HashJob[]): readonly Group[] {
  const names = [...new Set(jobs.map(job => job.hash))]
  return names.map(name => ({
    state: createHash(name),
    jobs: [...jobs.keys()].filter(index => jobs[index]?.hash === name),
  }))
}

/** Parts a group where only some of its jobs want the next bytes. */
function split(group: Group, wants: (job: number) => boolean): readonly Group[] {
  const active = group.jobs.filter(wants)
  const waiting = group.jobs.filter(job => !wants(job))
  if (active.length === 0 || waiting.length === 0) return [group]
  return [
    { state: group.state, jobs: active },
    { state: group.state.copy(), jobs: waiting },
  ]
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (cause) {
    throw new SigningError('file-not-found', {}, { cause })
  }
}

/** Reads ahead by one chunk, so that disk and processor work at the same time. */
class ChunkReader {
  readonly #file: FileHandle
  readonly #buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const

  constructor(file: FileHandle) {
    this.#file = file
  }

  async feed(start: number, end: number, states: readonly Hash[]): Promise<void> {
    const [even, odd] = this.#buffers
    const read = (position: number, turn: number) =>
      this.#file.read(turn % 2 === 0 ? even : odd, 0, Math.min(CHUNK_BYTES, end - position), position)
    let next = read(start, 0)
    for (let position = start, turn = 1; position < end; turn++) {
      const { bytesRead, buffer } = await next
      if (bytesRead === 0) throw new SigningError('pdf-unreadable', { reason: 'file became shorter', offset: position })
      position += bytesRead
      if (position < end) next = read(position, turn)
      for (const state of states) state.update(buffer.subarray(0, bytesRead))
    }
  }
}
