import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { pagesOf, receive, row, said, sitDown } from './support/at-the-desk.ts'
import { Keys } from './support/keys.ts'
import { launchDesk } from './support/launch.ts'
import { testScanner } from './support/practice-world.ts'

const pageIds = (page: Page) => pagesOf(page).evaluateAll(rows => rows.map(row => row.getAttribute('data-page')))

test('the program killed while it scans: every page that was on the screen is there again, and what lay between is found', async () => {
  using folder = temporaryFolder()
  const { environment } = testScanner(folder.file('scanner'))
  const title = 'Hồ sơ quét dở (mẫu)'
  const before = await launchDesk({ dataFolder: folder.path, practice: true, environment })
  await before.page.evaluate(() =>
    localStorage.setItem('desk.scan-profile', JSON.stringify({ source: 'feeder', dpi: 300 })),
  )
  await sitDown(before.page, 'officer')
  await receive(before.page, [{ title, issuer: 'Trường Mẫu' }])
  await before.page.keyboard.press('F9')
  await expect.poll(() => pagesOf(before.page).count()).toBeGreaterThanOrEqual(3)
  const seen = await pageIds(before.page)
  const copyId = new URL(before.page.url()).hash.split('/').at(-1) ?? ''
  await before.kill()

  // A page that the scanner had just delivered, not yet the copy's.
  const incoming = join(folder.path, 'practice-office', 'incoming', copyId)
  const orphan = await sharp({ create: { width: 700, height: 900, channels: 3, background: '#eeeeee' } })
    .jpeg()
    .toBuffer()
  writeFileSync(join(incoming, 'page-0099.jpg'), orphan)

  await using after = await launchDesk({ dataFolder: folder.path, environment })
  const { page } = after
  await sitDown(page, 'officer')
  await row(page, title).click()
  await said(page, /^Đã lấy lại \d+ trang/).waitFor()
  const found = await pageIds(page)
  expect(found.slice(0, seen.length)).toEqual(seen)
  expect(found.length).toBeGreaterThan(seen.length)
  expect(readdirSync(incoming).filter(name => name.startsWith('page-'))).toEqual([])

  // Opened again, nothing comes twice; when it has been looked for, the focus is where the work goes on.
  await page.reload()
  await expect.poll(() => new Keys(page).focused()).toContain('đã đối chiếu')
  expect(await pageIds(page)).toEqual(found)
  expect(readFileSync(join(folder.path, 'logs', 'desk.log'), 'utf8')).not.toContain('could not start')
})
