import { z } from 'zod'
import { copyRefSchema, idSchema, jobIdSchema } from './common.ts'

/** The practice office's own secrets, shown so that everything can be tried. All of it is invented. */
export interface PracticeState {
  readonly tokens: readonly { readonly kind: 'signature' | 'seal'; readonly label: string; readonly pin: string }[]
  /** Invented papers that can be "laid on the glass". */
  readonly papers: readonly { readonly id: string; readonly title: string; readonly pages: number }[]
  /** This PC has an office of its own, to which `practice.leave` goes back. */
  readonly hasOffice: boolean
  /** `practice.renew` can make it anew. */
  readonly renewable: boolean
}

/** Puts an invented paper's pages into a draft, as if scanned. */
export const layPaperSchema = z.strictObject({ jobId: jobIdSchema, copy: copyRefSchema, paperId: idSchema })
