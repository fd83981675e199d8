import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SigningError } from '../../native-signing/errors.ts'
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

type Read = (name: string) => Uint8Array

function judge(row: Row, extra: readonly Uint8Array[] = [], read = { certificate, list }): PathResult {
  const [anchor = '', ...path] = row.path
  const target = path.pop() ?? ''
  return validatePath({
    target: read.certificate(target),
    anchors: [certificate(anchor)],
    intermediates: [...[...path, ...row.other_certs].map(read.certificate), ...extra],
    crls: row.crls.map(read.list),
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

  it('one damaged byte in any file makes no row valid that was not, and nothing crashes', () => {
    const tags = [0x01, 0x02, 0x03, 0x04, 0x06, 0x0a, 0x17, 0x30, 0x31, 0x80, 0x82, 0xa0, 0xa1, 0xa4, 0xff, 0x00]
    const change = fc.record({
      row: fc.nat(rows.length - 1),
      file: fc.nat(9),
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      byte: fc.oneof(fc.constantFrom(...tags), fc.nat(255)),
    })
    fc.assert(
      fc.property(change, ({ row: index, file, at, byte }) => {
        const row = rows[index]
        if (!row) return
        const names = [...row.path.slice(1), ...row.other_certs, ...row.crls]
        const victim = names[file % names.length]
        const damaged =
          (read: Read): Read =>
          name => {
            const bytes = Buffer.from(read(name))
            if (name === victim) bytes[Math.floor(at * bytes.length)] = byte
            return bytes
          }
        try {
          const { valid } = judge(row, [], { certificate: damaged(certificate), list: damaged(list) })
          // a delta that cannot be read is a delta that was never sent: only it knew of the revocation
          const deltaLost = row.test === '4.15.4' && victim?.includes('deltaCRL.crl')
          if (row.expected === 'invalid' && !deltaLost) expect(valid).toBe(false)
        } catch (error) {
          if (!(error instanceof SigningError)) throw error
        }
      }),
      { numRuns: 400 },
    )
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
