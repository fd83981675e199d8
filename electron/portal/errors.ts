import { DeskError, type ErrorParameters } from '../errors.ts'

/** Every way in which a delivery can fail. The sentences stand in `resources/messages/portal.json`. */
export const PORTAL_ERROR_CODES = [
  'portal-unreachable',
  'portal-connection-lost',
  'portal-timeout',
  'portal-unavailable',
  'portal-answer-unreadable',
  'portal-certificate-untrusted',
  'portal-login-failed',
  'portal-refused',
  'portal-duplicate',
  'portal-dossier-closed',
  'portal-settling',
  'portal-hash-mismatch',
  'portal-settings-invalid',
  'parcel-incomplete',
  'parcel-field-too-long',
  'parcel-file-missing',
  'parcel-file-changed',
  'parcel-file-too-large',
  'package-folder-unwritable',
  'package-conflict',
  'delivery-cancelled',
  'cancellation-by-hand',
  // shared with the rest of the program; its sentence stands in general.json
  'disk-full',
] as const

export type PortalErrorCode = (typeof PORTAL_ERROR_CODES)[number]

/** Those where the same call may succeed later without a person's doing. */
const RETRIABLE: ReadonlySet<PortalErrorCode> = new Set([
  'portal-unreachable',
  'portal-connection-lost',
  'portal-timeout',
  'portal-unavailable',
  'portal-answer-unreadable',
  'portal-duplicate',
  'portal-settling',
  'portal-hash-mismatch',
  'delivery-cancelled',
  'disk-full',
])

/** What delivery throws on purpose. Parameters and message hold no secret and nothing of the citizen. */
export class PortalError extends DeskError<PortalErrorCode> {
  /** The outbox may try again by itself; false means that a person must mend something first. */
  readonly retriable: boolean

  constructor(
    code: PortalErrorCode,
    parameters: ErrorParameters = {},
    options: ErrorOptions & { readonly retriable?: boolean } = {},
  ) {
    super(code, parameters, options)
    this.retriable = options.retriable ?? RETRIABLE.has(code)
  }
}
