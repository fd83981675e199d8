// Takes docs/screens/*.png of every screen and main dialog from the running program, in a practice office with copies in every state.
// usage: npm run screens -- [name …]    (all without names)
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { drawnPapers, furnish } from './support/furnished.ts'
import { launchDesk } from './support/launch.ts'
import { testScanner } from './support/practice-world.ts'
import { open, still } from './support/scene.ts'
import { SCENES } from './support/scenes.ts'

const SIZE = { width: 1366, height: 768 }
const DARK = ['workbench', 'waiting', 'pin', 'deliveries', 'journal-findings']
const LARGEST_BYTES = 120 * 1024

const target = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'docs', 'screens')
const wanted = process.argv.slice(2)
const scenes = wanted.length === 0 ? SCENES : SCENES.filter(scene => wanted.includes(scene.name))

/** Fewer colours, then fewer pixels, until the file is small enough: the grain of scanned paper does not compress. */
const WAYS = [
  { colours: 256, width: SIZE.width },
  { colours: 64, width: SIZE.width },
  { colours: 32, width: SIZE.width },
  { colours: 16, width: SIZE.width },
  { colours: 16, width: 1024 },
  { colours: 16, width: 800 },
]

async function shoot(page, name) {
  const picture = await page.screenshot()
  for (const { colours, width } of WAYS) {
    const bytes = await sharp(picture)
      .resize({ width })
      .png({ palette: true, colours, effort: 10, dither: 0 })
      .toBuffer()
    if (bytes.byteLength > LARGEST_BYTES && width !== WAYS.at(-1).width) continue
    writeFileSync(join(target, `${name}.png`), bytes)
    process.stdout.write(`${name}.png ${Math.ceil(bytes.byteLength / 1024)} KB, ${colours} colours, ${width} wide\n`)
    return
  }
}

async function setDark(page, dark) {
  await page.evaluate(
    scheme => document.documentElement.setAttribute('data-mantine-color-scheme', scheme),
    dark ? 'dark' : 'light',
  )
  await still(page)
}

mkdirSync(target, { recursive: true })
using folder = temporaryFolder()
await using desk = await launchDesk({
  dataFolder: folder.path,
  environment: testScanner(folder.file('scanner'), { slow: true }).environment,
})
const { page } = desk
await page.setViewportSize(SIZE)
page.setDefaultTimeout(20_000)
const start = page.getByRole('button', { name: 'Dùng thử' })
await start.waitFor()
await still(page)
if (wanted.length === 0 || wanted.includes('first-start')) await shoot(page, 'first-start')
await start.click()
await page.getByText('Ai làm việc tại máy này?').waitFor({ timeout: 60_000 })
const office = await furnish(desk, drawnPapers)

let seated = null
for (const scene of scenes) {
  try {
    await open(page, scene, office, seated)
    seated = scene.role ?? seated
    await shoot(page, scene.name)
    if (!DARK.includes(scene.name)) continue
    await setDark(page, true)
    await shoot(page, `${scene.name}-dark`)
    await setDark(page, false)
  } catch (error) {
    process.exitCode = 1
    process.stderr.write(`${scene.name}: ${error}\n`)
  }
}
