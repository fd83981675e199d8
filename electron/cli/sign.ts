import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { Command } from 'commander'
import {
  chooseAlgorithm,
  lookAtPlace,
  type Overlap,
  SigningError,
  type TokenSession,
} from '../../native-signing/index.ts'
import { PdfDocument } from '../../native-signing/pdf/document.ts'
import { FileSource } from '../../native-signing/pdf/source.ts'
import { planField } from '../../native-signing/sign/field.ts'
import { planLocks } from '../../native-signing/sign/locks.ts'
import { openKeyFile } from '../../native-signing/token/index.ts'
import type { Certificate } from '../../native-signing/types.ts'
import { type ChosenToken, chooseSigner } from '../desk-tokens.ts'
import { certificatesInFile } from '../trust-files.ts'
import type { Run } from './ctdesk.ts'
import { readPassword, withDocumentPassword } from './document-password.ts'
import { CliError } from './errors.ts'
import { type CommandContext, type CommandResult, EXIT, failure, worstOf } from './output.ts'
import { givenPin, promptHidden, type Secret } from './pin.ts'
import { type FileSigningSettings, type FileToSign, signFiles } from './sign-files.ts'
import { planOf, type SigningPlan, type SignOptions, withSignOptions } from './sign-options.ts'
import { commandLineTokens } from './token.ts'
import { pinFor } from './token-options.ts'

/** `ctdesk sign`: one PDF, signed with a token. */
export function addSign(program: Command, run: Run): void {
  withSignOptions(program.command('sign').description('sign a PDF with a token'))
    .argument('<input>')
    .requiredOption('--out <file>', 'the signed file; must not exist')
    .action((input: string, options: SignOptions) =>
      run(async context => {
        const file = { input, output: resolve(options.out) }
        await stat(input).catch((cause: unknown) => {
          throw new CliError('input-not-found', { path: input }, { cause })
        })
        if (existsSync(file.output)) throw new SigningError('file-exists')
        const plan = await planOf(options)
        const { password, covers } = await withDocumentPassword(options, context, async password => ({
          password,
          covers: lookAt(input, plan, password),
        }))
        sayWhatIsCovered(covers, context)
        return await withSession(options, context, async (session, chosen) => {
          const settings = { ...settingsFor(plan, options, session, chosen), password, signal: context.signal }
          for await (const outcome of signFiles([file], session, settings)) {
            if (outcome.result === 'failed') throw outcome.error
            if (outcome.result === 'not-tried') throw new CliError('cancelled')
            return { status: EXIT.done, data: { ...outcome.data, out: options.out }, lines: [`✓ ${options.out}`] }
          }
          throw new TypeError('no outcome')
        })
      }),
    )
}

/**
 * What can be refused of a file, and said of the mark's place, before anybody is asked for a PIN.
 * @throws SigningError as `prepareSignature`
 */
function lookAt(input: string, { request }: SigningPlan, password: string | undefined): readonly Overlap[] {
  using source = new FileSource(input)
  const document = PdfDocument.open(source, password)
  planLocks(document, planField(document, request.fieldName, request.appearance), request)
  return request.appearance ? lookAtPlace(input, request.appearance, password).overlaps : []
}

/** A seal over a third of the signature is as it should be; over all of it, somebody has mistyped. */
function sayWhatIsCovered(overlaps: readonly Overlap[], { language, say }: CommandContext): void {
  for (const { field, covered } of overlaps) {
    const percent = Math.round(covered * 100)
    const what = field ? `«${field}»` : language === 'vi' ? 'một chú thích' : 'a comment'
    say(language === 'vi' ? `⚠ Dấu che ${percent}% của ${what}` : `⚠ The mark covers ${percent}% of ${what}`)
  }
}

/** `ctdesk sign-batch`: every PDF of a folder with one PIN. */
export function addSignBatch(program: Command, run: Run): void {
  withSignOptions(program.command('sign-batch').description('sign every PDF of a folder with one PIN'))
    .argument('<folder>')
    .requiredOption('--out <folder>', 'where the signed files go, under their own names')
    .action((folder: string, options: SignOptions) => run(context => signFolder(folder, options, context)))
}

