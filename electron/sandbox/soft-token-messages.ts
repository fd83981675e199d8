import { z } from 'zod'

/** What the soft token's worker is asked. The PINs are those of a practice token. */
export const softTokenRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('make'),
    module: z.string(),
    label: z.string(),
    pin: z.string(),
    securityOfficerPin: z.string(),
    keys: z.array(z.enum(['rsa-2048', 'rsa-3072', 'ec-p256'])),
  }),
  z.strictObject({
    kind: z.literal('store'),
    module: z.string(),
    label: z.string(),
    pin: z.string(),
    /** `index` is the key's place in the order of making; `der` is base64. */
    certificates: z.array(z.strictObject({ index: z.int(), der: z.base64(), label: z.string() })),
    chain: z.array(z.base64()),
  }),
])
export type SoftTokenRequest = z.infer<typeof softTokenRequestSchema>

export const softTokenReplySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), publicKeys: z.array(z.base64()) }),
  z.strictObject({ kind: z.literal('failed'), reason: z.string() }),
])
export type SoftTokenReply = z.infer<typeof softTokenReplySchema>
