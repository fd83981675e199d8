import { z } from 'zod'
import { idSchema } from './common.ts'

/** Bytes in one piece at most. */
export const UPLOAD_PIECE_BYTES = 1 << 20
/** Bytes of a whole file at most: 500 pages of colour scans. */
export const UPLOAD_FILE_BYTES = 1 << 30

/** A piece of a file, in order. The first one (offset 0) begins the upload under an id that the page chooses. */
export const uploadPieceSchema = z.strictObject({
  uploadId: idSchema,
  /** Name as it was on the citizen's stick or the officer's disk; only its ending matters here. */
  name: z.string().min(1).max(255),
  offset: z.int().min(0).max(UPLOAD_FILE_BYTES),
  bytes: z.base64().max(Math.ceil(UPLOAD_PIECE_BYTES / 3) * 4),
})
export const uploadIdSchema = z.strictObject({ uploadId: idSchema })
