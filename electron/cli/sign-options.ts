import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import {
  type Appearance,
  type CertificationLevel,
  createTimestamper,
  type FieldLock,
  type SignatureLevel,
} from '../../native-signing/index.ts'
import { preparePicture } from '../../native-signing/sign/picture.ts'
import { type PasswordOptions, withPasswordOptions } from './document-password.ts'
import { CliError } from './errors.ts'
import { type LongTermCommandOptions, readLongTerm, withLongTermOptions } from './long-term-options.ts'
import type { FileSigningSettings } from './sign-files.ts'
import { type TokenOptions, withTokenOptions } from './token-options.ts'

export interface SignOptions extends TokenOptions, PasswordOptions, LongTermCommandOptions {
  readonly out: string
  readonly cert?: string
  readonly certFile?: string
  readonly p12?: string
  readonly level: SignatureLevel
  readonly tsa?: string
  readonly field: string
  readonly page?: string
  readonly rect?: string
  readonly image?: string
  readonly reason?: string
  readonly location?: string
  readonly pss?: true
  readonly certify?: string
  readonly lock?: string
}

/** The options of `sign` and `sign-batch`. */
export function withSignOptions(command: Command): Command {
  const options = withTokenOptions(command)
    .option('--p12 <file>', 'a key file (PKCS#12) in place of a token; its password is asked as the PIN is')
    .option('--cert <sha256>', 'certificate, where the token has several')
    .option('--cert-file <file>', 'certificate (and its issuers), where the token holds only the key')
    .addOption(new Option('--level <level>').choices(['B-B', 'B-T', 'B-LT', 'B-LTA']).default('B-T'))
    .option('--tsa <url>', 'time-stamp authority (RFC 3161), needed from B-T on')
    .option('--field <name>', 'signature field; an empty one of this name is used, else one is made', 'Signature')
    .option('--page <n>', 'page of the visible mark, from 1')
    .option('--rect <x,y,width,height>', 'place of the visible mark, points from the lower left corner')
    .option('--image <png>', 'picture of the visible mark')
    .option('--reason <text>')
    .option('--location <text>')
    .option('--pss', 'RSASSA-PSS, where the token can')
    .addOption(
      new Option(
        '--certify <level>',
        'certify the document, as its first signature: 1 nothing may follow, 2 forms and signatures, 3 comments too',
      ).choices(['1', '2', '3']),
    )
    .option('--lock <fields>', 'lock form fields: all, include:NAME,NAME… or exclude:NAME,NAME…')
  return withPasswordOptions(withLongTermOptions(options))
}

/** What the options say of every file; what the signer's certificate says is still wanting. */
export interface SigningPlan extends Pick<FileSigningSettings, 'level' | 'timestamper' | 'longTerm'> {
  readonly request: Omit<FileSigningSettings['request'], 'certificate' | 'chain' | 'scheme' | 'hash' | 'signerName'>
}

/** What cannot be right is said before any token is asked. @throws CliError argument-invalid, input-not-found, SigningError image-unreadable */
export async function planOf(options: SignOptions): Promise<SigningPlan> {
  const { level, tsa, trust } = options
  if (level !== 'B-B' && tsa === undefined) throw new CliError('argument-invalid', { name: '--tsa', reason: level })
  if ((level === 'B-LT' || level === 'B-LTA') && trust.length === 0)
    throw new CliError('argument-invalid', { name: '--trust', reason: level })
  return {
    level,
    // one for all files: it knows how much room its authority's answers take
    timestamper:
      tsa === undefined || level === 'B-B' ? null : createTimestamper({ url: tsa, timeout: 180_000, tries: 3 }),
    longTerm: level === 'B-LT' || level === 'B-LTA' ? await readLongTerm(options) : null,
    request: {
      fieldName: options.field,
      appearance: await appearanceOf(options),
      reason: options.reason ?? null,
      location: options.location ?? null,
      certification: certificationOf(options),
      lock: lockOf(options),
    },
  }
}

/** The visible mark; null where the options ask for none. @throws as `planOf` */
async function appearanceOf({ page, rect, image }: SignOptions): Promise<Appearance | null> {
  if (page === undefined && rect === undefined && image === undefined) return null
  const numbers = (rect ?? '').split(',').map(Number)
  const [x = 0, y = 0, width, height] = numbers
  if (
    numbers.length !== 4 ||
    numbers.some(n => !Number.isFinite(n)) ||
    !(width && width > 0) ||
    !(height && height > 0)
  )
    throw new CliError('argument-invalid', { name: '--rect', reason: rect ?? '' })
  if (image === undefined) throw new CliError('argument-invalid', { name: '--image', reason: '' })
  const number = Number(page ?? '1')
  if (!Number.isInteger(number) || number < 1)
    throw new CliError('argument-invalid', { name: '--page', reason: page ?? '' })
  const bytes = await readFile(image).catch((cause: unknown) => {
    throw new CliError('input-not-found', { path: image }, { cause })
  })
  await preparePicture(bytes, { width, height })
  return { page: number, rectangle: { x, y, width, height }, image: bytes }
}

export function certificationOf({ certify }: SignOptions): CertificationLevel | null {
  return certify === '1' ? 1 : certify === '2' ? 2 : certify === '3' ? 3 : null
}

/** @throws CliError argument-invalid */
export function lockOf({ lock }: SignOptions): FieldLock | null {
  if (lock === undefined) return null
  if (lock === 'all') return { kind: 'all' }
  const [, kind, names = ''] = /^(include|exclude):(.+)$/.exec(lock) ?? []
  const fields = names.split(',').map(each => each.trim())
  if ((kind !== 'include' && kind !== 'exclude') || fields.includes(''))
    throw new CliError('argument-invalid', { name: '--lock', reason: lock })
  return { kind, fields }
}
