import { X509Certificate } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { SigningError } from '../../native-signing/errors.ts'
import {
  DerError,
  type PathCertificate,
  readPathCertificate,
  readRevocationList,
  validatePath,
} from '../../native-signing/path/index.ts'
import { explain, type Language } from '../messages.ts'
import type { Run } from './ctdesk.ts'
import { CliError } from './errors.ts'
import { type CommandResult, EXIT } from './output.ts'

interface CertpathOptions {
  readonly trust: readonly string[]
  readonly crl: readonly string[]
  readonly ocsp: readonly string[]
  readonly other: readonly string[]
  readonly at?: string
  readonly policy: readonly string[]
  readonly requireExplicitPolicy?: true
  readonly inhibitPolicyMapping?: true
  readonly inhibitAnyPolicy?: true
  readonly maxAge?: string
  readonly revocation: 'required' | 'if-available' | 'off'
}

const CERTIFICATE_LABELS = ['CERTIFICATE', 'X509 CERTIFICATE'] as const
const LIST_LABELS = ['X509 CRL', 'CRL'] as const
const LABELS = {
  certificate: CERTIFICATE_LABELS,
  list: LIST_LABELS,
  answer: ['OCSP RESPONSE'],
  argument: [...CERTIFICATE_LABELS, ...LIST_LABELS],
} as const
type Kind = keyof typeof LABELS

const DAY = 24 * 60 * 60 * 1000

/** `ctdesk certpath`: RFC 5280 path validation alone; exit 0 valid, 1 not valid, 2 when a file cannot be read. */
export function addCertpath(program: Command, run: Run): void {
  program
    .command('certpath')
    .description('judge a certification path (RFC 5280), without network')
    .argument(
      '<certificates...>',
      'the certificate to be judged, or it and its issuers in any order: then all must be in the path',
    )
    .requiredOption('--trust <path>', 'trust anchors: a DER or PEM file, or a folder; may stand several times', collect)
    .option('--crl <path>', 'revocation lists, complete and delta: a DER or PEM file, or a folder', collect, [])
    .option('--ocsp <path>', 'OCSP responses: a DER or PEM file, or a folder', collect, [])
    .option('--other <path>', 'certificates that may help, not trusted: a DER or PEM file, or a folder', collect, [])
    .option('--at <time>', 'judge as of this time (ISO 8601), not now')
    .option('--policy <oid>', 'acceptable certificate policy; any, when left out', collect, [])
    .option('--require-explicit-policy', 'the path must be valid for an acceptable policy')
    .option('--inhibit-policy-mapping', 'policy mappings do not count')
    .option('--inhibit-any-policy', 'anyPolicy does not stand for every policy')
    .option('--max-age <days>', 'use no older revocation lists and OCSP responses')
    .addOption(
      new Option('--revocation <mode>', 'what to do without a revocation status')
        .choices(['required', 'if-available', 'off'])
        .default('required'),
    )
    .action((paths: readonly string[], options: CertpathOptions) =>
      run(async ({ language }) => judge(paths, options, language)),
    )
}

async function judge(paths: readonly string[], options: CertpathOptions, language: Language): Promise<CommandResult> {
  const { given, lists } = readArguments(await read(paths, 'argument', 'named'))
  const target = targetAmong(given)
  if (!target) return verdict({ valid: false, reason: 'several-paths', path: [], policies: [] }, [], language)
  const result = validatePath({
    target: target.der,
    anchors: await read(options.trust, 'certificate', 'named'),
    intermediates: [...given.map(({ der }) => der), ...(await read(options.other, 'certificate', 'named'))],
    crls: [...(await read(options.crl, 'list', 'named')), ...lists],
    ocsp: await read(options.ocsp, 'answer', 'named'),
    at: options.at === undefined ? new Date() : timeOf(options.at),
    policies: options.policy.map(policyOf),
    requireExplicitPolicy: options.requireExplicitPolicy ?? false,
    inhibitPolicyMapping: options.inhibitPolicyMapping ?? false,
    inhibitAnyPolicy: options.inhibitAnyPolicy ?? false,
    revocation: options.revocation,
    ...(options.maxAge === undefined ? {} : { maximumAge: daysOf(options.maxAge) * DAY }),
  })
  const anchor = result.anchor?.certificate
  const path = anchor && result.path.at(-1)?.sha256 !== anchor.sha256 ? [...result.path, anchor] : result.path
  const inPath = new Set(path.map(({ sha256 }) => sha256))
  const whole = given.every(({ sha256 }) => inPath.has(sha256))
  const valid = result.valid && whole
  const reason = result.reason ?? (whole ? null : 'several-paths')
  const policies = valid ? result.userPolicies : []
  return verdict({ valid, reason, path: path.map(({ sha256 }) => sha256), policies }, path, language)
}

