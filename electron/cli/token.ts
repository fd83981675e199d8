import type { Command } from 'commander'
import { createDeskTokens } from '../desk-tokens.ts'
import type { Run } from './ctdesk.ts'
import { EXIT, failure } from './output.ts'

/** `ctdesk token list`: modules, slots, tokens, certificates and the PIN's state; asks for no PIN. */
export function addToken(program: Command, run: Run): void {
  program
    .command('token')
    .description('USB tokens')
    .command('list')
    .description('tokens with their certificates and the state of their PIN')
    .option('--module <path>', 'PKCS#11 module; without it, the known ones found here')
    .action((options: { module?: string }) =>
      run(async ({ language }) => {
        const seen = await commandLineTokens().list(options)
        return {
          status: EXIT.done,
          data: {
            tokens: seen.map(each =>
              'error' in each
                ? { module: each.module, ...failure(each.error, language).data }
                : {
                    ...each,
                    certificates: each.certificates.map(({ der: _, ...certificate }) => certificate),
                  },
            ),
          },
          lines: seen.flatMap(each =>
            'error' in each
              ? [each.module, ...failure(each.error, language).lines]
              : [
                  `${each.label}  (${each.manufacturer} ${each.model}, số ${each.serialNumber}, PIN: ${each.pinState})`,
                  ...each.certificates.map(
                    c =>
                      `  ${c.commonName}  ${c.notBefore.toISOString().slice(0, 10)} – ${c.notAfter.toISOString().slice(0, 10)}  ${c.sha256}`,
                  ),
                ],
          ),
        }
      }),
    )
}

/** Tokens without an office: what the command line's `sign` and `token list` use. */
export const commandLineTokens = () =>
  createDeskTokens({ modules: [], trust: { trustAnchors: [] }, clock: () => new Date() })
