import { type BigIntStats, closeSync, fstatSync, fsync, futimesSync, openSync, write, writeSync } from 'node:fs'
import { promisify } from 'node:util'

const writeAsynchronously = promisify(write)
const flushAsynchronously = promisify(fsync)

/**
 * A file that is written, or a folder whose names are made to last. What takes the system a moment is done at once: of a small file's signature
 * the ways through Node's thread pool would be a good part. Closed by its owner.
 */
export class OpenFile implements Disposable {
  readonly #descriptor: number

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
  }

  /** Makes what was written last through a power cut. */
  async flush(): Promise<void> {
    await flushAsynchronously(this.#descriptor)
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor)
  }
}
