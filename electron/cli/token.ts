import { join } from 'node:path'
import type { Command } from 'commander'
import { SigningError } from '../../native-signing/errors.ts'
import { filePinAttempts, single } from '../../native-signing/token/index.ts'
import type { Certificate, TokenInfo } from '../../native-signing/types.ts'
import { createDeskTokens, type DeskTokens, type TokenChoice } from '../desk-tokens.ts'
import type { Run } from './ctdesk.ts'
import { CliError } from './errors.ts'
import { stateFolder } from './folders.ts'
import { type CommandContext, type CommandResult, EXIT, failure } from './output.ts'
import { givenPin, promptHidden, type Secret, secret } from './pin.ts'
import { pinFor, pinWords, type TokenOptions, withLoginOptions } from './token-options.ts'

/** `ctdesk token list` asks for no PIN; `ctdesk token pin` changes one. */
export function addToken(program: Command, run: Run): void {
  const command = program.command('token').description('USB tokens')
  command
    .command('list')
    .description('tokens with their certificates and the state of their PIN')
    .option('--module <path>', 'PKCS#11 module; without it, the known ones found here')
    .action((options: { module?: string }) => run(context => list(options, context)))
  withLoginOptions(command.command('pin').description('changes the PIN of a token'))
    .option('--new-pin-env <name>', 'environment variable that holds the new PIN')
    .option('--new-pin-file <path>', 'file whose first line is the new PIN')
    .action((options: PinChangeOptions) => run(context => changePin(options, context)))
}

interface PinChangeOptions extends TokenOptions {
  readonly newPinEnv?: string
  readonly newPinFile?: string
}

async function list(choice: TokenChoice, { language }: CommandContext): Promise<CommandResult> {
  await using tokens = commandLineTokens()
  const seen = await tokens.list(choice)
  return {
    status: EXIT.done,
    data: {
      tokens: seen.map(each =>
        'error' in each
          ? { module: each.module, ...failure(each.error, language).data }
          : {
              ...each,
              certificates: each.certificates.map(({ der, ...certificate }) => ({
                ...certificate,
                problem: problemOf(tokens, { der, ...certificate }, each)?.code ?? null,
              })),
            },
      ),
    },
    lines: seen.flatMap(each => {
      if ('error' in each) return [each.module, ...failure(each.error, language).lines]
      const maker = tokens.issuerOf(each.module) ?? each.manufacturer
      return [
        `${each.label}  (${maker}, ${each.model}, số ${each.serialNumber})  PIN: ${pinWords[language][each.pinState]}`,
        ...each.certificates.map(certificate => {
          const problem = problemOf(tokens, certificate, each)
          const days = [certificate.notBefore, certificate.notAfter]
            .map(at => at.toISOString().slice(0, 10))
            .join(' – ')
          const why = problem ? failure(problem, language).lines[0] : ''
          return `  ${certificate.commonName}  ${days}  ${certificate.sha256}  ${why}`.trimEnd()
        }),
      ]
    }),
  }
}

/** Why a certificate cannot sign. Trust is an office's matter: here nobody's certificates are trusted, and nobody is blamed for it. */
function problemOf(tokens: DeskTokens, certificate: Certificate, token: TokenInfo): SigningError | null {
  const { problem } = tokens.judge(certificate, token)
  return problem?.code === 'certificate-untrusted' ? null : problem
}

async function changePin(options: PinChangeOptions, context: CommandContext): Promise<CommandResult> {
  using given = await givenPin(options)
  using givenNew = await givenPin({ pinEnv: options.newPinEnv, pinFile: options.newPinFile })
  await using tokens = commandLineTokens()
  const token = await theToken(tokens, options)
  const limits = tokens.newPinLimits(token)
  if (!limits) throw new SigningError('pin-change-not-supported')
  using pin = secret(await pinFor({ token }, given, context))
  const newPin = token.pinPad ? null : await newPinFor(givenNew, limits, context)
  await tokens.changePin(token, {
    pin: pin.bytes,
    newPin,
    lastTryConfirmed: options.lastTry ?? false,
  })
  const { label, serialNumber } = token
  return { status: EXIT.done, data: { token: { label, serialNumber } }, lines: [`✓ ${label}: đã đổi mã PIN`] }
}

/** The one token that is meant. @throws SigningError no-token, several-tokens, or why its module could not be asked */
async function theToken(tokens: DeskTokens, options: PinChangeOptions): Promise<TokenInfo> {
  const seen = await tokens.list(options)
  const named = seen
    .filter(each => 'slotId' in each)
    .filter(each => options.token === undefined || each.label === options.token)
  const fault = seen.find(each => 'error' in each)
  if (named.length === 0 && fault) throw fault.error
  return single(named)
}

/** From the named place, else typed twice. @throws CliError pin-prompt-impossible, cancelled, new-pin-differs */
async function newPinFor(
  given: Secret,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
  { language, signal }: CommandContext,
): Promise<Uint8Array> {
  if (given.bytes) return given.bytes
  const prompts = {
    vi: [`Mã PIN mới (${minimum}–${maximum} ký tự): `, 'Nhập lại mã PIN mới: '],
    en: [`New PIN (${minimum}–${maximum} characters): `, 'The new PIN again: '],
  } as const
  const [first, again] = prompts[language]
  const typed = await promptHidden(first, signal)
  try {
    const repeated = await promptHidden(again, signal)
    const isSame = Buffer.from(typed).equals(repeated)
    repeated.fill(0)
    if (!isSame) throw new CliError('new-pin-differs')
    return typed
  } catch (error) {
    typed.fill(0)
    throw error
  }
}

/** Tokens without an office: what the command line's `sign` and `token` use. Wrong PINs are counted over all calls: most tokens do not tell. */
export const commandLineTokens = () =>
  createDeskTokens({
    modules: [],
    anyModule: true,
    trust: { trustAnchors: [] },
    clock: () => new Date(),
    attempts: filePinAttempts(join(stateFolder(), 'pin-attempts.json')),
  })
