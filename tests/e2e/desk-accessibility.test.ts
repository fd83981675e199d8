import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../electron/office/types.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { accessibilityFaults } from './support/axe.ts'
import { pictureOfFailure } from './support/desk-of-file.ts'
import { type Furnished, furnish } from './support/furnished.ts'
import { launchDesk, type RunningDesk } from './support/launch.ts'
import { testScanner } from './support/practice-world.ts'
import { importSheet } from './support/prepared.ts'
import { open, still } from './support/scene.ts'
import { SCENES } from './support/scenes.ts'

let folder: TemporaryFolder
let desk: RunningDesk
let office: Furnished | null = null
let seated: Role | null = null

beforeAll(async () => {
  folder = temporaryFolder()
  const { environment } = testScanner(folder.file('scanner'))
  desk = await launchDesk({ dataFolder: folder.path, environment })
})
pictureOfFailure(() => desk)
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe('axe (WCAG 2.2 AA) finds nothing, light or dark', () => {
  test('on “first-start”', async () => {
    const start = desk.page.getByRole('button', { name: 'Dùng thử' })
    await start.waitFor()
    await still(desk.page)
    expect(await accessibilityFaults(desk.page)).toEqual({ light: [], dark: [] })
    await start.click()
    await desk.page.getByText('Ai làm việc tại máy này?').waitFor()
    office = await furnish(desk, importSheet)
  })

  for (const scene of SCENES.filter(({ passing }) => !passing))
    test(`on “${scene.name}”`, async () => {
      if (!office) throw new Error('no office')
      await open(desk.page, scene, office, seated)
      seated = scene.role ?? seated
      expect(await accessibilityFaults(desk.page)).toEqual({ light: [], dark: [] })
    })
})
