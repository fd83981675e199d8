import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { createTimestamper, extendPdf } from '../../native-signing/index.ts'
import type { Run } from './ctdesk.ts'
import { type PasswordOptions, withDocumentPassword, withPasswordOptions } from './document-password.ts'
import { type LongTermCommandOptions, readLongTerm, withLongTermOptions } from './long-term-options.ts'
import { EXIT } from './output.ts'

interface ExtendCommandOptions extends LongTermCommandOptions, PasswordOptions {
  readonly out: string
  readonly level: 'B-T' | 'B-LT' | 'B-LTA'
  readonly tsa?: string
}

/** `ctdesk extend`: signatures that can be verified longer, up to renewing the archive time-stamp. */
export function addExtend(program: Command, run: Run): void {
  withPasswordOptions(withLongTermOptions(program.command('extend')))
    .description('lift the signatures of a PDF to a level, or renew its archive time-stamp')
    .argument('<input>')
    .requiredOption('--out <file>', 'the extended file; must not exist')
    .addOption(new Option('--level <level>').choices(['B-T', 'B-LT', 'B-LTA']).default('B-LTA'))
    .option('--tsa <url>', 'time-stamp authority (RFC 3161); needed for B-LTA, and for signatures without a time-stamp')
    .action((input: string, options: ExtendCommandOptions) =>
      run(async context => {
        const { level, tsa } = options
        const longTerm = await readLongTerm(options)
        const output = resolve(options.out)
        await mkdir(dirname(output), { recursive: true })
        const timestamper = tsa === undefined ? null : createTimestamper({ url: tsa, timeout: 180_000, tries: 3 })
        const { bytes, sha256, added, report } = await withDocumentPassword(options, context, password =>
          extendPdf(input, { ...longTerm, level, timestamper, output, password, signal: context.signal }),
        )
        const signatures = report.signatures.map(({ field, kind, level, provenTime, indication }) => ({
          field,
          kind,
          level,
          provenTime,
          indication,
        }))
        return {
          status: EXIT.done,
          data: { file: input, out: options.out, bytes, sha256, level, added, signatures },
          lines: [
            `✓ ${options.out}`,
            ...signatures.map(each => `  ${each.field}  ${each.level ?? each.kind}  ${each.indication}`),
          ],
        }
      }),
    )
}
