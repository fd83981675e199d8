import type { Page } from 'playwright-core'

/** Whether a text stands in any string that the page's scripts still hold, after all rubbish was collected. */
export async function heapHolds(page: Page, text: string): Promise<boolean> {
  const session = await page.context().newCDPSession(page)
  let held = false
  let end = ''
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => {
    const read = end + chunk
    held ||= read.includes(text)
    end = read.slice(1 - text.length)
  })
  await session.send('HeapProfiler.collectGarbage')
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await session.detach()
  return held
}
