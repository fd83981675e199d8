import { z } from 'zod'
import type { CopyVerdict } from '../office/verification/judge-copy.ts'
import type { VerifiedFile } from '../office/verification/verify-file.ts'

/** A verdict as it comes back from the process that judged a foreign file. */

const rectangleSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() })

const certificateSchema = z.object({
  der: z.instanceof(Uint8Array),
  sha256: z.string(),
  subject: z.string(),
  commonName: z.string(),
  issuer: z.string(),
  serialNumber: z.string(),
  notBefore: z.date(),
  notAfter: z.date(),
})

const changeSchema = z.object({
  kind: z.string(),
  permitted: z.boolean(),
  page: z.int().exactOptional(),
  rectangle: rectangleSchema.exactOptional(),
  message: z.string(),
})

const messageSchema = z.object({
  severity: z.enum(['error', 'warning', 'info']),
  code: z.string(),
  parameters: z.record(z.string(), z.union([z.string(), z.number()])),
})

const signatureSchema = z.object({
  field: z.string(),
  kind: z.enum(['signature', 'document-timestamp']),
  signer: certificateSchema.nullable(),
  signerName: z.string(),
  claimedTime: z.date().nullable(),
  provenTime: z.date().nullable(),
  level: z.enum(['B-B', 'B-T', 'B-LT', 'B-LTA']).nullable(),
  integrity: z.enum(['intact', 'broken']),
  coverage: z.enum(['whole-file', 'whole-revision', 'partial']),
  changesAfter: z.enum(['none', 'permitted', 'forbidden']),
  changes: z.array(changeSchema),
  indication: z.enum(['TOTAL-PASSED', 'TOTAL-FAILED', 'INDETERMINATE']),
  subIndication: z.string().nullable(),
  messages: z.array(messageSchema),
  revisionEnd: z.int(),
})

const statementSchema = z.object({ number: z.string(), book: z.string(), date: z.string() })

/** The list itself lies with the engine, which the program itself does without. */
const problemSchema = z.custom<CopyVerdict['problems'][number]>(
  problem => typeof problem === 'string' && problem.startsWith('copy-'),
)

const copySchema = z.object({
  number: z.string().nullable(),
  book: z.string().nullable(),
  date: z.string().nullable(),
  chain: z.object({ sequence: z.int(), hash: z.string() }).nullable(),
  statement: statementSchema.nullable(),
  statementMatches: z.boolean().nullable(),
  signerOk: z.boolean(),
  sealOk: z.boolean(),
  orderOk: z.boolean(),
  wholeCopy: z.boolean(),
  good: z.boolean(),
  problems: z.array(problemSchema),
})

export const verifiedFileSchema: z.ZodType<VerifiedFile> = z.object({
  report: z.object({ file: z.string(), valid: z.boolean(), signatures: z.array(signatureSchema) }),
  copy: copySchema.nullable(),
})
