import { z } from 'zod'
import type { ErrorNotice } from './contract/common.ts'

/** Names of a procedure as tRPC writes them: "copies.read". */
const pathSchema = z.string().regex(/^[a-z][A-Za-z]{0,40}(\.[a-z][A-Za-z]{0,40}){1,3}$/)
const subscriptionIdSchema = z.int().min(1).max(Number.MAX_SAFE_INTEGER)

/** What the page may send; the input itself is parsed by the procedure's own schema. */
export const bridgeCallSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('call'),
    type: z.enum(['query', 'mutation']),
    path: pathSchema,
    input: z.unknown().optional(),
  }),
  z.strictObject({
    kind: z.literal('subscribe'),
    id: subscriptionIdSchema,
    path: pathSchema,
    input: z.unknown().optional(),
  }),
  z.strictObject({ kind: z.literal('unsubscribe'), id: subscriptionIdSchema }),
])
export type BridgeCall = z.infer<typeof bridgeCallSchema>

/** An error as it crosses: tRPC's shape with the notice in it. */
export interface BridgeError {
  readonly message: string
  readonly code: number
  readonly data: { readonly code: string; readonly path?: string | undefined; readonly notice: ErrorNotice }
}

export type BridgeAnswer =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly error: BridgeError }

/** What a subscription tells. */
export type BridgeEvent =
  | { readonly kind: 'data'; readonly id: number; readonly data: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: BridgeError }
  | { readonly kind: 'end'; readonly id: number }

/** The `desk` object of the page: all that the preload gives it. */
export interface DeskBridge {
  call(call: BridgeCall): Promise<BridgeAnswer>
  /** @returns takes the listener away */
  onEvent(listener: (event: BridgeEvent) => void): () => void
}
