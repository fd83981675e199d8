import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { sitDown } from '../e2e/support/at-the-desk.ts'
import { longCopy } from '../support/long-copy.ts'
import { openBenchDesk } from './window-desk.ts'

const PAGES = 300

/** A copy of 300 pages scrolled from end to end: milliseconds of the longest task, and how many were longer than 100. */
export async function measureScrolling(dataFolder: string) {
  const copyId = await longCopy(join(dataFolder, 'practice-office'), PAGES)
  await using desk = await openBenchDesk(dataFolder)
  const { page } = desk
  await sitDown(page, 'officer')
  await page.evaluate(hash => {
    window.location.hash = hash
  }, `#/copy/${copyId}`)
  const strip = page.getByRole('listbox', { name: 'Các trang' })
  await strip.getByRole('option').first().waitFor()
  const opening = await page.evaluate(() => performance.now())
  const officer = await scroll(strip)
  return { pages: PAGES, officer: { shownAfter: Math.round(opening), ...officer } }
}

/** Half a screen a frame, as a hand at the wheel. */
function scroll(place: Locator) {
  return place.evaluate(async element => {
    const scrolled = (at: Element): Element =>
      at.scrollHeight > at.clientHeight + 8 || !at.parentElement ? at : scrolled(at.parentElement)
    const view = scrolled(element)
    const tasks: number[] = []
    const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration)))
    observer.observe({ type: 'longtask' })
    const begun = performance.now()
    let frames = 0
    for (; view.scrollTop + view.clientHeight < view.scrollHeight - 2; frames++) {
      view.scrollTop += view.clientHeight / 2
      await new Promise(requestAnimationFrame)
    }
    await new Promise(resolve => setTimeout(resolve, 1000))
    observer.disconnect()
    return {
      frames,
      milliseconds: Math.round(performance.now() - begun - 1000),
      longestTask: Math.round(Math.max(0, ...tasks)),
      over100: tasks.filter(task => task > 100).length,
    }
  })
}
