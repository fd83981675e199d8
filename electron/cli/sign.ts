import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { isTokenFault, SigningError } from '../../native-signing/errors.ts'
import { completeSignature, createTimestamper, prepareSignature, signWithToken } from '../../native-signing/index.ts'
import { openKeyFile } from '../../native-signing/token/index.ts'
import type { Appearance, TokenSession } from '../../native-signing/types.ts'
import { type ChosenToken, chooseSigner } from '../desk-tokens.ts'
import type { Run } from './ctdesk.ts'
import { CliError } from './errors.ts'
import { type CommandContext, type CommandResult, EXIT, failure } from './output.ts'
import { readPin } from './pin.ts'
import { commandLineTokens } from './token.ts'
import { pinFor, type TokenOptions, withTokenOptions } from './token-options.ts'

interface SignOptions extends TokenOptions {
  readonly out: string
  readonly cert?: string
  readonly p12?: string
  readonly level: 'B-B' | 'B-T'
  readonly tsa?: string
  readonly field: string
  readonly page?: string
  readonly rect?: string
  readonly image?: string
  readonly reason?: string
  readonly location?: string
  readonly pss?: true
}

/** `ctdesk sign`: one PDF, signed with a token. */
export function addSign(program: Command, run: Run): void {
  withSignOptions(program.command('sign').description('sign a PDF with a token'))
    .argument('<input>')
    .requiredOption('--out <file>', 'the signed file; must not exist')
    .action((input: string, options: SignOptions) =>
      run(context =>
        withSession(options, async (session, chosen) => {
          const data = await signOne(input, options.out, options, session, chosen, context)
          return { status: EXIT.done, data, lines: [`✓ ${options.out}`] }
        }),
      ),
    )
}

/** `ctdesk sign-batch`: every PDF of a folder with one PIN. */
export function addSignBatch(program: Command, run: Run): void {
  withSignOptions(program.command('sign-batch').description('sign every PDF of a folder with one PIN'))
    .argument('<folder>')
    .requiredOption('--out <folder>', 'where the signed files go, under their own names')
    .action((folder: string, options: SignOptions) => run(context => signFolder(folder, options, context)))
}

function withSignOptions(command: Command): Command {
  return withTokenOptions(command)
    .option('--p12 <file>', 'a key file (PKCS#12) in place of a token; its password is asked as the PIN is')
    .option('--cert <sha256>', 'certificate, where the token has several')
    .addOption(new Option('--level <level>').choices(['B-B', 'B-T']).default('B-T'))
    .option('--tsa <url>', 'time-stamp authority (RFC 3161), needed for B-T')
    .option('--field <name>', 'signature field; an empty one of this name is used, else one is made', 'Signature')
    .option('--page <n>', 'page of the visible mark, from 1')
    .option('--rect <x,y,width,height>', 'place of the visible mark, points from the lower left corner')
    .option('--image <png>', 'picture of the visible mark')
    .option('--reason <text>')
    .option('--location <text>')
    .option('--pss', 'RSASSA-PSS, where the token can')
}

async function signFolder(folder: string, options: SignOptions, context: CommandContext): Promise<CommandResult> {
  const names = (await readdir(folder)).filter(name => name.toLowerCase().endsWith('.pdf')).sort()
  if (names.length === 0) throw new CliError('input-not-found', { path: join(folder, '*.pdf') })
  await mkdir(options.out, { recursive: true })
  return withSession(options, async (session, chosen) => {
    const results: Readonly<Record<string, unknown>>[] = []
    let worst: CommandResult | null = null
    for (const name of names) {
      if (context.signal.aborted || isTokenFault(worst?.data['cause'])) {
        results.push({ file: name, result: 'not-tried' })
        continue
      }
      try {
        const data = await signOne(join(folder, name), join(options.out, name), options, session, chosen, context)
        results.push({ ...data, result: 'done' })
        context.say(`✓ ${name}`)
      } catch (error) {
        const failed = failure(error, context.language)
        worst = { ...failed, data: { ...failed.data, cause: error } }
        results.push({ file: name, result: 'failed', ...failed.data })
        context.say(`✗ ${name}: ${failed.lines.join(' ')}`)
      }
    }
    const done = results.filter(result => result['result'] === 'done').length
    return {
      status: worst?.status ?? EXIT.done,
      data: { files: results, ...(worst ? { error: worst.data['error'] } : {}) },
      lines: [`${done}/${names.length} tệp đã ký`],
    }
  })
}

