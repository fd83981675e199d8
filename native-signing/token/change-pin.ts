import { SigningError } from '../errors.ts'
import { usualDeadlines } from './host.ts'
import { type ModuleOptions, readTokens } from './list-tokens.ts'
import { countRefusal, forgetRefusals, type LoginOptions, logIn } from './log-in.ts'
import { answerSchemas } from './messages.ts'
import { checkBeforeLogin, checkNewPin } from './pin.ts'
import { selectToken, type TokenSelection } from './selection.ts'
import { warmModules } from './warm-modules.ts'

export interface ChangePinOptions extends ModuleOptions, TokenSelection, LoginOptions {
  readonly module: string
  /** The old PIN. It and the new one are UTF-8, wiped by this call; both null: they are typed on the reader. */
  readonly pin: Uint8Array | null
  readonly newPin: Uint8Array | null
}

/**
 * Gives a token a new PIN: a login with the old one, at most once, then C_SetPIN in the same session, which ends with its process.
 * @throws SigningError pin-new-length, pin-new-characters, pin-new-same (before any try is spent), pin-new-refused (by the token's own
 *   rules), pin-change-not-supported, and those of `openToken`
 */
export async function changePin(options: ChangePinOptions): Promise<void> {
  const { module, pin, newPin, attempts, warm = warmModules(options) } = options
  try {
    const { host, seen } = await warm.take(module, started => readTokens(started, module, options))
    try {
      const token = selectToken(seen, options)
      checkBeforeLogin(token, pin, options.lastTryConfirmed ?? false)
      if (!token.pinPad || pin || newPin) checkNewPin(token, pin ?? new Uint8Array(), newPin ?? new Uint8Array())
      await logIn(host, token, { ...options, writable: true, keepPin: true })
      const deadlines = { ...usualDeadlines, ...options.deadlines }
      const deadline = token.pinPad ? deadlines.pinPad : deadlines.changePin
      try {
        await host.ask({ call: 'change-pin', newPin }, answerSchemas['change-pin'], deadline)
      } catch (error) {
        // Where the login was another program's, the old PIN is judged only here.
        if (error instanceof SigningError && error.code === 'pin-incorrect') countRefusal(token, attempts)
        throw error
      }
      forgetRefusals(token, attempts)
    } finally {
      await host.close()
    }
  } finally {
    pin?.fill(0)
    newPin?.fill(0)
  }
}
