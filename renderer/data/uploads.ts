import type { Desk } from './desk.tsx'

/** Bytes in one piece; the office takes no larger ones. */
const PIECE_BYTES = 1 << 20

/** Brings a file of this PC to the office, piece by piece. @returns the id under which it lies there */
export async function upload(desk: Desk, file: File): Promise<string> {
  const uploadId = crypto.randomUUID()
  for (let offset = 0; offset === 0 || offset < file.size; offset += PIECE_BYTES) {
    const bytes = await base64(file.slice(offset, offset + PIECE_BYTES))
    await desk.uploads.append.query({ uploadId, name: file.name, offset, bytes })
  }
  return uploadId
}

/** Work on files of this PC: it starts when they have been brought to the office, and ends without an error when it is cancelled before. */
export function whenUploaded(
  desk: Desk,
  files: readonly File[],
  { onError, onComplete }: { readonly onError: (error: unknown) => void; readonly onComplete: () => void },
  start: (uploadIds: string[]) => { unsubscribe(): void },
) {
  let gone = false
  let following: { unsubscribe(): void } | null = null
  const bring = async () => {
    const uploadIds: string[] = []
    for (const file of files) {
      if (gone) return
      uploadIds.push(await upload(desk, file))
    }
    if (!gone) following = start(uploadIds)
  }
  bring().catch(error => !gone && onError(error))
  return {
    unsubscribe: () => {
      gone = true
      following?.unsubscribe()
    },
    cancel: () => {
      if (following || gone) return
      gone = true
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