async function signFolder(folder: string, options: SignOptions, context: CommandContext): Promise<CommandResult> {
  const names = (await readdir(folder)).filter(name => name.toLowerCase().endsWith('.pdf')).sort()
  const [first, ...more] = names
  if (first === undefined) throw new CliError('input-not-found', { path: join(folder, '*.pdf') })
  const fileOf = (name: string): FileToSign => ({ input: join(folder, name), output: resolve(options.out, name) })
  const plan = await planOf(options)
  const password = await readPassword(options)
  return withSession(options, context, async (session, chosen) => {
    const settings = { ...settingsFor(plan, options, session, chosen), password, signal: context.signal }
    const results: Readonly<Record<string, unknown>>[] = []
    const failures: CommandResult[] = []
    for await (const outcome of signFiles([fileOf(first), ...more.map(fileOf)], session, settings)) {
      const { file, result } = outcome
      const name = basename(file.input)
      if (result === 'not-tried') results.push({ file: name, result })
      if (result === 'done') {
        results.push({ ...outcome.data, result })
        context.say(`✓ ${name}`)
      }
      if (result === 'failed') {
        const failed = failure(outcome.error, context.language)
        failures.push(failed)
        results.push({ file: name, result, ...failed.data })
        context.say(`✗ ${name}: ${failed.lines.join(' ')}`)
      }
    }
    const count = (result: string) => results.filter(each => each['result'] === result).length
    const worst = worstOf(failures, count('not-tried'), context.language)
    const stopped = failures.length === 0 ? (worst?.lines ?? []) : []
    return {
      status: worst?.status ?? EXIT.done,
      data: { files: results, ...worst?.data },
      lines: [...stopped, `${count('done')}/${names.length} tệp đã ký`],
    }
  })
}

/** How every file of a command is signed. @throws SigningError mechanism-not-supported, algorithm-too-weak */
function settingsFor(
  { request, ...plan }: SigningPlan,
  { pss }: SignOptions,
  session: TokenSession,
  { certificate, chain }: ChosenToken,
): Omit<FileSigningSettings, 'password' | 'signal'> {
  const wanted = pss ? { scheme: 'RSA-PSS' as const } : {}
  const algorithm = chooseAlgorithm(certificate, session.schemes(certificate.sha256), new Date(), wanted)
  return { ...plan, request: { ...request, certificate, chain, ...algorithm, signerName: certificate.commonName } }
}

/** Chooses token and certificate, asks for the PIN once, and closes the session after. */
async function withSession(
  options: SignOptions,
  context: CommandContext,
  work: (session: TokenSession, chosen: ChosenToken) => Promise<CommandResult>,
): Promise<CommandResult> {
  using given = await givenPin(options)
  if (options.p12 !== undefined) return await withKeyFile(options, options.p12, given, context, work)
  await using tokens = commandLineTokens()
  const chosen = await tokens.findSigner({ ...options, ...(await certificateFileOf(options)) })
  const pin = await pinFor(chosen, given, context)
  await using session = await tokens.open(chosen, {
    pin,
    lastTryConfirmed: options.lastTry ?? false,
    keepPin: options.keepPin ?? false,
  })
  return await work(session, chosen)
}

async function certificateFileOf({
  certFile,
}: SignOptions): Promise<{ readonly certificates?: readonly Certificate[] }> {
  if (certFile === undefined) return {}
  const bytes = await readFile(certFile).catch((cause: unknown) => {
    throw new CliError('input-not-found', { path: certFile }, { cause })
  })
  return { certificates: certificatesInFile(bytes) }
}

/** The same with a key file: it is opened first, since its certificates lie behind its password. */
async function withKeyFile(
  options: SignOptions,
  path: string,
  given: Secret,
  { language, signal }: CommandContext,
  work: (session: TokenSession, chosen: ChosenToken) => Promise<CommandResult>,
): Promise<CommandResult> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new CliError('input-not-found', { path }, { cause })
  })
  const label = basename(path)
  const prompt = { vi: `Mật khẩu của «${label}»: `, en: `Password of “${label}”: ` }[language]
  await using session = await openKeyFile(bytes, given.bytes ?? (await promptHidden(prompt, signal)), label)
  return await work(session, chooseSigner([session.token], options.cert, new Date()))
}
