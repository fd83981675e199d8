import { DeskError } from '../errors.ts'

export const STORE_ERROR_CODES = [
  'disk-full',
  'store-busy',
  'store-damaged',
  'store-missing',
  'settings-missing',
  'store-newer',
  'store-older-than-head',
  'store-older-than-files',
  'head-unreadable',
  'blob-missing',
  'blob-damaged',
] as const

export type StoreErrorCode = (typeof STORE_ERROR_CODES)[number]

/** The store could not keep or find something. `disk-full` has its sentence among the general ones. */
export class StoreError extends DeskError<StoreErrorCode> {}
