import { type BigIntStats, closeSync, fstatSync, openSync, read, readSync, statSync } from 'node:fs'
import { promisify } from 'node:util'
import { SigningError } from '../errors.ts'

export interface Block {
  /** Position of the first byte. */
  readonly start: number
  readonly bytes: Uint8Array
}

/** Random access to bytes. Positions outside are a fault of the file, so they throw pdf-unreadable. */
export interface ByteSource {
  readonly length: number
  /** Copy of the bytes [start, end). */
  read(start: number, end: number): Uint8Array
  /** Some stretch of bytes that holds `position`, for reading on from there without asking byte by byte. */
  block(position: number): Block
}

function checkRange(source: ByteSource, start: number, end: number): void {
  if (!(start >= 0 && start <= end && end <= source.length)) {
    throw new SigningError('pdf-unreadable', { reason: 'offset outside the file', offset: start })
  }
}

export class MemorySource implements ByteSource {
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get length(): number {
    return this.#bytes.length
  }

  read(start: number, end: number): Uint8Array {
    checkRange(this, start, end)
    return new Uint8Array(this.#bytes.subarray(start, end))
  }

  block(position: number): Block {
    checkRange(this, position, position)
    return { start: 0, bytes: this.#bytes }
  }
}

/** Bytes that are made when somebody first asks for them. */
export class LazySource implements ByteSource {
  readonly #make: () => Uint8Array
  #made: MemorySource | null = null

  constructor(make: () => Uint8Array) {
    this.#make = make
  }

  get #source(): MemorySource {
    this.#made ??= new MemorySource(this.#make())
    return this.#made
  }

  get length(): number {
    return this.#source.length
  }

  read(start: number, end: number): Uint8Array {
    return this.#source.read(start, end)
  }

  block(position: number): Block {
    return this.#source.block(position)
  }
}

const readAsynchronously = promisify(read)

/** Whether two looks met the same file, and nobody wrote to it between them. */
export const isSameState = (one: BigIntStats, other: BigIntStats): boolean =>
  isSameFile(one, other) && one.size === other.size && one.mtimeNs === other.mtimeNs && one.ctimeNs === other.ctimeNs

/** Whether two looks met the same file, by whatever names. */
export const isSameFile = (one: BigIntStats, other: BigIntStats): boolean =>
  one.dev === other.dev && one.ino === other.ino

const BLOCK_BYTES = 8192
/** 2 MB of cached blocks, whatever the file's size. */
const CACHED_BLOCKS = 256

/** A file, read in blocks as needed; the length is the one at opening. Closed by its owner. */
export class FileSource implements ByteSource, Disposable {
  readonly length: number
  /** As it was at opening. */
  readonly state: BigIntStats
  readonly #descriptor: number
  readonly #blocks = new Map<number, Uint8Array>()

  /** @throws SigningError file-not-found */
  constructor(path: string) {
    try {
      this.#descriptor = openSync(path, 'r')
    } catch (cause) {
      throw new SigningError('file-not-found', {}, { cause })
    }
    this.state = fstatSync(this.#descriptor, { bigint: true })
    if (!this.state.isFile()) {
      closeSync(this.#descriptor)
      throw new SigningError('file-not-found', {})
    }
    this.length = Number(this.state.size)
  }

  /** Whether `path` still leads to this file, and nobody has written to it since it was opened. */
  isStillAt(path: string): boolean {
    const now = statSync(path, { bigint: true, throwIfNoEntry: false })
    return now !== undefined && isSameState(this.state, now)
  }

  read(start: number, end: number): Uint8Array {
    checkRange(this, start, end)
    const bytes = new Uint8Array(end - start)
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(this.#descriptor, bytes, done, bytes.length - done, start + done)
      if (count === 0) throw new SigningError('pdf-unreadable', { reason: 'file became shorter', offset: start + done })
      done += count
    }
    return bytes
  }

  block(position: number): Block {
    checkRange(this, position, position)
    const index = Math.floor(position / BLOCK_BYTES)
    const start = index * BLOCK_BYTES
    const known = this.#blocks.get(index)
    if (known) return { start, bytes: known }
    const bytes = this.read(start, Math.min(start + BLOCK_BYTES, this.length))
    if (this.#blocks.size >= CACHED_BLOCKS) {
      for (const oldest of this.#blocks.keys()) {
        this.#blocks.delete(oldest)
        break
      }
    }
    this.#blocks.set(index, bytes)
    return { start, bytes }
  }

  /** Fills `target` from `position` on, as far as the file goes, and holds nobody up meanwhile. @returns bytes read */
  async readInto(target: Uint8Array, position: number): Promise<number> {
    const { bytesRead } = await readAsynchronously(this.#descriptor, target, 0, target.length, position)
    return bytesRead
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor)
  }
}

/** The bytes [start, end) of another source as a source of its own: a stream's data, or the file as it was at an earlier revision. */
export class SourceSlice implements ByteSource {
  readonly length: number
  readonly #source: ByteSource
  readonly #start: number

  constructor(source: ByteSource, start: number, end: number) {
    checkRange(source, start, end)
    this.#source = source
    this.#start = start
    this.length = end - start
  }

  read(start: number, end: number): Uint8Array {
    checkRange(this, start, end)
    return this.#source.read(this.#start + start, this.#start + end)
  }

  block(position: number): Block {
    checkRange(this, position, position)
    const { start, bytes } = this.#source.block(this.#start + position)
    const from = Math.max(this.#start - start, 0)
    const to = Math.min(this.#start + this.length - start, bytes.length)
    return { start: start + from - this.#start, bytes: bytes.subarray(from, to) }
  }
}
