import type { ErrorParameters } from '../errors.ts'

/** What a `WorkThread` says to its worker. */
export type WorkMessage<Work> =
  | { readonly id: number; readonly kind: 'begin'; readonly work: Work }
  | { readonly id: number; readonly kind: 'stop' }

/** What the worker answers; an item is parsed by who asked for it. */
export type WorkAnswer =
  | { readonly id: number; readonly kind: 'item'; readonly item: unknown }
  | { readonly id: number; readonly kind: 'done' }
  | {
      readonly id: number
      readonly kind: 'failed'
      readonly code: string | null
      readonly parameters: ErrorParameters
      readonly message: string
    }
