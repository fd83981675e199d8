import type { Page } from 'playwright-core'

/** More steps than any screen has places. */
const FURTHEST = 80

/** A keyboard that counts: each key or combination is one, typed text is none. */
export class Keys {
  readonly #page: Page
  #pressed = 0

  constructor(page: Page) {
    this.#page = page
  }

  get pressed(): number {
    return this.#pressed
  }

  async press(key: string): Promise<void> {
    this.#pressed += 1
    await this.#page.keyboard.press(key)
  }

  /** Presses the key until what has the focus says `label`. */
  async reach(key: string, label: string): Promise<void> {
    for (let steps = 0; steps < FURTHEST; steps++) {
      if ((await this.focused()).includes(label)) return
      await this.press(key)
    }
    throw new Error(`${key} does not lead to “${label}”`)
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.insertText(text)
  }

  /** The label of what has the focus. */
  focused(): Promise<string> {
    return this.#page.evaluate(() => {
      const focus = document.activeElement === document.body ? null : document.activeElement
      const labels = focus instanceof HTMLInputElement ? [...(focus.labels ?? [])].map(label => label.textContent) : []
      return labels.join(' ') || (focus?.textContent ?? '')
    })
  }
}
