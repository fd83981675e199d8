import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { openDesk } from '../../electron/desk.ts'
import { drawPaper } from '../../electron/sandbox/papers.ts'
import { practiceActor } from '../../electron/sandbox/practice-office.ts'
import { importFiles } from '../../electron/scanners.ts'
import { sitDown } from '../e2e/support/at-the-desk.ts'
import { openBenchDesk } from './window-desk.ts'

const PAGES = 300

/** A copy of 300 pages scrolled from end to end: milliseconds of the longest task, and how many were longer than 100. */
export async function measureScrolling(dataFolder: string) {
  const copyId = await longCopy(join(dataFolder, 'practice-office'))
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

async function longCopy(officeFolder: string): Promise<string> {
  const desk = await openDesk(officeFolder)
  try {
    const officer = await practiceActor(desk, 'officer')
    const { copies } = await desk.office.requests.receive(officer, {
      requester: { name: 'Người thử (mẫu)', personalNumber: '099090000017', email: null, phone: null },
      originals: [{ title: 'Hồ sơ 300 trang (mẫu)', kind: 'Giấy tờ khác', issuer: 'UBND xã Mẫu', copyCount: 1 }],
    })
    let [copy] = copies
    if (!copy) throw new Error('no copy')
    const folder = join(officeFolder, 'bench')
    await mkdir(folder, { recursive: true })
    const drawn = [...(await drawPaper('decision', 1, folder)), ...(await drawPaper('driving-licence', 1, folder))]
    const files = Array.from({ length: PAGES }, (_, index) => drawn[index % drawn.length]?.path ?? '')
    const pages = await Array.fromAsync(importFiles(desk.scanner, files, desk.incomingFolder(copy.id)))
    copy = await desk.office.copies.addPages(officer, copy, pages)
    return copy.id
  } finally {
    await desk.close()
  }
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
