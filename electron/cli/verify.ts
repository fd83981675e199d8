import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import {
  createStatusFetcher,
  type StatusFetcherSettings,
  type VerificationOptions,
  verifyPdf,
} from '../../native-signing/index.ts'
import { ALGORITHM_RULES, type AlgorithmRules } from '../../native-signing/trust/algorithm-rules.ts'
import type { SignatureVerdict, VerificationReport } from '../../native-signing/types.ts'
import { explain, type Language } from '../messages.ts'
import { type CopyVerdict, verifyCopy } from '../office/verification/judge-copy.ts'
import { roleOf } from '../office/verification/signature-role.ts'
import { readTrust } from '../signing-parts.ts'
import type { Run } from './ctdesk.ts'
import { type PasswordOptions, readPassword, withPasswordOptions } from './document-password.ts'
import { CliError } from './errors.ts'
import { type CommandResult, EXIT, failure } from './output.ts'

interface VerifyOptions extends PasswordOptions {
  readonly trust: readonly string[]
  readonly crl: readonly string[]
  readonly at?: string
  readonly password?: string
  readonly allowSha1?: true
  readonly online?: true
  readonly allowPrivate?: true
}

/** Milliseconds and bytes for one address: a person waits, and a file may name any address. */
const ASKING: StatusFetcherSettings = { timeout: 5000, maximumBytes: 10 * 1024 * 1024 }

/** A stranger's certificate may name any address: what lies behind the firewall is asked only where the person says so. */
export const ALLOW_PRIVATE =
  'also ask addresses of the own network (CPNet), at any port; otherwise only public ones, at ports 80 and 443'

/** `ctdesk verify`: judges files; exit 0 when all are valid, 1 when one is not, 2 when one could not be judged. */
export function addVerify(program: Command, run: Run): void {
  withPasswordOptions(program.command('verify'))
    .description('judge the signatures of PDF files')
    .argument('<files...>')
    .option(
      '--trust <path>',
      'trusted certificates (and revocation lists, .crl): a DER or PEM file, or a folder of them; may stand several times',
      collect,
      [],
    )
    .option('--crl <path>', 'revocation lists: a DER or PEM file, or a folder', collect, [])
    .option('--at <time>', 'judge as of this time (ISO 8601), not now')
    .option('--password <text>', 'the same in clear, which every process on the PC can read')
    .option('--allow-sha1', 'rely on SHA-1 without end: for old files whose origin is known otherwise')
    .option('--offline', 'ask nobody, as without --online')
    .addOption(
      new Option(
        '--online',
        'ask the authorities, at the addresses in the certificates, for issuers, OCSP answers and lists that the file lacks',
      ).conflicts('offline'),
    )
    .option('--allow-private', ALLOW_PRIVATE)
    .action((files: readonly string[], options: VerifyOptions) =>
      run(async ({ language }) => {
        const trust = await givenTrust(options)
        const settings: VerificationOptions = {
          ...trust,
          ...(options.at === undefined ? {} : { at: timeOf(options.at) }),
          ...(options.allowSha1 ? { algorithms: withoutEnd('SHA-1') } : {}),
          ...(options.online
            ? { fetcher: createStatusFetcher({ ...ASKING, allowPrivate: options.allowPrivate ?? false }) }
            : {}),
          password: options.password ?? (await readPassword(options)),
        }
        const results: CommandResult[] = []
        for (const file of files)
          results.push(
            await judge(file, settings, language).catch(error => {
              const failed = failure(error, language)
              return { ...failed, status: EXIT.bad, data: { file, valid: false, signatures: [], ...failed.data } }
            }),
          )
        return {
          status: ([EXIT.bad, EXIT.refused] as const).find(s => results.some(r => r.status === s)) ?? EXIT.done,
          data: { results: results.map(result => result.data) },
          lines: results.flatMap((result, index) => [`${files[index]}:`, ...result.lines.map(line => `  ${line}`)]),
        }
      }),
    )
}

const withoutEnd = (hash: string): AlgorithmRules => ({
  ...ALGORITHM_RULES,
  hashes: ALGORITHM_RULES.hashes.map(rule => (rule.name === hash ? { ...rule, until: null } : rule)),
})

