import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { goTo, sign, sitDown } from '../e2e/support/at-the-desk.ts'
import { longCopy } from '../support/long-copy.ts'
import { openBenchDesk } from './window-desk.ts'

const PAGES = 300

/**
 * A copy of 300 pages scrolled from end to end by each of the three: as a draft, as it waits for the chairman, as the signed file. Milliseconds
 * of the longest task, and how many were longer than 100.
 */
export async function measureScrolling(dataFolder: string) {
  const office = join(dataFolder, 'practice-office')
  const draft = await longCopy(office, PAGES)
  const waiting = await longCopy(office, PAGES, true)
  await using desk = await openBenchDesk(dataFolder)
  const { page } = desk
  const open = (copyId: string) =>
    page.evaluate(hash => {
      window.location.hash = hash
    }, `#/copy/${copyId}`)

  await sitDown(page, 'officer')
  await open(draft)
  const strip = page.getByRole('listbox', { name: 'Các trang' })
  await strip.getByRole('option').first().waitFor()
  const officer = await scroll(strip)

  await sitDown(page, 'signer')
  await open(waiting)
  const pages = page.locator('.copy-view')
  await pages.locator('img').first().waitFor()
  const chairman = await scroll(pages)
  await goTo(page, 'Chờ ký')
  await sign(page, 'signature')

  await sitDown(page, 'clerk')
  await open(waiting)
  await pages.locator('canvas').first().waitFor()
  const clerk = await scroll(pages)
  return { pages: PAGES, officer, chairman, clerk }
}

/** Half a screen a frame, as a hand at the wheel. */
function scroll(place: Locator) {
  return place.evaluate(async element => {
    const scrolls = (at: Element): boolean =>
      at.scrollHeight > at.clientHeight + 8 && ['auto', 'scroll'].includes(getComputedStyle(at).overflowY)
    const scrolled = (at: Element): Element =>
      scrolls(at) ? at : at.parentElement ? scrolled(at.parentElement) : (document.scrollingElement ?? at)
    const view = scrolled(element)
    const tasks: number[] = []
    const observer = new PerformanceObserver(list => tasks.push(...list.getEntries().map(entry => entry.duration)))
    observer.observe({ type: 'longtask' })
    const begun = performance.now()
    let frames = 0
    for (; view.scrollTop + view.clientHeight < view.scrollHeight - 2 && frames < 5000; frames++) {
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
