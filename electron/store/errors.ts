import { DeskError } from '../errors.ts'
import type { SystemFaultCode } from '../system-fault.ts'

export const STORE_ERROR_CODES = [
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

export type StoreErrorCode = (typeof STORE_ERROR_CODES)[number] | SystemFaultCode

/** The store could not keep or find something. Faults of the disk have their sentences among the general ones. */
export class StoreError extends DeskError<StoreErrorCode> {}