async function judge(file: string, settings: VerificationOptions, language: Language): Promise<CommandResult> {
  const report = await verifyPdf(file, settings)
  const copy = verifyCopy(file, report, settings.password)
  // a copy whose page says another number than its data is never valid, whoever signed it
  const valid = report.valid && copy?.statementMatches !== false
  return {
    status: valid ? EXIT.done : EXIT.refused,
    data: { ...reportData(report, language), valid, ...(copy ? { copy: copyData(copy, language) } : {}) },
    lines: [
      ...(report.signatures.length === 0
        ? [explain({ code: 'file-without-signature' }, language).what]
        : report.signatures.flatMap(s => verdictLines(s, language))),
      ...(copy ? copyLines(copy, language) : []),
    ],
  }
}

const copyData = ({ problems, ...copy }: CopyVerdict, language: Language) => ({
  ...copy,
  problems: problems.map(code => ({ code, text: explain({ code }, language).what })),
})

const copyLines = (copy: CopyVerdict, language: Language): readonly string[] => [
  `${copy.good ? '✓' : '✗'} ${explain({ code: 'copy-of-number', parameters: { number: copy.number ?? '?', book: copy.book ?? '?' } }, language).what}`,
  ...(copy.good ? [`    ${explain({ code: 'copy-good' }, language).what}`] : []),
  ...copy.problems.map(code => `    • ${explain({ code }, language).what}`),
]

const verdictLines = (verdict: SignatureVerdict, language: Language): readonly string[] => [
  `${verdict.indication === 'TOTAL-PASSED' ? '✓' : '✗'} ${verdict.field}: ${verdict.signerName}  ` +
    `${(verdict.provenTime ?? verdict.claimedTime)?.toISOString() ?? ''}  ${verdict.level ?? ''}  ` +
    `${verdict.indication}${verdict.subIndication === null ? '' : ` (${verdict.subIndication})`}`,
  ...verdict.messages.map(message => `    ${explain(message, language).what}`),
  ...verdict.changes.map(
    change =>
      `    • ${explain({ code: `change-${change.kind}` }, language).what}` +
      (change.page === undefined
        ? ''
        : ` ${explain({ code: 'change-on-page', parameters: { page: change.page } }, language).what}`),
  ),
]

/** The contract of `verify --json` (design §6). */
function reportData(report: VerificationReport, language: Language): Readonly<Record<string, unknown>> {
  return {
    file: report.file,
    signatures: report.signatures.map(verdict => ({
      field: verdict.field,
      kind: verdict.kind,
      role: roleOf(verdict),
      signerName: verdict.signerName,
      certificateSha256: verdict.signer?.sha256 ?? null,
      claimedTime: verdict.claimedTime,
      provenTime: verdict.provenTime,
      level: verdict.level,
      integrity: verdict.integrity,
      coverage: verdict.coverage,
      changesAfter: verdict.changesAfter,
      changes: verdict.changes.map(change => ({
        ...change,
        message: explain({ code: `change-${change.kind}` }, language).what,
      })),
      indication: verdict.indication,
      subIndication: verdict.subIndication,
      messages: verdict.messages.map(({ severity, ...message }) => ({
        severity,
        text: explain(message, language).what,
      })),
    })),
  }
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

/**
 * Certificates and revocation lists named by `--trust` and `--crl`: files, or those of a folder that are called so, as keys and other
 * things may lie beside them. @throws CliError input-not-found, and what `readTrust` throws
 */
export async function givenTrust(options: { readonly trust: readonly string[]; readonly crl: readonly string[] }) {
  const trusted = await filesOf(options.trust, /\.(crt|cer|pem|der|crl)$/i)
  const isList = (path: string): boolean => /\.crl$/i.test(path)
  return readTrust('.', {
    anchors: trusted.filter(path => !isList(path)),
    intermediates: [],
    revocationLists: [...trusted.filter(isList), ...(await filesOf(options.crl, /\.(crl|pem|der)$/i))],
  })
}

async function filesOf(paths: readonly string[], called: RegExp): Promise<string[]> {
  const found: string[] = []
  for (const path of paths) {
    const about = await stat(path).catch((cause: unknown) => {
      throw new CliError('input-not-found', { path }, { cause })
    })
    if (!about.isDirectory()) found.push(path)
    else for (const name of (await readdir(path)).sort()) if (called.test(name)) found.push(join(path, name))
  }
  return found
}

function timeOf(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new CliError('argument-invalid', { name: '--at', reason: text })
  return time
}