/** Chooses token and certificate, asks for the PIN once, and closes the session after. */
async function withSession(
  options: SignOptions,
  work: (session: TokenSession, chosen: ChosenToken) => Promise<CommandResult>,
): Promise<CommandResult> {
  if (options.level === 'B-T' && options.tsa === undefined)
    throw new CliError('argument-invalid', { name: '--tsa', reason: 'B-T' })
  if (options.p12 !== undefined) return withKeyFile(options, options.p12, work)
  await using tokens = commandLineTokens()
  const chosen = await tokens.findSigner(options)
  const pin = await pinFor(chosen, options)
  await using session = await tokens.open(chosen, { pin, lastTryConfirmed: options.lastTry ?? false })
  return await work(session, chosen)
}

/** The same with a key file: it is opened first, since its certificates lie behind its password. */
async function withKeyFile(
  options: SignOptions,
  path: string,
  work: (session: TokenSession, chosen: ChosenToken) => Promise<CommandResult>,
): Promise<CommandResult> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CliError('input-not-found', { path }, { cause })
  })
  await using session = openKeyFile(bytes, await readPin(options, `Mật khẩu của «${basename(path)}»: `), basename(path))
  return await work(session, chooseSigner([session.token], options.cert, new Date()))
}

async function signOne(
  input: string,
  output: string,
  options: SignOptions,
  session: TokenSession,
  { certificate, chain }: ChosenToken,
  context: CommandContext,
): Promise<Readonly<Record<string, unknown>>> {
  const schemes = session.schemes(certificate.sha256)
  const scheme = options.pss ? schemes.find(s => s === 'RSA-PSS') : schemes[0]
  if (!scheme) throw new SigningError('mechanism-not-supported', { mechanism: options.pss ? 'RSA-PSS' : '' })
  await stat(input).catch((cause: unknown) => {
    throw new CliError('input-not-found', { path: input }, { cause })
  })
  const target = resolve(output)
  await mkdir(dirname(target), { recursive: true })
  const folder = await mkdtemp(join(dirname(target), '.ctdesk-sign-'))
  try {
    const prepared = await prepareSignature(
      input,
      {
        certificate,
        chain,
        scheme,
        hash: 'SHA-256',
        fieldName: options.field,
        appearance: await appearanceOf(options),
        signingTime: new Date(),
        reason: options.reason ?? null,
        location: options.location ?? null,
        signerName: certificate.commonName,
      },
      { workFile: join(folder, 'work.pdf') },
    )
    const value = await signWithToken(prepared, session)
    const timestamper =
      options.tsa === undefined ? null : createTimestamper({ url: options.tsa, timeout: 180_000, tries: 3 })
    const signed = await completeSignature(prepared, value, {
      timestamper: options.level === 'B-T' ? timestamper : null,
      trust: null,
      output: target,
      signal: context.signal,
    })
    return { file: input, out: output, bytes: signed.bytes, sha256: signed.sha256, level: options.level }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The visible mark; null where the options ask for none. @throws CliError argument-invalid */
async function appearanceOf(options: SignOptions): Promise<Appearance | null> {
  if (options.page === undefined && options.rect === undefined && options.image === undefined) return null
  const numbers = (options.rect ?? '').split(',').map(Number)
  const [x, y, width, height] = numbers
  if (numbers.length !== 4 || numbers.some(n => !Number.isFinite(n)) || !width || !height)
    throw new CliError('argument-invalid', { name: '--rect', reason: options.rect ?? '' })
  if (options.image === undefined) throw new CliError('argument-invalid', { name: '--image', reason: '' })
  const page = Number(options.page ?? '1')
  if (!Number.isInteger(page) || page < 1)
    throw new CliError('argument-invalid', { name: '--page', reason: options.page ?? '' })
  return { page, rectangle: { x: x ?? 0, y: y ?? 0, width, height }, image: await readFile(options.image) }
}
