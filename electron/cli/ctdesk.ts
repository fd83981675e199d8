import { enableCompileCache } from 'node:module'
import { Command, CommanderError, Option } from 'commander'
import type { Language } from '../messages.ts'
import { keepToOneself } from '../own-folder.ts'
import { type CommandContext, type CommandResult, EXIT, failure, printable } from './output.ts'

/** Runs a command's work and turns its result, or its error, into output and exit status. */
export type Run = (work: (context: CommandContext) => Promise<CommandResult>) => Promise<void>

enableCompileCache()

const program = new Command('ctdesk')
  .description('Bàn chứng thực bản sao điện tử — the certified-copy desk from a terminal')
  .addOption(new Option('--json', 'print one JSON object on stdout and nothing else there'))
  .addOption(
    new Option('--language <code>', 'language of messages').choices(['vi', 'en']).default('vi').env('CTDESK_LANGUAGE'),
  )
  .exitOverride()
  .showHelpAfterError('(ctdesk --help)')
  .configureOutput({ writeErr: text => process.stderr.write(text) })

const cancelled = new AbortController()
process.once('SIGINT', () => cancelled.abort())
process.once('SIGTERM', () => cancelled.abort())

const run: Run = async work => {
  const { json, language } = program.opts<{ json?: true; language: Language }>()
  const context: CommandContext = {
    language,
    signal: cancelled.signal,
    say: line => void process.stderr.write(`${printable(line)}\n`),
  }
  const result = await work(context).catch((error: unknown) => {
    if (process.env['CTDESK_DEBUG']) console.error(error)
    return failure(error, language)
  })
  process.exitCode = result.status
  // The JSON reads the same with its characters escaped.
  if (json) process.stdout.write(`${printable(JSON.stringify(result.data))}\n`)
  else {
    const out = result.status === EXIT.done ? process.stdout : process.stderr
    out.write(result.lines.map(line => `${printable(line)}\n`).join(''))
  }
}

/** Each command's own parts are loaded only when it is called: a quick command must not wait for another one's libraries. */
const commands: Readonly<Record<string, () => Promise<(program: Command, run: Run) => void>>> = {
  demo: async () => (await import('./demo.ts')).addDemo,
  token: async () => (await import('./token.ts')).addToken,
  scan: async () => (await import('./scan.ts')).addScan,
  compose: async () => (await import('./compose.ts')).addCompose,
  sign: async () => (await import('./sign.ts')).addSign,
  'sign-batch': async () => (await import('./sign.ts')).addSignBatch,
  verify: async () => (await import('./verify.ts')).addVerify,
  extend: async () => (await import('./extend.ts')).addExtend,
  certpath: async () => (await import('./certpath.ts')).addCertpath,
  office: async () => (await import('./office.ts')).addOffice,
  sandbox: async () => (await import('./sandbox.ts')).addSandbox,
}
const called = process.argv.slice(2).find(argument => Object.hasOwn(commands, argument))
/** They work on the person's own files: what they make has the rights that the person gives to new files, as with any other program. */
const onOwnFiles: readonly (string | undefined)[] = ['sign', 'sign-batch', 'extend', 'verify', 'certpath', 'token']
if (!onOwnFiles.includes(called)) keepToOneself()
for (const [name, load] of Object.entries(commands))
  if (called === undefined || called === name) (await load())(program, run)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
}
