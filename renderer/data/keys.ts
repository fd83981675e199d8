import type { QueryClient } from '@tanstack/react-query'
import type { JournalFilter } from '../../electron/api/contract/journal.ts'
import type { Change } from '../../electron/api/contract/session.ts'

/** Names under which answers are kept; the first word is the subject that the office tells changes of. */
export const keys = {
  session: ['session'],
  sessionPeople: ['people', 'session'],
  people: ['people', 'list'],
  office: ['people', 'office'],
  queue: ['copies', 'queue'],
  copies: (states: readonly string[], search: string) => ['copies', 'list', states, search],
  copy: (copyId: string) => ['copies', 'read', copyId],
  statement: (copyId: string) => ['copies', 'statement', copyId],
  request: (requestId: string) => ['copies', 'request', requestId],
  refusalNotice: (copyId: string) => ['copies', 'refusal', copyId],
  refusalGrounds: ['fixed', 'refusal-grounds'],
  deliveries: ['copies', 'deliveries'],
  evidence: (copyId: string) => ['copies', 'evidence', copyId],
  books: ['register', 'books'],
  registerRows: (from: string, to: string) => ['register', 'rows', from, to],
  archiveDue: ['register', 'archive-due'],
  journalState: ['journal', 'state'],
  journalEvents: (filter: JournalFilter, before: number | null) => ['journal', 'events', filter, before],
  yearCount: (year: number) => ['register', 'year', year],
  scanners: ['devices', 'scanners'],
  token: (kind: string) => ['devices', 'token', kind],
  tokens: ['devices', 'tokens'],
  sealProblem: (certificateSha256: string | null) => ['people', 'seal-problem', certificateSha256],
  tokenOverview: ['devices', 'token-overview'],
  officeSettings: ['settings', 'office'],
  deskSettings: ['settings', 'desk'],
  tokenModules: ['settings', 'token-modules'],
  services: ['devices', 'services'],
  clock: ['settings', 'clock'],
  authorityTime: ['devices', 'authority-time'],
  updateFeed: ['settings', 'update-feed'],
  backup: ['settings', 'backup'],
  practice: ['session', 'practice'],
  diagnostics: ['devices', 'diagnostics'],
} as const

const touched: Readonly<Record<Change['subject'], readonly string[]>> = {
  copies: ['copies', 'register'],
  people: ['people', 'session', 'copies'],
  register: ['register'],
  settings: ['settings', 'people', 'session', 'copies'],
  session: ['session', 'people'],
}

/** Marks as old what a change touches; what is on the screen is asked again at once. */
export function invalidate(client: QueryClient, subject: Change['subject']): void {
  // Whatever is changed is written down.
  for (const name of [...touched[subject], 'journal']) void client.invalidateQueries({ queryKey: [name] })
}
