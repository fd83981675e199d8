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
