import { z } from 'zod'

/** What a `WorkPlace` says to its workshop. */
export type WorkMessage<Work> =
  | { readonly id: number; readonly kind: 'begin'; readonly work: Work }
  | { readonly id: number; readonly kind: 'stop' }

/** What the workshop answers; an item is parsed by who asked for it. */
export const workAnswerSchema = z.discriminatedUnion('kind', [
  z.object({ id: z.int(), kind: z.literal('item'), item: z.unknown() }),
  z.object({ id: z.int(), kind: z.literal('done') }),
  z.object({
    id: z.int(),
    kind: z.literal('failed'),
    code: z.string().nullable(),
    parameters: z.record(z.string(), z.union([z.string(), z.number()])),
    message: z.string(),
  }),
])
export type WorkAnswer = Readonly<z.infer<typeof workAnswerSchema>>
