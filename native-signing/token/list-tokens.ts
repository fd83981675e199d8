import { resolve } from 'node:path'
import { SigningError } from '../errors.ts'
import type { TokenInfo } from '../types.ts'
import { readableCertificates } from './certificate.ts'
import { type Deadlines, type LaunchModuleProcess, type ModuleHost, startModuleHost, usualDeadlines } from './host.ts'
import { answerSchemas, type RawToken } from './messages.ts'
import { checkModuleFile } from './module-file.ts'
import { pinState, tokenFlag } from './pin.ts'
import type { PinAttempts } from './pin-attempts.ts'

/** How modules are run; everything may be left out. */
export interface ModuleOptions {
  readonly launch?: LaunchModuleProcess | undefined
  /** Added to the environment of the module's process. */
  readonly environment?: Readonly<Record<string, string>> | undefined
  readonly deadlines?: Partial<Deadlines> | undefined
  /** Counts failed logins for tokens that do not tell; without it the token's own flags are all that is known. */
  readonly attempts?: PinAttempts | undefined
}

/** A module that could not be asked; the others are listed all the same. */
export interface ModuleFailure {
  readonly module: string
  readonly error: SigningError
}

/**
 * All tokens of these modules with the certificates they show, without any PIN. Each module runs in a process of its own, so one that hangs
 * or crashes spoils only its own line.
 */
export async function listTokens(
  options: ModuleOptions & { readonly modules: readonly string[] },
): Promise<readonly (TokenInfo | ModuleFailure)[]> {
  const lists = await Promise.all(
    options.modules.map(async module => {
      try {
        return await withModule(module, options, host => readTokens(host, module, options))
      } catch (error) {
        if (error instanceof SigningError) return [{ module, error }]
        throw error
      }
    }),
  )
  return lists.flat()
}

async function withModule<Result>(
  module: string,
  options: ModuleOptions,
  work: (host: ModuleHost) => Promise<Result>,
): Promise<Result> {
  const host = await startChecked(module, options)
  try {
    return await work(host)
  } finally {
    await host.close()
  }
}

/** Starts a module's process after a look at its file. @throws SigningError module-not-found and those of `startModuleHost` */
export async function startChecked(module: string, options: ModuleOptions): Promise<ModuleHost> {
  const path = resolve(module)
  checkModuleFile(path)
  return startModuleHost({ ...options, module: path })
}

/** The tokens that a running module sees now. */
export async function readTokens(
  host: ModuleHost,
  module: string,
  { deadlines, attempts }: ModuleOptions,
): Promise<readonly TokenInfo[]> {
  const tokens = await host.ask({ call: 'list' }, answerSchemas.list, deadlines?.list ?? usualDeadlines.list)
  return tokens.map(token => tokenInfo(token, module, attempts?.failures(attemptsKey(token)) ?? 0))
}

/** What failed logins are counted under: the same through every module that reaches the token. */
export const attemptsKey = (token: Pick<TokenInfo, 'serialNumber' | 'label'>): string =>
  token.serialNumber || token.label

function tokenInfo(token: RawToken, module: string, failures: number): TokenInfo {
  const { flags, certificates, ...rest } = token
  return {
    ...rest,
    module,
    pinState: pinState(flags, failures),
    pinPad: (flags & tokenFlag.protectedAuthenticationPath) !== 0,
    certificates: readableCertificates(certificates),
  }
}
