import { createHash, type Hash } from 'node:crypto'
import { SigningError } from '../errors.ts'
import type { Span } from './objects.ts'
import type { FileSource } from './source.ts'

const CHUNK_BYTES = 512 * 1024
/** As much is read sooner than a way through Node's thread pool takes. */
const AT_ONCE_BYTES = 64 * 1024

/** Bytes to hash: stretches of one file in ascending order, not overlapping. */
export interface HashJob {
  /** As node:crypto names it. */
  readonly hash: string
  readonly spans: readonly Span[]
}

/** The same job by its text, for finding its result again. */
export const jobKey = ({ hash, spans }: HashJob): string =>
  [hash, ...spans.map(({ start, end }) => `${start}-${end}`)].join(' ')

/** Hashes of the file's beginning that are known already, so that it need not be read again. */
export interface KnownHashes {
  /** The first so many bytes. */
  readonly length: number
  /** By node:crypto's name: the state after these bytes. */
  readonly states: ReadonlyMap<string, Hash>
  /** Results of jobs that lie within these bytes, by `jobKey`. */
  readonly digests: ReadonlyMap<string, Uint8Array>
}

/** What goes along with a reading. */
export interface Reading {
  readonly known?: KnownHashes | null
  /** Is given all bytes that are read, in order, while they are hashed: a copy costs no reading of its own. */
  readonly alsoTo?: (bytes: Uint8Array, position: number) => Promise<void>
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
export async function hashRanges(
  source: FileSource,
  wantedJobs: readonly HashJob[],
  { known = null, alsoTo }: Reading = {},
): Promise<readonly Hash[]> {
  const started = wantedJobs.map(job => startAfterKnown(job, known))
  const jobs = started.map(({ job }) => job)
  const boundaries = [...new Set(jobs.flatMap(job => job.spans.flatMap(({ start, end }) => [start, end])))].sort(
    (a, b) => a - b,
  )
  let groups = startingGroups(jobs, index => started[index]?.state ?? null)
  const buffers = takeBuffers()
  for (const [index, start] of boundaries.entries()) {
    const end = boundaries[index + 1]
    if (end === undefined) break
    const wants = (job: number) => jobs[job]?.spans.some(span => span.start <= start && end <= span.end) ?? false
    groups = groups.flatMap(group => split(group, wants))
    const active = groups.filter(({ jobs: [first] }) => first !== undefined && wants(first)).map(({ state }) => state)
    if (active.length > 0) await feed({ source, buffers, alsoTo }, start, end, active)
  }
  if (spareBuffers.length < MAXIMUM_SPARE) spareBuffers.push(buffers)
  const result: Hash[] = []
  for (const { state, jobs: members } of groups) for (const job of members) result[job] = state.copy()
  return result
}

/** A job that wants all of the known beginning goes on from there. */
function startAfterKnown(
  job: HashJob,
  known: KnownHashes | null,
): { readonly job: HashJob; readonly state: Hash | null } {
  const [first, ...rest] = job.spans
  const state = known?.states.get(job.hash)
  if (!known || !state || first?.start !== 0 || first.end < known.length) return { job, state: null }
  return { job: { hash: job.hash, spans: [{ start: known.length, end: first.end }, ...rest] }, state }
}

function startingGroups(jobs: readonly HashJob[], stateOf: (index: number) => Hash | null): readonly Group[] {
  const groups = new Map<Hash | string, number[]>()
  for (const [index, { hash }] of jobs.entries()) {
    const key = stateOf(index) ?? hash
    groups.set(key, [...(groups.get(key) ?? []), index])
  }
  return [...groups].map(([start, members]) => ({
    state: typeof start === 'string' ? createHash(start) : start.copy(),
    jobs: members,
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

type Buffers = readonly [Buffer, Buffer]

/** Memory of this size is dear to get and to give back: readings that are over leave theirs to the next. */
const spareBuffers: Buffers[] = []
/** As many as a batch reads at once; 5 MB. */
const MAXIMUM_SPARE = 5

function takeBuffers(): Buffers {
  return spareBuffers.pop() ?? [Buffer.allocUnsafeSlow(CHUNK_BYTES), Buffer.allocUnsafeSlow(CHUNK_BYTES)]
}

interface Feed {
  readonly alsoTo: Reading['alsoTo'] | undefined
  readonly source: FileSource
  readonly buffers: Buffers
}

/** Reads ahead by one chunk, so that disk and processor work at the same time; few bytes are read at once. */
async function feed(
  { source, buffers: [even, odd], alsoTo }: Feed,
  start: number,
  end: number,
  states: readonly Hash[],
): Promise<void> {
  const read = async (position: number, buffer: Buffer): Promise<Buffer> => {
    const bytesRead = await source.readInto(buffer.subarray(0, end - position), position)
    if (bytesRead === 0) throw new SigningError('pdf-unreadable', { reason: 'file became shorter', offset: position })
    return buffer.subarray(0, bytesRead)
  }
  if (end - start <= AT_ONCE_BYTES) {
    const bytes = source.read(start, end)
    for (const state of states) state.update(bytes)
    await alsoTo?.(bytes, start)
    return
  }
  let chunk: Buffer | null = await read(start, even)
  for (let position = start, turn = 1; chunk; turn++) {
    const after: number = position + chunk.length
    const written: Promise<void> | undefined = alsoTo?.(chunk, position)
    const next: Promise<Buffer> | null = after < end ? read(after, turn % 2 === 0 ? even : odd) : null
    for (const state of states) state.update(chunk)
    // neither may still be at work on the file when an error of the other closes it
    await Promise.allSettled([next, written])
    ;[chunk] = await Promise.all([next, written])
    position = after
  }
}
