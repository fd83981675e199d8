import type { Command } from 'commander'
import type { TokenInfo } from '../../native-signing/types.ts'
import { type PinOptions, readPin } from './pin.ts'

export interface TokenOptions extends PinOptions {
  readonly module?: string
  readonly token?: string
  readonly lastTry?: true
}

/** The options that choose a token and say where its PIN comes from. */
export function withTokenOptions(command: Command): Command {
  return command
    .option('--module <path>', 'PKCS#11 module; without it, those of the settings and the known ones found here')
    .option('--token <label>', 'label of the token, where several are plugged in')
    .option('--pin-env <name>', 'environment variable that holds the PIN')
    .option('--pin-file <path>', 'file whose first line is the PIN')
    .option('--last-try', 'yes, try the PIN although the token says that one more mistake locks it')
}

/** Asks for the PIN of the chosen token by name and with its tries; null where the reader asks itself. @throws CliError */
export async function pinFor(
  { token }: { readonly token: TokenInfo },
  options: PinOptions,
): Promise<Uint8Array | null> {
  if (token.pinPad) return null
  const warning = {
    ok: '',
    'count-low': ' (đã có lần nhập sai)',
    'final-try': ' (CHỈ CÒN MỘT LẦN THỬ)',
    locked: '',
    'not-set': '',
  }
  return readPin(options, `Mã PIN của «${token.label}»${warning[token.pinState]}: `)
}
