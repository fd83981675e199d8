import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { contentSchema, type FixedContent } from '../../electron/office/signing/content.ts'
import { verifyFile } from '../../electron/office/verification/verify-file.ts'
import { certificatesInFile } from '../../electron/trust-files.ts'

/** Copies that an earlier program made, of one form: each with what it was composed from and what verify says of it. */
export const goldenFolder = (form: number): string => join(import.meta.dirname, `form-${form}`)

/** Whom all copies of a form are verified by. */
export const TRUST = 'trust.pem'

/** Names of the copies of a form. */
export const goldenCopies = (form: number): readonly string[] =>
  readdirSync(goldenFolder(form))
    .filter(name => name.endsWith('.pdf'))
    .map(name => name.slice(0, -'.pdf'.length))

/** What the copy was composed from; its pages lie beside, named for their SHA-256. */
export async function goldenContent(form: number, name: string): Promise<FixedContent> {
  return contentSchema.parse(JSON.parse(await readFile(join(goldenFolder(form), `${name}.content.json`), 'utf8')))
}

export const pagePath = (form: number, sha256: string): string => join(goldenFolder(form), 'pages', `${sha256}.jpg`)

/** What verify said when the copy was made, and of which moment. */
export const verdictSchema = z.strictObject({
  at: z.iso.datetime(),
  valid: z.boolean(),
  copy: z.unknown(),
  signatures: z.unknown(),
})

/** Verifies a copy as of `at`: all that the verdict is, without the sentences that explain it. */
export async function goldenVerdict(file: string, trust: string, at: string): Promise<z.infer<typeof verdictSchema>> {
  const trustAnchors = certificatesInFile(await readFile(trust))
  const { report, copy } = await verifyFile(file, { trustAnchors, at: new Date(at) })
  const signatures = report.signatures.map(({ signer, messages: _, changes, ...verdict }) => ({
    ...verdict,
    certificateSha256: signer?.sha256,
    changes: changes.map(({ kind, permitted, page }) => ({ kind, permitted, page })),
  }))
  const said: unknown = JSON.parse(JSON.stringify({ at, valid: report.valid, copy, signatures }))
  return verdictSchema.parse(said)
}
