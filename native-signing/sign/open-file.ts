import {
  type BigIntStats,
  closeSync,
  fdatasync,
  fstatSync,
  fsync,
  futimesSync,
  openSync,
  write,
  writeSync,
} from 'node:fs'
import { promisify } from 'node:util'

const writeAsynchronously = promisify(write)
const flushAsynchronously = promisify(fsync)
const sendAsynchronously = promisify(fdatasync)

/** Of a large file so much goes to the disk while the rest is still being written: what is left to flush at the end is then soon done. */
const SENT_AHEAD_BYTES = 64 * 1024 * 1024

/**
 * A file that is written, or a folder whose names are made to last. What takes the system a moment is done at once: of a small file's signature
 * the ways through Node's thread pool would be a good part. Closed by its owner.
 */
export class OpenFile implements Disposable, AsyncDisposable {
  readonly #descriptor: number
  #unsent = 0
  #sending: Promise<void> | null = null

  /** @param permissions of a file that is made by this */
  constructor(path: string, flags: 'r' | 'r+' | 'wx', permissions?: number) {
    this.#descriptor = openSync(path, flags, permissions)
  }

  get state(): BigIntStats {
    return fstatSync(this.#descriptor, { bigint: true })
  }

  /** Sets the time of the last change. */
  setModified(time: Date): void {
    futimesSync(this.#descriptor, time, time)
  }

  /** Writes few bytes. */
  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done)
  }

  /** Writes any number of bytes and holds nobody up meanwhile. */
  async writeMany(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await writeAsynchronously(
        this.#descriptor,
        bytes,
        done,
        bytes.length - done,
        position + done,
      )
      done += bytesWritten
    }
    this.#unsent += bytes.length
    if (this.#unsent >= SENT_AHEAD_BYTES) await this.#sendAhead()
  }

  /** One sending at a time: a slow disk is not given more than it takes. */
  async #sendAhead(): Promise<void> {
    await this.#sending
    this.#unsent = 0
    this.#sending = sendAsynchronously(this.#descriptor)
    // what it meets is thrown where it is waited for
    this.#sending.catch(() => undefined)
  }

  /** Makes what was written last through a power cut. */
  async flush(): Promise<void> {
    await flushAsynchronously(this.#descriptor)
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor)
  }

  /** Closes it when all that is under way to the disk has arrived. @throws what the disk said */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#sending
    } finally {
      closeSync(this.#descriptor)
    }
  }
}
