import { DeskError } from '../errors.ts'

/** Every way in which getting pages can fail. The sentences stand in `resources/messages/scanning.json`; `{pages}` is how many are kept. */
export const SCANNING_ERROR_CODES = [
  // finding a scanner
  'no-scanner',
  'several-scanners',
  'scanner-not-found',
  'scanning-program-missing',
  'scanner-capabilities-unknown',
  // asking for what it cannot do
  'scan-source-unsupported',
  'scan-duplex-unsupported',
  'scan-colour-unsupported',
  'scan-resolution-unsupported',
  'scan-paper-too-large',
  // while it works
  'scanner-busy',
  'scanner-paper-jam',
  'scanner-cover-open',
  'scanner-no-paper',
  'scanner-access-denied',
  'scanner-io-error',
  'scanner-out-of-memory',
  'scanner-warming-up',
  'scanner-locked',
  'scanner-refused-settings',
  'scanner-stopped',
  'scanner-not-responding',
  'scanner-says-too-much',
  'scanner-failed',
  'scanned-page-damaged',
  'scan-cancelled',
  // files in place of a scanner
  'folder-not-found',
  'folder-empty',
  'import-file-not-found',
  'import-file-unsupported',
  'import-file-damaged',
  'import-file-locked',
  'import-page-too-much',
  'import-page-too-slow',
  'import-too-many-pages',
] as const

export type ScanningErrorCode = (typeof SCANNING_ERROR_CODES)[number]

/** The only error that scanning throws on purpose; errors of the file system (ENOSPC …) pass through as they are. */
export class ScanningError extends DeskError<ScanningErrorCode> {}
