import type { NewRequest } from '../data/requests.ts'

/** The form of a new request as it is being typed. */
export interface OriginalDraft {
  readonly key: string
  readonly title: string
  readonly issuer: string
  readonly copyCount: number
}

export interface RequestDraft {
  readonly name: string
  readonly personalNumber: string
  readonly phone: string
  readonly email: string
  readonly exemptionId: string | null
  readonly originals: readonly OriginalDraft[]
}

export const newOriginal = (key: string): OriginalDraft => ({ key, title: '', issuer: '', copyCount: 1 })

export const emptyRequest = (key: string): RequestDraft => ({
  name: '',
  personalNumber: '',
  phone: '',
  email: '',
  exemptionId: null,
  originals: [newOriginal(key)],
})

export type Missing = 'name' | 'personalNumber' | `title-${string}` | `issuer-${string}`

/** What must still be typed or mended, in the order of the form. The office judges again. */
export function missing(draft: RequestDraft): readonly Missing[] {
  const found: Missing[] = []
  if (draft.name.trim() === '') found.push('name')
  if (!/^(\d{12})?$/.test(draft.personalNumber.trim())) found.push('personalNumber')
  for (const { key, title, issuer } of draft.originals) {
    if (title.trim() === '') found.push(`title-${key}`)
    if (issuer.trim() === '') found.push(`issuer-${key}`)
  }
  return found
}

const orNull = (text: string): string | null => text.trim() || null

export const toRequest = (draft: RequestDraft): NewRequest => ({
  requester: {
    name: draft.name.trim(),
    personalNumber: orNull(draft.personalNumber),
    phone: orNull(draft.phone),
    email: orNull(draft.email),
  },
  originals: draft.originals.map(({ title, issuer, copyCount }) => ({
    title: title.trim(),
    kind: title.trim(),
    issuer: issuer.trim(),
    copyCount,
  })),
  exemptionId: draft.exemptionId,
})
