import type { Command } from 'commander'
import type { PinState, TokenInfo } from '../../native-signing/types.ts'
import type { Language } from '../messages.ts'
import type { CommandContext } from './output.ts'
import { type PinOptions, promptHidden, type Secret } from './pin.ts'

export interface TokenOptions extends PinOptions {
  readonly module?: string
  readonly token?: string
  readonly lastTry?: true
  readonly keepPin?: true
}

/** The options that choose a token and say where its PIN comes from. */
export function withLoginOptions(command: Command): Command {
  return command
    .option('--module <path>', 'PKCS#11 module; without it, those of the settings and the known ones found here')
    .option('--token <label>', 'label of the token, where several are plugged in')
    .option('--pin-env <name>', 'environment variable that holds the PIN')
    .option('--pin-file <path>', 'file whose first line is the PIN')
    .option('--last-try', 'yes, try the PIN although the token says that one more mistake locks it')
}

/** The same for signing, which may last. */
export function withTokenOptions(command: Command): Command {
  return withLoginOptions(command).option(
    '--keep-pin',
    'where the token forgets its login (sleep, a loose plug): log in once more with the same PIN',
  )
}

/** What is known of the tries left, in plain words. */
export const pinWords: Readonly<Record<Language, Readonly<Record<PinState, string>>>> = {
  vi: {
    ok: 'không có lần nhập sai nào',
    'count-low': 'đã có lần nhập sai',
    'final-try': 'CHỈ CÒN MỘT LẦN THỬ',
    locked: 'ĐÃ BỊ KHÓA',
    'not-set': 'chưa đặt',
  },
  en: {
    ok: 'no wrong PIN so far',
    'count-low': 'entered wrongly before',
    'final-try': 'ONE TRY LEFT',
    locked: 'LOCKED',
    'not-set': 'not set',
  },
}

/** The PIN given, else asked for by the token's name and with its tries; null where the reader asks itself. @throws CliError */
export async function pinFor(
  { token }: { readonly token: TokenInfo },
  given: Secret,
  { language, signal }: CommandContext,
): Promise<Uint8Array | null> {
  if (token.pinPad) return null
  const warning = token.pinState === 'ok' ? '' : ` (${pinWords[language][token.pinState]})`
  const prompt = { vi: `Mã PIN của «${token.label}»`, en: `PIN of “${token.label}”` }[language]
  return given.bytes ?? promptHidden(`${prompt}${warning}: `, signal)
}
