import type { Checkpoint, DeliveryReceipt } from './adapter.ts'
import type { Upload } from './dossier-fields.ts'
import { PortalError, type PortalErrorCode } from './errors.ts'

type Step = 'create' | 'progress' | 'status' | 'cancel'
type Key = 'maHoSo' | 'idTepTin' | 'hashTepTin' | 'sha256' | 'sent' | 'sentAt' | 'confirmedAt' | 'toldAt'

/** Answers after which it is certain that the portal did not do what was asked. */
const NOT_DONE: ReadonlySet<PortalErrorCode> = new Set([
  'portal-unreachable',
  'portal-certificate-untrusted',
  'portal-login-failed',
  'portal-refused',
  'portal-duplicate',
])

/** The checkpoint and the rules for using it. */
export class DeliveryMemory {
  #state: Checkpoint
  readonly #save: (checkpoint: Checkpoint) => Promise<void>
  readonly #clock: () => Date
  readonly #settleMilliseconds: number

  constructor(
    checkpoint: Checkpoint,
    save: (checkpoint: Checkpoint) => Promise<void>,
    clock: () => Date,
    settleMilliseconds: number,
  ) {
    this.#state = checkpoint
    this.#save = save
    this.#clock = clock
    this.#settleMilliseconds = settleMilliseconds
  }

  get(key: Key): string | undefined
  get(key: Key, otherwise: string): string
  get(key: Key, otherwise?: string): string | undefined {
    return this.#state[key] ?? otherwise
  }

  async keepAll(entries: Readonly<Partial<Record<Key, string>>>): Promise<void> {
    this.#state = { ...this.#state, ...entries }
    await this.#save(this.#state)
  }

  async keep(key: Key, value: string): Promise<string> {
    await this.keepAll({ [key]: value })
    return value
  }

  async forget(...keys: readonly Key[]): Promise<void> {
    this.#state = Object.fromEntries(Object.entries(this.#state).filter(([key]) => !keys.some(k => k === key)))
    await this.#save(this.#state)
  }

  /**
   * Sends what the portal must not get twice. The caller has just seen that it is not done; if it was sent before without an answer, the
   * portal may still be at it, so it is sent again only after the time to settle.
   * @throws PortalError portal-settling, and what `send` throws
   */
  async once<T>(step: Step, send: () => Promise<T>): Promise<T> {
    const settling = this.get('sent') === step ? await this.settling() : null
    if (settling) throw settling
    await this.keepAll({ sent: step, sentAt: this.#clock().toISOString() })
    let answer: T
    try {
      answer = await send()
    } catch (error) {
      if (error instanceof PortalError && NOT_DONE.has(error.code)) await this.forget('sent', 'sentAt')
      throw error
    }
    await this.forget('sent', 'sentAt')
    return answer
  }

  /** While the portal may still be at what was sent last without an answer: portal-settling, to be thrown. */
  async settling(): Promise<PortalError | null> {
    const now = this.#clock().getTime()
    const sentAt = Date.parse(this.get('sentAt', ''))
    if (Number.isNaN(sentAt)) return null
    // A clock set back must not make the wait longer than it is.
    if (sentAt > now) await this.keep('sentAt', new Date(now).toISOString())
    const left = this.#settleMilliseconds - (now - Math.min(sentAt, now))
    const step = this.get('sent', '')
    return left > 0 ? new PortalError('portal-settling', { step, seconds: Math.ceil(left / 1000) }) : null
  }

  /** The file as the portal has taken it. */
  upload(): Upload | null {
    const id = this.get('idTepTin')
    const hash = this.get('hashTepTin')
    return id && hash ? { id, hash } : null
  }

  /** When the whole was done, by this key; null: not yet. */
  receipt(key: 'confirmedAt' | 'toldAt'): DeliveryReceipt | null {
    const number = this.get('maHoSo')
    const at = this.get(key)
    return number && at ? { receipt: number, confirmedAt: new Date(at) } : null
  }

  async finish(number: string, key: 'confirmedAt' | 'toldAt'): Promise<DeliveryReceipt> {
    const at = await this.keep(key, this.#clock().toISOString())
    return { receipt: number, confirmedAt: new Date(at) }
  }
}
