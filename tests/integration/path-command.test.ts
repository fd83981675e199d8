import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addCertpath } from '../../electron/cli/certpath.ts'
import { type CommandResult, failure } from '../../electron/cli/output.ts'

const suite = join(import.meta.dirname, '../../../shared/data/pkits')
const present = existsSync(join(suite, 'pkits.json'))
const certificate = (name: string) => join(suite, 'certs', name)
const list = (name: string) => join(suite, 'crls', name)

/** Runs the command as `ctdesk` does, in this process. */
async function certpath(...args: readonly string[]): Promise<CommandResult> {
  const results: CommandResult[] = []
  const program = new Command('ctdesk').exitOverride().configureOutput({ writeErr: () => {} })
  addCertpath(program, async work => {
    const context = { language: 'vi' as const, signal: AbortSignal.abort(), say: () => {} }
    results.push(await work(context).catch((error: unknown) => failure(error, 'vi')))
  })
  await program.parseAsync(['certpath', ...args], { from: 'user' })
  const [result] = results
  if (!result) throw new Error('no result')
  return result
}

const times = ['--at', '2011-04-15T00:00:00Z']
const root = certificate('TrustAnchorRootCertificate.crt')
const good = certificate('GoodCACert.crt')
const target = certificate('ValidCertificatePathTest1EE.crt')
const lists = ['--crl', list('TrustAnchorRootCRL.crl'), '--crl', list('GoodCACRL.crl')]

describe.skipIf(!present)('ctdesk certpath (skipped where ../shared/data/pkits is absent)', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'certpath-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('judges every PKITS row as NIST says, with the path in either order', async () => {
    const { tests } = z
      .object({
        tests: z.array(
          z.object({
            test: z.string(),
            path: z.array(z.string()),
            other_certs: z.array(z.string()),
            crls: z.array(z.string()),
            initial_policy_set: z.array(z.string()),
            initial_explicit_policy: z.boolean(),
            initial_policy_mapping_inhibit: z.boolean(),
            initial_any_policy_inhibit: z.boolean(),
            expected: z.string(),
          }),
        ),
      })
      .parse(JSON.parse(readFileSync(join(suite, 'pkits.json'), 'utf8')))
    const wrong: string[] = []
    for (const row of tests) {
      const path = row.path.slice(1).map(certificate)
      const settings = [
        ...times,
        ...row.crls.flatMap(name => ['--crl', list(name)]),
        ...row.other_certs.flatMap(name => ['--other', certificate(name)]),
        ...row.initial_policy_set.filter(oid => oid !== '2.5.29.32.0').flatMap(oid => ['--policy', oid]),
        ...(row.initial_explicit_policy ? ['--require-explicit-policy'] : []),
        ...(row.initial_policy_mapping_inhibit ? ['--inhibit-policy-mapping'] : []),
        ...(row.initial_any_policy_inhibit ? ['--inhibit-any-policy'] : []),
      ]
      for (const order of [path, path.toReversed()]) {
        const { status, data } = await certpath(...order, '--trust', root, ...settings)
        const expected = row.expected === 'valid' ? 0 : 1
        if (status !== expected || data['valid'] !== (expected === 0))
          wrong.push(`${row.test}: ${JSON.stringify(data)}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('prints the path from the target to the anchor by SHA-256, and the policies', async () => {
    const { data, status } = await certpath(target, good, '--trust', root, ...lists, ...times)
    expect(status).toBe(0)
    expect(data).toEqual({
      valid: true,
      path: [expect.stringMatching(/^[0-9a-f]{64}$/), expect.any(String), expect.any(String)],
      policies: ['2.16.840.1.101.3.2.1.48.1'],
    })
  })

  it('names the reason, and no policies, when the path is not valid', async () => {
    const { data, status } = await certpath(target, good, '--trust', root, ...lists, '--at', '2031-01-01')
    expect(status).toBe(1)
    expect(data).toMatchObject({ valid: false, reason: 'expired', policies: [] })
  })

  it('certificates that do not lie on one path are never called valid, though one of them would be', async () => {
    const stranger = certificate('TwoCRLsCACert.crt')
    const { data, status } = await certpath(target, good, stranger, '--trust', root, ...lists, ...times)
    expect(status).toBe(1)
    expect(data).toMatchObject({ valid: false, reason: 'several-paths' })
  })

  it('without revocation lists nothing is valid unless the user says so', async () => {
    const path = [target, good, '--trust', root, ...times]
    expect((await certpath(...path)).data).toMatchObject({ valid: false, reason: 'revocation-unknown' })
    expect((await certpath(...path, '--revocation', 'if-available')).status).toBe(0)
    expect((await certpath(...path, '--revocation', 'off')).status).toBe(0)
  })

  it('takes PEM, bundles and whole folders with other things in them', async () => {
    const pem = (label: string, file: string) =>
      `some words\n-----BEGIN ${label}-----\n${readFileSync(file, 'base64')}\n-----END ${label}-----\n`
    await writeFile(join(folder, 'chain.pem'), pem('CERTIFICATE', target) + pem('CERTIFICATE', good))
    await writeFile(
      join(folder, 'lists.pem'),
      readdirSync(join(suite, 'crls'))
        .map(name => pem('X509 CRL', list(name)))
        .join(''),
    )
    await writeFile(join(folder, 'note.txt'), 'not a certificate')
    const { status } = await certpath(join(folder, 'chain.pem'), '--trust', root, '--crl', folder, ...times)
    expect(status).toBe(0)
    const everything = await certpath(
      target,
      '--trust',
      root,
      '--other',
      join(suite, 'certs'),
      '--crl',
      join(suite, 'crls'),
      ...times,
    )
    expect(everything.status).toBe(0)
    const mixed = await certpath(target, good, '--trust', root, ...lists.filter(each => each !== '--crl'), ...times)
    expect(mixed.status).toBe(0)
  })

  it.each([
    ['a missing file', ['/nowhere.crt', '--trust', root], 'input-not-found'],
    [
      'a file that is no certificate',
      [join(import.meta.dirname, 'path-command.test.ts'), '--trust', root],
      'argument-invalid',
    ],
    ['an anchor that is no certificate', [target, '--trust', list('GoodCACRL.crl')], 'certificate-unreadable'],
    ['a time that is none', [target, '--trust', root, '--at', 'yesterday'], 'argument-invalid'],
    ['a policy that is no OID', [target, '--trust', root, '--policy', 'good'], 'argument-invalid'],
  ])('%s is bad input, not a verdict', async (_, args, code) => {
    const { status, data } = await certpath(...args)
    expect(status).toBe(2)
    expect(data).toMatchObject({ error: { code } })
  })
})
