import type { TokenSession } from '../../native-signing/types.ts'
import { ApiError } from './errors.ts'

/** How long a token stays logged in while nobody signs, milliseconds. */
const IDLE = 10 * 60_000

interface Held {
  readonly key: string
  readonly session: TokenSession
  readonly idle: NodeJS.Timeout
}

/**
 * The one token that the person at a window has asked to keep logged in between two signings. No PIN is here: the token itself remembers
 * the login, and forgets it when it is pulled out.
 */
export class HeldToken {
  readonly #onFault: (error: unknown) => void
  #held: Held | null = null
  /** How often it was let go: a token lent out meanwhile is not taken back. */
  #releases = 0

  /** @param onFault a token could not be closed in order */
  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault
  }

  /** @param key who, which token, and which certificate */
  holds(key: string): boolean {
    return this.#held?.key === key
  }

  /**
   * Works with the held token, or with one that is opened for it. Afterwards it is held (again) where that was asked and the work ran to its
   * end; else it is closed.
   * @param open null: with the held one or not at all
   * @throws ApiError pin-not-held, where none is held and none is to be opened; those of `open`
   */
  async *use<News>(
    key: string,
    { open, hold }: { readonly open: (() => Promise<TokenSession>) | null; readonly hold: boolean },
    work: (session: TokenSession) => AsyncIterable<News>,
  ): AsyncGenerator<News> {
    const held = open ? null : this.#lend(key)
    await this.release()
    const releases = this.#releases
    const session = held ?? (await open?.())
    if (!session) throw new ApiError('pin-not-held')
    let whole = false
    try {
      yield* work(session)
      whole = true
    } finally {
      if (whole && (held !== null || hold) && releases === this.#releases) this.#hold(key, session)
      else await session.close()
    }
  }

  /** Closes what is held; what is lent out is closed when its work ends. */
  async release(): Promise<void> {
    this.#releases++
    const held = this.#held
    this.#held = null
    clearTimeout(held?.idle)
    await held?.session.close().catch(this.#onFault)
  }

  #lend(key: string): TokenSession | null {
    if (this.#held?.key !== key) return null
    const { session, idle } = this.#held
    clearTimeout(idle)
    this.#held = null
    return session
  }

  #hold(key: string, session: TokenSession): void {
    this.#held = { key, session, idle: setTimeout(() => void this.release(), IDLE).unref() }
  }
}
