import { z } from 'zod'
import { SIGNING_ERROR_CODES } from '../errors.ts'

/** What passes between the program and the process that has the module loaded. Both ends parse what they get: neither trusts the other. */

const bytes = z.custom<Uint8Array>(value => value instanceof Uint8Array)
const schemeSchema = z.enum(['RSA-PKCS1', 'RSA-PSS', 'ECDSA'])
const hashSchema = z.enum(['SHA-256', 'SHA-384', 'SHA-512'])

/** One question. PINs stand in `login` and `change-pin` alone; null: typed on the reader. */
const questionSchema = z.discriminatedUnion('call', [
  z.strictObject({ call: z.literal('start'), module: z.string().min(1), parameters: z.string().optional() }),
  z.strictObject({ call: z.literal('list') }),
  z.strictObject({
    call: z.literal('login'),
    slotId: z.number(),
    pin: bytes.nullable(),
    /** A PIN is changed in a session that may write. */
    writable: z.boolean(),
    /** Keeps the PIN in the module's process for one `resume`. */
    keepPin: z.boolean(),
  }),
  /** Logs in again, once, with the PIN kept by `login`. */
  z.strictObject({ call: z.literal('resume'), slotId: z.number() }),
  /** Follows `login`, whose PIN is the old one. */
  z.strictObject({ call: z.literal('change-pin'), newPin: bytes.nullable() }),
  z.strictObject({ call: z.literal('keys'), otherCertificates: z.array(bytes).readonly() }),
  z.strictObject({
    call: z.literal('sign'),
    certificateSha256: z.string(),
    scheme: schemeSchema,
    hash: hashSchema,
    data: bytes,
  }),
  z.strictObject({ call: z.literal('close') }),
])
export type Question = z.infer<typeof questionSchema>

export const requestSchema = z.strictObject({ id: z.int(), question: questionSchema })
export type Request = z.infer<typeof requestSchema>

const rawTokenSchema = z.strictObject({
  slotId: z.number(),
  label: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  serialNumber: z.string(),
  flags: z.number(),
  minimumPinLength: z.number(),
  maximumPinLength: z.number(),
  certificates: z.array(bytes).readonly(),
})
/** A token as the module describes it, before anything is made of it. */
export type RawToken = z.infer<typeof rawTokenSchema>

const refusedLoginSchema = z.strictObject({
  outcome: z.literal('refused'),
  returnCode: z.number().nullable(),
  /** The token's flags read just before the login and again after it; null where the token did not give them. */
  flagsBefore: z.number().nullable(),
  flagsAfter: z.number().nullable(),
})
export type RefusedLogin = z.infer<typeof refusedLoginSchema>

const loginOutcomeSchema = z.discriminatedUnion('outcome', [
  /** `tried`: the PIN was looked at; not so where another program's login already served. */
  z.strictObject({ outcome: z.literal('accepted'), tried: z.boolean() }),
  refusedLoginSchema,
])
export type LoginOutcome = z.infer<typeof loginOutcomeSchema>

/** A certificate on the token; `schemes` is empty where its private key is not there. `asksPin`: its key asks the PIN for every signature. */
const heldCertificateSchema = z.strictObject({
  der: bytes,
  schemes: z.array(schemeSchema).readonly(),
  asksPin: z.boolean(),
})
export type HeldCertificate = z.infer<typeof heldCertificateSchema>

/** `refused`: the PIN, where the key asks it for every signature. */
const signOutcomeSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('signed'), signature: bytes }),
  refusedLoginSchema,
])
export type SignOutcome = z.infer<typeof signOutcomeSchema>

/** What each call answers. */
export const answerSchemas = {
  start: z.null(),
  list: z.array(rawTokenSchema).readonly(),
  login: loginOutcomeSchema,
  resume: loginOutcomeSchema,
  'change-pin': z.null(),
  keys: z.array(heldCertificateSchema).readonly(),
  sign: signOutcomeSchema,
  close: z.null(),
} as const

export const replySchema = z.union([
  z.strictObject({ id: z.int(), answer: z.unknown() }),
  z.strictObject({
    id: z.int(),
    error: z.strictObject({
      code: z.enum(SIGNING_ERROR_CODES),
      parameters: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  }),
])
export type Reply = z.infer<typeof replySchema>
