import { DeskError } from '../errors.ts'

export const BACKUP_ERROR_CODES = [
  'backup-not-set',
  'backup-place-wrong',
  'backup-place-missing',
  'backup-not-found',
  'backup-damaged',
  'backup-newer',
  'backup-other-office',
  'backup-several-offices',
  'restore-not-needed',
  'restore-unfinished',
  'restore-numbers-implausible',
] as const
export type BackupErrorCode = (typeof BACKUP_ERROR_CODES)[number]

/** A backup that cannot be made, trusted or restored. */
export class BackupError extends DeskError<BackupErrorCode> {}
