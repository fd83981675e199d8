import { Command, CommanderError, Option } from 'commander'
import type { Language } from '../messages.ts'
import { addCompose } from './compose.ts'
import { addDemo } from './demo.ts'
import { addOffice } from './office.ts'
import { type CommandContext, type CommandResult, EXIT, failure } from './output.ts'
import { addSandbox } from './sandbox.ts'
import { addScan } from './scan.ts'
import { addSign } from './sign.ts'
import { addToken } from './token.ts'
import { addVerify } from './verify.ts'

/** Runs a command's work and turns its result, or its error, into output and exit status. */
export type Run = (work: (context: CommandContext) => Promise<CommandResult>) => Promise<void>

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
    say: line => void process.stderr.write(`${line}\n`),
  }
  const result = await work(context).catch((error: unknown) => {
    if (process.env['CTDESK_DEBUG']) console.error(error)
    return failure(error, language)
  })
  process.exitCode = result.status
  if (json) process.stdout.write(`${JSON.stringify(result.data)}\n`)
  else (result.status === EXIT.done ? process.stdout : process.stderr).write(result.lines.map(l => `${l}\n`).join(''))
}

for (const add of [addDemo, addToken, addScan, addCompose, addSign, addVerify, addOffice, addSandbox]) add(program, run)

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
}
