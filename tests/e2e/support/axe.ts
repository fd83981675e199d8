import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults, RunOptions } from 'axe-core'
import type { Page } from 'playwright-core'
import { still } from './scene.ts'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  resultTypes: ['violations'],
}

/** What axe (WCAG 2.2 AA) finds on the page as it stands, in both colour schemes: rule, place, and why. The page is light afterwards. */
export async function accessibilityFaults(page: Page): Promise<Readonly<Record<'light' | 'dark', readonly string[]>>> {
  await page.evaluate(SOURCE)
  const dark = await faultsIn(page, 'dark')
  return { dark, light: await faultsIn(page, 'light') }
}

async function faultsIn(page: Page, scheme: 'light' | 'dark'): Promise<readonly string[]> {
  await page.evaluate(name => document.documentElement.setAttribute('data-mantine-color-scheme', name), scheme)
  await still(page)
  const results = await page.evaluate((rules): Promise<AxeResults> => Reflect.get(window, 'axe').run(rules), RULES)
  return results.violations.flatMap(violation =>
    violation.nodes.map(node => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  )
}
