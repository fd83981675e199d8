import type { Page } from 'playwright-core'
import type { Role } from '../../../electron/office/types.ts'
import { sitDown } from './at-the-desk.ts'
import type { Furnished } from './furnished.ts'

/** A screen or dialog of the desk, with the way to it. */
export interface Scene {
  /** English, for file names. */
  readonly name: string
  /** Null: before anybody sits down. */
  readonly role: Role | null
  /** The screen's address; `#/` is the person's own first screen. */
  readonly at: (office: Furnished) => string
  /** From the screen to what is to be seen, until it stands there. */
  readonly show: (page: Page, office: Furnished) => Promise<void>
  /** It shows work under way, which may be over before one has looked for faults. */
  readonly passing?: true
}

export const heading = (name: string | RegExp) => (page: Page) =>
  page.getByRole('heading', { level: 1, name }).first().waitFor()
export const picture = (page: Page, selector: string) => page.locator(selector).first().waitFor()
export const dialog = (page: Page) => page.getByRole('dialog').waitFor()
export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click()
export const fixed = (hash: string) => () => hash

/** Opens a scene on a fresh page and waits until nothing moves. */
export async function open(page: Page, scene: Scene, office: Furnished, seated: Role | null): Promise<void> {
  if (scene.role !== null && scene.role !== seated) {
    // What the scene before has left open goes with its page.
    await page.reload()
    await sitDown(page, scene.role)
  }
  await page.evaluate(hash => {
    window.location.hash = hash
  }, scene.at(office))
  await page.reload()
  await scene.show(page, office)
  await still(page)
}

/** No animation under way, and every picture and page of a PDF that can be seen is drawn. */
export async function still(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const moves = (each: Animation) =>
      each.playState === 'running' && each.effect?.getComputedTiming().endTime !== Infinity
    const seen = (each: Element) => {
      const { top, bottom, width } = each.getBoundingClientRect()
      return width > 0 && top < window.innerHeight && bottom > 0
    }
    const drawn = (canvas: HTMLCanvasElement) => {
      if (canvas.width === 0) return false
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
      return data.some((value, index) => index % 4 === 0 && value < 128 && (data[index + 3] ?? 0) > 0)
    }
    return (
      document.fonts.status === 'loaded' &&
      !document.getAnimations().some(moves) &&
      [...document.images].filter(seen).every(image => image.complete && image.naturalWidth > 0) &&
      [...document.querySelectorAll('canvas')].filter(seen).every(drawn)
    )
  })
}
