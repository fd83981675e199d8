import { randomUUID } from 'node:crypto'
import { type Call, Refusal } from './reply.ts'

/** Bearer tokens of one service. Kept in memory: a portal that was started again knows no old token. */
export class Tokens {
  readonly #clock: () => Date
  readonly #lifetimeSeconds: number
  readonly #ends = new Map<string, number>()

  constructor(clock: () => Date, lifetimeSeconds: number) {
    this.#clock = clock
    this.#lifetimeSeconds = lifetimeSeconds
  }

  issue(): { readonly token: string; readonly seconds: number } {
    const token = randomUUID()
    this.#ends.set(token, this.#clock().getTime() + this.#lifetimeSeconds * 1000)
    return { token, seconds: this.#lifetimeSeconds }
  }

  /** @throws Refusal 401 */
  check(call: Call): void {
    const header = call.headers['authorization']
    const token = typeof header === 'string' ? header.replace(/^Bearer /, '') : ''
    const end = this.#ends.get(token)
    if (end === undefined || end <= this.#clock().getTime())
      throw new Refusal(401, 'Token không hợp lệ hoặc đã hết hạn')
  }

  forgetAll(): void {
    this.#ends.clear()
  }
}
