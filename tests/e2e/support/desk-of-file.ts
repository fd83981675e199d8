import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { launchDesk, type RunningDesk } from './launch.ts'
import { setPortalFaults, type TestScanner, testScanner } from './practice-world.ts'

export interface DeskOfFile {
  readonly desk: RunningDesk
  readonly page: Page
  readonly scanner: TestScanner
}

/** A test that fails leaves a picture of the window in the system's temporary folder. */
export function pictureOfFailure(desk: () => RunningDesk): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    const picture = join(tmpdir(), `desk-${task.id}.png`)
    await desk().page.screenshot({ path: picture })
    process.stderr.write(`what the window showed when “${task.name}” failed: ${picture}\n`)
  })
}

/**
 * One program in its practice office for all tests of a file: each begins with a page loaded anew, a scanner that works and a portal that
 * answers.
 * @param prepare before the program starts, with the folder of its data
 */
export function deskOfFile(prepare: (dataFolder: string) => Promise<void> = async () => undefined): DeskOfFile {
  const folder = temporaryFolder()
  const scanner = testScanner(folder.file('scanner'))
  let running: RunningDesk | null = null
  const desk = (): RunningDesk => {
    if (!running) throw new Error('the program is not running')
    return running
  }

  beforeAll(async () => {
    await prepare(folder.path)
    running = await launchDesk({ dataFolder: folder.path, practice: true, environment: scanner.environment })
    await running.page.getByRole('heading', { name: 'Ai làm việc tại máy này?' }).waitFor()
    // One sheet on the glass, as somebody chose it the day before.
    await running.page.evaluate(() =>
      localStorage.setItem('desk.scan-profile', JSON.stringify({ source: 'flatbed', dpi: 200 })),
    )
  })
  beforeEach(async () => {
    scanner.answers('Default')
    await setPortalFaults(desk(), [])
    await desk().page.reload()
  })
  pictureOfFailure(desk)
  afterAll(async () => {
    await running?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  return {
    get desk() {
      return desk()
    },
    get page() {
      return desk().page
    },
    scanner,
  }
}
