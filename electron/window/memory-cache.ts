interface Entry<Value> {
  readonly value: Promise<Value>
  size: number
}

/** Keeps what was made last, up to a number of bytes; what is being made is made once, however many ask. */
export class MemoryCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>()
  readonly #limit: number
  readonly #sizeOf: (value: Value) => number
  #size = 0

  constructor(limit: number, sizeOf: (value: Value) => number) {
    this.#limit = limit
    this.#sizeOf = sizeOf
  }

  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const known = this.#entries.get(key)
    if (known) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known.value
    }
    const entry: Entry<Value> = { value: make(), size: 0 }
    this.#entries.set(key, entry)
    entry.value.then(
      value => this.#weigh(key, entry, this.#sizeOf(value)),
      () => this.#entries.delete(key),
    )
    return entry.value
  }

  #weigh(key: string, entry: Entry<Value>, size: number): void {
    if (this.#entries.get(key) !== entry) return
    entry.size = size
    this.#size += size
    for (const [oldest, { size: freed }] of this.#entries) {
      if (this.#size <= this.#limit) return
      this.#entries.delete(oldest)
      this.#size -= freed
    }
  }
}
