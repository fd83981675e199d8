import type { Command } from 'commander'
import { createStatusFetcher, type ExtendOptions } from '../../native-signing/index.ts'
import { ALLOW_PRIVATE, givenTrust } from './verify.ts'

export interface LongTermCommandOptions {
  readonly trust: readonly string[]
  readonly crl: readonly string[]
  readonly offline?: true
  readonly allowPrivate?: true
  readonly vri?: true
}

/** The options of everything that gathers validation data. */
export function withLongTermOptions(command: Command): Command {
  return command
    .option(
      '--trust <path>',
      'trusted certificates: a DER or PEM file, or a folder; may stand several times',
      collect,
      [],
    )
    .option('--crl <path>', 'revocation lists to use before asking for others: a file or a folder', collect, [])
    .option('--offline', 'ask nobody for revocation data: what is given must do')
    .option('--allow-private', ALLOW_PRIVATE)
    .option('--vri', 'note for each signature which data belong to it')
}

/** @throws CliError input-not-found, SigningError certificate-unreadable */
export async function readLongTerm(
  options: LongTermCommandOptions,
): Promise<Pick<ExtendOptions, 'trust' | 'fetcher' | 'perSignature'>> {
  const trust = await givenTrust(options)
  const fetcher = options.offline ? null : createStatusFetcher({ allowPrivate: options.allowPrivate ?? false })
  return { trust, fetcher, perSignature: options.vri ?? false }
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]
