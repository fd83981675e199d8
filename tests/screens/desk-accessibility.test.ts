import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../electron/office/types.ts'
import { type Furnished, furnish } from '../e2e/support/furnished.ts'
import { launchDesk, type RunningDesk } from '../e2e/support/launch.ts'
import { testScanner } from '../e2e/support/practice-world.ts'
import { importSheet } from '../e2e/support/prepared.ts'
import { open, SCENES, still } from '../e2e/support/scenes.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

const LIMIT = 60_000
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  resultTypes: ['violations'],
}

let folder: TemporaryFolder
let desk: RunningDesk
let office: Furnished
let seated: Role | null = null

beforeAll(async () => {
  folder = temporaryFolder()
  const { environment } = testScanner(folder.file('scanner'))
  desk = await launchDesk({ dataFolder: folder.path, practice: true, environment })
  desk.page.setDefaultTimeout(20_000)
  office = await furnish(desk, importSheet)
}, 180_000)
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** What axe finds on the page as it stands: rule, place, and why. */
async function violations(): Promise<readonly string[]> {
  const results = await desk.page.evaluate((rules): Promise<AxeResults> => Reflect.get(window, 'axe').run(rules), RULES)
  return results.violations.flatMap(violation =>
    violation.nodes.map(node => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  )
}

describe('axe (WCAG 2.2 AA) finds nothing', () => {
  for (const scene of SCENES)
    test(
      `on “${scene.name}”, light and dark`,
      async () => {
        await open(desk.page, scene, office, seated)
        seated = scene.role ?? seated
        await desk.page.evaluate(axeSource)
        const found: Record<string, readonly string[]> = {}
        for (const scheme of ['light', 'dark']) {
          await desk.page.evaluate(
            name => document.documentElement.setAttribute('data-mantine-color-scheme', name),
            scheme,
          )
          await still(desk.page)
          found[scheme] = await violations()
        }
        expect(found).toEqual({ light: [], dark: [] })
      },
      LIMIT,
    )
})
