/** The PIN in the module's process, for as long as it is needed there and no longer. */
export interface KeptPin {
  /** Takes the PIN over: the bytes handed in are wiped. Null: it is typed on the reader. */
  take(pin: Uint8Array | null): void
  /**
   * JavaScript cannot wipe a string; the binding takes nothing else. It lives in this process only, which ends with the session. Empty where
   * the PIN is typed on the reader.
   */
  text(): string
  /** False once wiped. */
  here(): boolean
  wipe(): void
}

export function keptPin(): KeptPin {
  let kept: Buffer | null = null
  const wipe = () => {
    kept?.fill(0)
    kept = null
  }
  return {
    take(pin) {
      wipe()
      kept = Buffer.from(pin ?? [])
      pin?.fill(0)
    },
    text: () => kept?.toString('utf8') ?? '',
    here: () => kept !== null,
    wipe,
  }
}
