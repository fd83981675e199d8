import { DeskError } from '../errors.ts'

export const OFFICE_ERROR_CODES = [
  // who and what
  'office-unknown',
  'row-unreadable',
  'person-unknown',
  'person-inactive',
  'role-missing',
  'last-administrator',
  'password-wrong',
  'password-too-short',
  'input-invalid',
  'character-refused',
  'personal-number-invalid',
  'exemption-unknown',
  'request-unknown',
  'copy-unknown',
  'page-unknown',
  // work on a copy
  'copy-state-wrong',
  'copy-changed-meanwhile',
  'copy-claimed',
  'copy-without-pages',
  'not-compared',
  'reason-missing',
  'decision-day-wrong',
  'received-in-future',
  'extension-too-long',
  'extension-not-later',
  'file-missing',
  // register
  'no-open-book',
  'book-already-open',
  'year-closed',
  'year-not-over',
  'year-unfinished',
  'clock-went-back',
  'clock-ahead',
  'clock-differs',
  // signing
  'certificate-not-registered',
  'certificate-not-of-person',
  'certificate-not-of-office',
  'seal-other-name',
  'signer-title-missing',
  'signing-day-changed',
  'prepared-signature-wrong',
  'signature-not-valid',
  'signed-file-wrong',
  'timestamp-not-set',
  'timestamp-missing',
  // delivery
  'delivery-lease-lost',
  'delivery-not-waiting',
  'delivery-after-restore',
  'delivery-copy-cancelled',
] as const

export type OfficeErrorCode = (typeof OFFICE_ERROR_CODES)[number]

/** A rule of the office stands against what was asked. */
export class OfficeError extends DeskError<OfficeErrorCode> {}
