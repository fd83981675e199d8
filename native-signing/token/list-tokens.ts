import { SigningError } from '../errors.ts'
import type { TokenInfo } from '../types.ts'
import { readableCertificates } from './certificate.ts'
import { type ModuleHost, usualDeadlines } from './host.ts'
import { answerSchemas, type RawToken } from './messages.ts'
import { pinState, tokenFlag } from './pin.ts'
import type { PinAttempts } from './pin-attempts.ts'
import { type ModuleRunning, type WarmModules, warmModules } from './warm-modules.ts'

/** How modules are run and their PINs counted; everything may be left out. */
export interface ModuleOptions extends ModuleRunning {
  /** Counts failed logins for tokens that do not tell; without it the token's own flags are all that is known. */
  readonly attempts?: PinAttempts | undefined
  /** Processes to go on with; without it the modules are started and ended by the call. */
  readonly warm?: WarmModules | undefined
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
  if (options.warm) return listWarm(options.modules, options.warm, options)
  await using warm = warmModules(options)
  return await listWarm(options.modules, warm, options)
}

async function listWarm(
  modules: readonly string[],
  warm: WarmModules,
  options: ModuleOptions,
): Promise<readonly (TokenInfo | ModuleFailure)[]> {
  const lists = await Promise.all(
    modules.map(async module => {
      try {
        return await warm.use(module, host => readTokens(host, module, options))
      } catch (error) {
        if (error instanceof SigningError) return [{ module, error }]
        throw error
      }
    }),
  )
  return lists.flat()
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
