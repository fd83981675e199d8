import type { inferRouterInputs } from '@trpc/server'
import type { DeskRouter } from '../../electron/api/router.ts'

/** Bytes in one piece; the office takes no larger ones. */
const PIECE_BYTES = 1 << 20

type Inputs = inferRouterInputs<DeskRouter>['uploads']

/** What of the office's calls is needed here. */
interface UploadDesk {
  readonly uploads: {
    readonly append: { query(piece: Inputs['append']): PromiseLike<unknown> }
    readonly drop: { query(which: Inputs['drop']): PromiseLike<unknown> }
  }
}

/**
 * Brings a file of this PC to the office, piece by piece; of one that was stopped or failed nothing stays there.
 * @returns the id under which it lies there
 * @throws the signal's reason
 */
export async function upload(desk: UploadDesk, file: File, signal: AbortSignal): Promise<string> {
  const uploadId = crypto.randomUUID()
  try {
    for (let offset = 0; offset === 0 || offset < file.size; offset += PIECE_BYTES) {
      const bytes = await base64(file.slice(offset, offset + PIECE_BYTES))
      signal.throwIfAborted()
      await desk.uploads.append.query({ uploadId, name: file.name, offset, bytes })
    }
    signal.throwIfAborted()
    return uploadId
  } catch (error) {
    await drop(desk, [uploadId])
    throw error
  }
}

/** What failed before is told, not this: whoever got up has left nothing there. */
const drop = (desk: UploadDesk, uploadIds: readonly string[]) =>
  Promise.allSettled(uploadIds.map(uploadId => desk.uploads.drop.query({ uploadId })))

/** Work on files of this PC: it starts when they have been brought to the office, and ends without an error when it is cancelled before. */
export function whenUploaded(
  desk: UploadDesk,
  files: readonly File[],
  { onError, onComplete }: { readonly onError: (error: unknown) => void; readonly onComplete: () => void },
  start: (uploadIds: string[]) => { unsubscribe(): void },
) {
  const stop = new AbortController()
  let following: { unsubscribe(): void } | null = null
  const bring = async () => {
    const uploadIds: string[] = []
    try {
      for (const file of files) uploadIds.push(await upload(desk, file, stop.signal))
      following = start(uploadIds)
    } catch (error) {
      await drop(desk, uploadIds)
      throw error
    }
  }
  bring().catch(error => stop.signal.aborted || onError(error))
  return {
    unsubscribe: () => {
      stop.abort()
      following?.unsubscribe()
    },
    cancel: () => {
      if (following || stop.signal.aborted) return
      stop.abort()
      onComplete()
    },
  }
}

/** @throws DOMException when the file went away meanwhile */
export function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onerror = () => reject(reader.error)
    // "data:…;base64,AAAA": what follows the comma; an empty file has nothing there.
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '')
    reader.readAsDataURL(blob)
  })
}