interface Verdict {
  readonly valid: boolean
  readonly reason: string | null
  readonly path: readonly string[]
  readonly policies: readonly string[]
}

function verdict(
  { valid, reason, ...rest }: Verdict,
  path: readonly PathCertificate[],
  language: Language,
): CommandResult {
  const { what, todo } = explain({ code: `path-${reason ?? 'valid'}` }, language)
  const notes = todo === '' ? [] : [`  ${todo}`]
  return {
    status: valid ? EXIT.done : EXIT.refused,
    data: { valid, ...(reason === null ? {} : { reason }), ...rest },
    lines: [`${valid ? '✓' : '✗'} ${what}`, ...notes, ...path.map(each => `  ${each.sha256}  ${subjectOf(each)}`)],
  }
}

function subjectOf({ der }: PathCertificate): string {
  try {
    return new X509Certificate(der).subject.split('\n').reverse().join(', ')
  } catch {
    // a name that OpenSSL does not show: the hash stands for it
    return ''
  }
}

/** The one certificate that issued none of the others; null when they do not hang together. */
function targetAmong(given: readonly PathCertificate[]): PathCertificate | null {
  const different = [...new Map(given.map(each => [each.sha256, each])).values()]
  const last = different.filter(
    each => !different.some(other => other !== each && other.issuer.key === each.subject.key),
  )
  return last.length === 1 ? (last[0] ?? null) : null
}

/** Certificates, and the revocation lists of a shell that spread `--crl *.crl` into arguments. @throws SigningError certificate-unreadable */
function readArguments(ders: readonly Uint8Array[]) {
  const lists = ders.filter(der => isReadable(der, readRevocationList))
  try {
    return { given: ders.filter(der => !lists.includes(der)).map(readPathCertificate), lists }
  } catch (cause) {
    if (cause instanceof DerError) throw new SigningError('certificate-unreadable', {}, { cause })
    throw cause
  }
}

function isReadable(der: Uint8Array, parse: (der: Uint8Array) => unknown): boolean {
  try {
    parse(der)
    return true
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}

/**
 * What files and folders hold of a kind, as DER. A file that is named must hold some; in a folder others may lie beside.
 * @throws CliError input-not-found, argument-invalid
 */
async function read(paths: readonly string[], kind: Kind, how: 'named' | 'found'): Promise<Uint8Array[]> {
  const found: Uint8Array[] = []
  for (const path of paths) {
    const about = await stat(path).catch((cause: unknown) => {
      throw new CliError('input-not-found', { path }, { cause })
    })
    if (about.isDirectory()) {
      // one level deep
      const names = (await readdir(path)).sort().map(name => join(path, name))
      found.push(...(how === 'named' ? await read(names, kind, 'found') : []))
      continue
    }
    const all = derOf(await readFile(path), kind)
    const parts =
      kind === 'certificate' && how === 'found' ? all.filter(der => isReadable(der, readPathCertificate)) : all
    if (parts.length === 0 && how === 'named')
      throw new CliError('argument-invalid', { name: path, reason: LABELS[kind][0] })
    found.push(...parts)
  }
  return found
}

/** PEM blocks of the kind, or the bytes themselves where they begin as DER does. */
function derOf(bytes: Buffer, kind: Kind): readonly Uint8Array[] {
  if (bytes[0] === 0x30) return [bytes]
  const blocks = bytes.toString('latin1').matchAll(/-----BEGIN ([^-]+)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g)
  return [...blocks].flatMap(([, label = '', body = '']) =>
    LABELS[kind].some(each => each === label) ? [Buffer.from(body, 'base64')] : [],
  )
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]

function timeOf(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new CliError('argument-invalid', { name: '--at', reason: text })
  return time
}

function policyOf(text: string): string {
  if (!/^[012](\.\d+)+$/.test(text)) throw new CliError('argument-invalid', { name: '--policy', reason: text })
  return text
}

function daysOf(text: string): number {
  const days = Number(text)
  if (!(days > 0)) throw new CliError('argument-invalid', { name: '--max-age', reason: text })
  return days
}
