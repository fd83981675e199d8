import { appendFile, mkdir, rm, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { importableEndings } from '../scanning/index.ts'
import { UPLOAD_FILE_BYTES } from './contract/uploads.ts'
import { ApiError } from './errors.ts'

interface Upload {
  readonly path: string
  readonly name: string
  bytes: number
}

/** Files that one window hands over piece by piece. Only endings of papers are kept: nothing that a system would run or load lies here. They are only raw material: once imported or verified they are dropped. */
export class UploadStore {
  readonly #folder: string
  readonly #onFault: (error: unknown) => void
  readonly #uploads = new Map<string, Upload>()
  /** How often all were dropped: a piece that is written meanwhile goes with them. */
  #drops = 0

  /** @param onFault files could not be removed now; they go when the program starts */
  constructor(folder: string, onFault: (error: unknown) => void) {
    this.#folder = folder
    this.#onFault = onFault
  }

  /**
   * @returns bytes so far
   * @throws ApiError upload-incomplete where a piece is missing, comes twice, or its file was dropped meanwhile; upload-too-large
   */
  async append(uploadId: string, name: string, offset: number, bytes: Uint8Array): Promise<number> {
    const drops = this.#drops
    const upload = offset === 0 ? await this.#begin(uploadId, name) : this.#uploads.get(uploadId)
    if (!upload || upload.bytes !== offset) throw new ApiError('upload-incomplete')
    if (offset + bytes.byteLength > UPLOAD_FILE_BYTES)
      throw new ApiError('upload-too-large', { megabytes: UPLOAD_FILE_BYTES / 2 ** 20 })
    await appendFile(upload.path, bytes)
    if (drops !== this.#drops) {
      this.#uploads.delete(uploadId)
      await this.#remove(uploadId)
      throw new ApiError('upload-incomplete')
    }
    upload.bytes += bytes.byteLength
    return upload.bytes
  }

  async #begin(uploadId: string, name: string): Promise<Upload> {
    await this.drop(uploadId)
    const folder = join(this.#folder, uploadId)
    await mkdir(folder, { recursive: true })
    const ending = extname(name).toLowerCase()
    const upload: Upload = {
      path: join(folder, `upload${importableEndings.has(ending) ? ending : ''}`),
      name,
      bytes: 0,
    }
    this.#uploads.set(uploadId, upload)
    return upload
  }

  /** @throws ApiError upload-incomplete where there is none, or its file is not as long as it was told */
  async file(uploadId: string): Promise<{ readonly path: string; readonly name: string }> {
    const upload = this.#uploads.get(uploadId)
    const size = upload ? (await stat(upload.path).catch(() => null))?.size : undefined
    if (!upload || size !== upload.bytes) throw new ApiError('upload-incomplete')
    return { path: upload.path, name: upload.name }
  }

  async drop(uploadId: string): Promise<void> {
    if (this.#uploads.delete(uploadId)) await this.#remove(uploadId)
  }

  /** Also what is written just now; what comes later stays. */
  async dropAll(): Promise<void> {
    this.#drops++
    const uploadIds = [...this.#uploads.keys()]
    this.#uploads.clear()
    await Promise.all(uploadIds.map(uploadId => this.#remove(uploadId).catch(this.#onFault)))
  }

  #remove(uploadId: string): Promise<void> {
    return rm(join(this.#folder, uploadId), { recursive: true, force: true, maxRetries: 3 })
  }
}
