import { DeskError } from '../errors.ts'

export const CLI_ERROR_CODES = [
  'pin-source-missing',
  'pin-prompt-impossible',
  'password-source-missing',
  'person-password-missing',
  'password-needed',
  'new-pin-differs',
  'cancelled',
  'argument-invalid',
  'office-not-found',
  'person-not-found',
  'output-not-ours',
  'input-not-found',
] as const
export type CliErrorCode = (typeof CLI_ERROR_CODES)[number]

/** A fault in how `ctdesk` was called. */
export class CliError extends DeskError<CliErrorCode> {}
