import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { createStatusFetcher, createTimestamper, extendPdf } from '../../native-signing/index.ts'
import { readTrust } from '../signing-parts.ts'
import type { Run } from './ctdesk.ts'
import { EXIT } from './output.ts'
import { filesOf } from './verify.ts'

interface ExtendCommandOptions {
  readonly out: string
  readonly level: 'B-T' | 'B-LT' | 'B-LTA'
  readonly tsa?: string
  readonly trust: readonly string[]
  readonly crl: readonly string[]
  readonly offline?: true
  readonly vri?: true
}

/** `ctdesk extend`: signatures that can be verified longer, up to renewing the archive time-stamp. */
export function addExtend(program: Command, run: Run): void {
  program
    .command('extend')
    .description('lift the signatures of a PDF to a level, or renew its archive time-stamp')
    .argument('<input>')
    .requiredOption('--out <file>', 'the extended file; must not exist')
    .addOption(new Option('--level <level>').choices(['B-T', 'B-LT', 'B-LTA']).default('B-LTA'))
    .option('--tsa <url>', 'time-stamp authority (RFC 3161); needed for B-LTA, and for signatures without a time-stamp')
    .option(
      '--trust <path>',
      'trusted certificates: a DER or PEM file, or a folder; may stand several times',
      collect,
      [],
    )
    .option('--crl <path>', 'revocation lists to use before asking for others: a file or a folder', collect, [])
    .option('--offline', 'ask nobody for revocation data: what is given must do')
    .option('--vri', 'note for each signature which data belong to it')
    .action((input: string, options: ExtendCommandOptions) =>
      run(async ({ signal }) => {
        const { level, tsa } = options
        const trust = await readTrust('.', {
          anchors: await filesOf(options.trust),
          intermediates: [],
          revocationLists: await filesOf(options.crl),
        })
        const output = resolve(options.out)
        await mkdir(dirname(output), { recursive: true })
        const { bytes, sha256, added, report } = await extendPdf(input, {
          level,
          timestamper: tsa === undefined ? null : createTimestamper({ url: tsa, timeout: 180_000, tries: 3 }),
          trust,
          fetcher: options.offline ? null : createStatusFetcher(),
          output,
          perSignature: options.vri ?? false,
          signal,
        })
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

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]
