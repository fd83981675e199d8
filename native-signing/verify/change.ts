import type { Rectangle } from '../types.ts'

export type ChangeKind =
  // permitted after a signature
  | 'signature-added'
  | 'timestamp-added'
  | 'validation-data-added'
  | 'metadata-changed'
  // beside a new signature whose picture hides something
  | 'content-covered'
  // permitted unless an earlier signature forbids it
  | 'form-filled'
  // permitted where the certification lets comments be made
  | 'comment-added'
  // everything else
  | 'page-changed'
  | 'annotation-changed'
  | 'catalogue-changed'
  | 'form-changed'
  | 'signature-changed'
  | 'object-changed'
  | 'object-removed'
  | 'hidden-object-defined'
  | 'update-not-incremental'
  | 'certification-forbids'
  | 'bytes-appended'

/** One thing that an update did to what was signed. */
export interface Change {
  readonly kind: ChangeKind
  readonly permitted: boolean
  /** From 1. */
  readonly page?: number
  /** Where on the page, default user space. */
  readonly rectangle?: Rectangle
  /** For developers: object number, dictionary key or field name. */
  readonly detail: string
}

const PERMITTED_KINDS: ReadonlySet<ChangeKind> = new Set([
  'signature-added',
  'timestamp-added',
  'validation-data-added',
  'metadata-changed',
  'content-covered',
  'form-filled',
  'comment-added',
])

export interface Place {
  readonly page?: number | null
  readonly rectangle?: Rectangle | null
}

export function change(kind: ChangeKind, detail: string, { page, rectangle }: Place = {}): Change {
  return {
    kind,
    permitted: PERMITTED_KINDS.has(kind),
    detail,
    ...(page ? { page } : {}),
    ...(page && rectangle ? { rectangle } : {}),
  }
}
