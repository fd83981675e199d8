import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type PathResult, validatePath } from '../../native-signing/path/index.ts'

/** NIST's test suite for RFC 5280; it lies beside the repository, not in it. */
const suite = join(import.meta.dirname, '../../../shared/data/pkits')
const present = existsSync(join(suite, 'pkits.json'))

const rowSchema = z.object({
  test: z.string(),
  section: z.string(),
  name: z.string(),
  path: z.array(z.string()).min(2),
  other_certs: z.array(z.string()),
  crls: z.array(z.string()),
  initial_policy_set: z.array(z.string()),
  initial_explicit_policy: z.boolean(),
  initial_policy_mapping_inhibit: z.boolean(),
  initial_any_policy_inhibit: z.boolean(),
  expected: z.enum(['valid', 'invalid']),
  expected_user_constrained_policy_set: z.array(z.string()).nullish(),
})
type Row = z.infer<typeof rowSchema>

const certificate = (name: string): Uint8Array => readFileSync(join(suite, 'certs', name))
const list = (name: string): Uint8Array => readFileSync(join(suite, 'crls', name))

function judge(row: Row, extra: readonly Uint8Array[] = []): PathResult {
  const [anchor = '', ...path] = row.path
  const target = path.pop() ?? ''
  return validatePath({
    target: certificate(target),
    anchors: [certificate(anchor)],
    intermediates: [...[...path, ...row.other_certs].map(certificate), ...extra],
    crls: row.crls.map(list),
    at: new Date('2011-04-15T00:00:00Z'),
    policies: row.initial_policy_set,
    requireExplicitPolicy: row.initial_explicit_policy,
    inhibitPolicyMapping: row.initial_policy_mapping_inhibit,
    inhibitAnyPolicy: row.initial_any_policy_inhibit,
  })
}

describe.skipIf(!present)('NIST PKITS (skipped where ../shared/data/pkits is absent)', () => {
  const rows = present
    ? z.object({ tests: z.array(rowSchema) }).parse(JSON.parse(readFileSync(join(suite, 'pkits.json'), 'utf8'))).tests
    : []

  it('every row is judged as NIST says, nothing is accepted falsely, and the policies are the expected ones', () => {
    const sections = new Map<string, { rows: number; right: number; falseAccepts: number }>()
    const wrong: string[] = []
    const policies: string[] = []
    const started = performance.now()
    for (const row of rows) {
      const result = judge(row)
      const key = row.section.split('.').slice(0, 2).join('.')
      const count = sections.get(key) ?? { rows: 0, right: 0, falseAccepts: 0 }
      const right = result.valid === (row.expected === 'valid')
      sections.set(key, {
        rows: count.rows + 1,
        right: count.right + (right ? 1 : 0),
        falseAccepts: count.falseAccepts + (result.valid && !right ? 1 : 0),
      })
      if (!right) wrong.push(`${row.test} ${row.name}: ${result.reason ?? 'valid'}`)
      const expected = row.expected_user_constrained_policy_set
      if (
        result.valid &&
        expected &&
        JSON.stringify([...result.userPolicies].sort()) !== JSON.stringify([...expected].sort())
      )
        policies.push(`${row.test} ${row.name}: ${result.userPolicies.join(' ')} instead of ${expected.join(' ')}`)
    }
    const spent = Math.round(performance.now() - started)
    console.table(Object.fromEntries(sections))
    console.log(`PKITS: ${rows.length - wrong.length} of ${rows.length} right, ${spent} ms`)
    expect(wrong).toEqual([])
    expect(policies).toEqual([])
    expect(rows).toHaveLength(249)
  })

  it('certificates of all other rows in the pool change no verdict (every fifth row)', () => {
    const everything = [...new Set(rows.flatMap(row => [...row.path.slice(1, -1), ...row.other_certs]))].map(
      certificate,
    )
    const wrong = rows.filter(
      (row, index) => index % 5 === 0 && judge(row, everything).valid !== (row.expected === 'valid'),
    )
    expect(wrong.map(row => `${row.test} ${row.name}`)).toEqual([])
  })
})
