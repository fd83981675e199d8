import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkRevocation, type RevocationStatus } from '../../native-signing/path/index.ts'

/** OCSP answers and CRLs of BoringSSL with known verdicts; they lie beside the repository, not in it. */
const folder = join(import.meta.dirname, '../../../shared/data/revocation')
const present = existsSync(join(folder, 'expected.json'))

const WEEK = 7 * 24 * 60 * 60 * 1000
const rowSchema = z.object({
  file: z.string(),
  expected: z.enum(['good', 'revoked', 'unknown']),
  detail: z.string(),
  verification_time: z.coerce.date(),
  max_age: z.literal('7 days'),
})
type Row = z.infer<typeof rowSchema>

/** The blocks of a PEM file by their label. */
function blocks(text: string): ReadonlyMap<string, Uint8Array> {
  const found = text.matchAll(/-----BEGIN ([^-]+)-----([^-]+)-----END/g)
  return new Map(Array.from(found, ([, label = '', body = '']) => [label, Buffer.from(body, 'base64')]))
}

function judge({ file, verification_time: at }: Row): RevocationStatus {
  const parts = blocks(readFileSync(join(folder, file), 'utf8'))
  const certificate = parts.get('CERTIFICATE')
  const issuer = parts.get('CA CERTIFICATE')
  const root = parts.get('CA CERTIFICATE 2')
  if (!certificate || !issuer) throw new Error(`${file}: no certificates`)
  const crl = parts.get('CRL')
  const ocsp = parts.get('OCSP RESPONSE')
  return checkRevocation({
    path: root ? [certificate, issuer, root] : [certificate, issuer],
    crls: crl ? [crl] : [],
    ocsp: ocsp ? [ocsp] : [],
    at,
    maximumAge: WEEK,
  })
}

describe.skipIf(!present)(
  'revocation answers with known verdicts (skipped where ../shared/data/revocation is absent)',
  () => {
    const rows = present
      ? z
          .object({ ocsp_boringssl: z.array(rowSchema), crl_boringssl: z.array(rowSchema) })
          .parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')))
      : { ocsp_boringssl: [], crl_boringssl: [] }

    it.each([
      ['OCSP answer', rows.ocsp_boringssl, 36],
      ['revocation list', rows.crl_boringssl, 66],
    ])('every %s is judged as expected', (kind, cases, count) => {
      const wrong: string[] = []
      const table: Record<string, { rows: number; right: number }> = {}
      for (const row of cases) {
        const { kind: verdict } = judge(row)
        const line = table[row.expected] ?? { rows: 0, right: 0 }
        table[row.expected] = { rows: line.rows + 1, right: line.right + (verdict === row.expected ? 1 : 0) }
        if (verdict !== row.expected) wrong.push(`${row.file}: ${verdict} instead of ${row.expected} (${row.detail})`)
      }
      console.log(`${kind}: ${cases.length - wrong.length} of ${cases.length} right`)
      console.table(table)
      expect(wrong).toEqual([])
      expect(cases).toHaveLength(count)
    })
  },
)
