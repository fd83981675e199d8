/** Parts of the office's work under which people look for an event. */
export const JOURNAL_PARTS = ['receiving', 'signing', 'decisions', 'numbers', 'delivery', 'office', 'proof'] as const
export type JournalPart = (typeof JOURNAL_PARTS)[number]

/** What the subject of an event names. */
export type JournalSubject = 'copy' | 'request' | 'person' | 'setting' | 'book' | 'year' | 'number' | 'office'

const copy = (part: JournalPart) => ({ part, subject: 'copy' }) as const
const office = (part: JournalPart) => ({ part, subject: 'office' }) as const
const person = { part: 'office', subject: 'person' } as const

/** Every action that an event can tell of; the page has a sentence for each. */
export const AUDIT_ACTIONS = {
  'request-received': { part: 'receiving', subject: 'request' },
  'request-extended': { part: 'receiving', subject: 'request' },
  'copy-received': copy('receiving'),
  'pages-changed': copy('receiving'),
  'copy-submit': copy('receiving'),
  'content-fixed': copy('signing'),
  'content-dropped': copy('signing'),
  'copy-composed': copy('signing'),
  'copy-sign': copy('signing'),
  'copy-seal': copy('signing'),
  'copy-archived': copy('signing'),
  'copy-return': copy('decisions'),
  'copy-refuse': copy('decisions'),
  'copy-withdraw': copy('decisions'),
  'copy-cancel': copy('decisions'),
  'number-taken': copy('numbers'),
  'number-day-changed': copy('numbers'),
  'number-void': copy('numbers'),
  'number-restored': { part: 'numbers', subject: 'number' },
  'book-opened': { part: 'numbers', subject: 'book' },
  'book-closed': { part: 'numbers', subject: 'book' },
  'year-closed': { part: 'numbers', subject: 'year' },
  'copy-deliver': copy('delivery'),
  'delivered-though-cancelled': copy('delivery'),
  'delivery-retried': copy('delivery'),
  'cancellation-to-tell': copy('delivery'),
  'cancellation-told': copy('delivery'),
  'cancellation-not-needed': copy('delivery'),
  'cancellation-told-by-hand': copy('delivery'),
  'office-founded': office('office'),
  'office-renamed': office('office'),
  'seal-set': office('office'),
  'setting-changed': { part: 'office', subject: 'setting' },
  'person-added': person,
  'person-changed': person,
  'signature-image-set': person,
  'password-set': person,
  'password-removed': person,
  'password-wrong': person,
  'head-anchored': office('proof'),
  'head-renewed': office('proof'),
  'backup-made': office('proof'),
  'office-restored': office('proof'),
  'clock-accepted': office('proof'),
  'clock-differs': office('proof'),
  'settings-written': office('proof'),
  'settings-changed-outside': office('proof'),
  'settings-accepted': office('proof'),
} as const satisfies Readonly<Record<string, { readonly part: JournalPart; readonly subject: JournalSubject }>>

export type AuditAction = keyof typeof AUDIT_ACTIONS

/** Null: an action that this program does not know, of a later one or of somebody who wrote into the database. */
export const knownAction = (action: string): AuditAction | null =>
  Object.keys(AUDIT_ACTIONS).find((each): each is AuditAction => each === action) ?? null
