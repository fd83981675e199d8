import { DeskError } from '../errors.ts'

export const API_ERROR_CODES = [
  'program-folder-unusable',
  'no-office-open',
  'office-already-there',
  'nobody-at-work',
  'call-refused',
  'job-running-already',
  'path-not-chosen',
  'path-of-brought-files',
  'upload-incomplete',
  'upload-too-large',
  'page-not-restorable',
  'practice-only',
  'not-in-practice',
  'update-feed-wrong',
  'update-not-signed',
  'update-file-wrong',
  'pin-not-held',
] as const
export type ApiErrorCode = (typeof API_ERROR_CODES)[number]

/** A fault in how the page and the office talk with each other. */
export class ApiError extends DeskError<ApiErrorCode> {}
