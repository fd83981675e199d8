import { z } from 'zod'
import type { ErrorParameters } from '../../errors.ts'

/** What an audit can find, by stable code; the sentences stand in `resources/messages/audit.json`. */
export const AUDIT_FINDING_CODES = [
  // the chain of events
  'audit-event-broken',
  'audit-head-differs',
  'audit-known-differs',
  'audit-witness-missing',
  // the database's own fence
  'audit-guard-missing',
  'audit-settings-changed',
  // rows against events
  'audit-row-missing',
  'audit-row-unknown',
  'audit-row-differs',
  'audit-number-jump',
  'audit-registered-differs',
  'audit-statement-differs',
  'audit-delivery-differs',
  'audit-cancellation-differs',
  'audit-seen-time-differs',
  // stored files
  'audit-file-missing',
  'audit-file-damaged',
  'audit-file-unreadable',
  'audit-file-unregistered',
  'audit-page-unread',
  'audit-page-differs',
  'audit-page-chain',
  // anchors
  'audit-anchor-missing',
  'audit-anchor-differs',
  'audit-anchor-untrusted',
  'audit-anchor-unknown',
  'audit-clock-differs',
] as const

export type AuditFindingCode = (typeof AUDIT_FINDING_CODES)[number]

/** One thing that is not as the journal says: which, what stands here, what stands there. */
export interface AuditFinding {
  readonly code: AuditFindingCode
  /** Id of the copy that it is about, where it is about one. */
  readonly copyId: string | null
  /** `kind` and `field` are codes of `resources/audit/words.json`. */
  readonly parameters: ErrorParameters
}

export const auditFindingSchema: z.ZodType<AuditFinding> = z.strictObject({
  code: z.enum(AUDIT_FINDING_CODES),
  copyId: z.string().nullable(),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
})

export const finding = (
  code: AuditFindingCode,
  parameters: ErrorParameters = {},
  copyId: string | null = null,
): AuditFinding => ({ code, copyId, parameters })
