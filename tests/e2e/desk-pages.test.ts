import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { longCopy } from '../support/long-copy.ts'
import { pagesOf, sitDown } from './support/at-the-desk.ts'
import { deskOfFile } from './support/desk-of-file.ts'
import { Keys } from './support/keys.ts'

const own = deskOfFile()
const PAGES = 40

const order = (page: Page) => pagesOf(page).evaluateAll(rows => rows.map(row => row.getAttribute('data-page')))
const drawn = (page: Page) => pagesOf(page).locator('img').count()

test('pages of a long copy are moved by mouse and by keys, turned, removed, and all of it undone', async () => {
  const { page } = own
  const copyId = await longCopy(join(own.desk.dataFolder, 'practice-office'), PAGES)
  await sitDown(page, 'officer')
  await page.evaluate(hash => {
    window.location.hash = hash
  }, `#/copy/${copyId}`)
  await expect.poll(() => pagesOf(page).count()).toBe(PAGES)
  const [first, second, third, ...others] = await order(page)

  // When what a crash may have left has been looked for, the focus is where the work goes on.
  await expect.poll(() => new Keys(page).focused()).toContain('đã đối chiếu')
  await pagesOf(page).first().locator('img').waitFor()
  await drag(page, pagesOf(page).nth(0), pagesOf(page).nth(2))
  await expect.poll(() => order(page)).toEqual([second, third, first, ...others])

  await pagesOf(page).nth(1).click()
  await page.keyboard.press('Control+ArrowUp')
  await expect.poll(() => order(page)).toEqual([third, second, first, ...others])

  await page.keyboard.press('End')
  const last = pagesOf(page).nth(PAGES - 1)
  await expect.poll(() => last.evaluate(row => row === document.activeElement)).toBe(true)
  await last.locator('img').waitFor()
  expect(await drawn(page)).toBeLessThan(PAGES)
  await page.keyboard.press('Control+ArrowUp')
  const moved = [third, second, first, ...others.slice(0, -2), others.at(-1), others.at(-2)]
  await expect.poll(() => order(page)).toEqual(moved)

  await page.keyboard.press('Delete')
  await expect.poll(() => order(page)).toEqual(moved.filter(id => id !== others.at(-1)))
  const turned = pagesOf(page).nth(PAGES - 2)
  await expect.poll(() => turned.getAttribute('aria-selected')).toBe('true')
  const before = await turned.locator('img').getAttribute('src')
  await page.keyboard.press('r')
  await expect.poll(() => turned.locator('img').getAttribute('src')).not.toBe(before)

  for (let step = 0; step < 5; step++) await page.keyboard.press('Control+z')
  await expect.poll(() => order(page).then(ids => ids.slice(0, 3))).toEqual([first, second, third])
  expect(await pagesOf(page).count()).toBe(PAGES)
})

/** By the mouse, as a hand does it: taken, moved a little, brought there, let go. */
async function drag(page: Page, from: Locator, to: Locator): Promise<void> {
  const [start, end] = [await from.boundingBox(), await to.boundingBox()]
  if (!start || !end) throw new Error('not on the screen')
  const x = start.x + start.width / 2
  await page.mouse.move(x, start.y + start.height / 2)
  await page.mouse.down()
  await page.mouse.move(x, start.y + start.height / 2 + 20, { steps: 4 })
  await page.mouse.move(x, end.y + end.height / 2 + 4, { steps: 10 })
  await page.mouse.up()
}
