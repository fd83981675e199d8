import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { newFolder, putInPlace, RESTORING, unfinishedPlan, writePlan } from '../../electron/backup/put-in-place.ts'
import { openDesk } from '../../electron/desk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const FILES = ['office.sqlite', 'office.head.json', 'settings.json', 'trust/root.crt']
const OLD = [
  'office.sqlite',
  'office.sqlite-wal',
  'office.sqlite-shm',
  'office.head.json',
  'settings.json',
  'of-the-lost',
]
const PLAN = { setAside: 'set-aside/then', files: FILES, gone: ['of-the-lost'], outcome: { said: 'before' } }

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  renameSync(from, to)
}

/** Every single step, in order, as a power cut may leave the last one done. */
function stepsIn(office: string): readonly (() => void)[] {
  const aside = (file: string) => () => move(join(office, file), join(office, PLAN.setAside, file))
  const place = (file: string) => () => move(join(newFolder(office), file), join(office, file))
  return [
    ...[aside('office.sqlite-wal'), aside('office.sqlite-shm'), aside('office.sqlite'), place('office.sqlite')],
    ...[aside('office.head.json'), place('office.head.json')],
    ...[aside('settings.json'), place('settings.json'), place('trust/root.crt')],
    aside('of-the-lost'),
    () => rmSync(newFolder(office), { recursive: true }),
  ]
}

test('stopped after any step, and done again, everything new is in its place and everything old set aside', async () => {
  for (let steps = 0; ; steps += 1) {
    using folder = temporaryFolder()
    const office = folder.file('office')
    for (const file of OLD) put(join(office, file), `old ${file}`)
    for (const file of FILES) put(join(newFolder(office), file), `new ${file}`)
    await writePlan(office, PLAN)
    const all = stepsIn(office)
    if (steps > all.length) return
    for (const step of all.slice(0, steps)) step()

    await expect(openDesk(office)).rejects.toMatchObject({ code: 'restore-unfinished' })
    const plan = await unfinishedPlan(office)
    expect(plan).toEqual(PLAN)
    await putInPlace(office, plan ?? PLAN)

    for (const file of FILES) expect(readFileSync(join(office, file), 'utf8')).toBe(`new ${file}`)
    for (const file of OLD) expect(readFileSync(join(office, PLAN.setAside, file), 'utf8')).toBe(`old ${file}`)
    expect(readdirSync(office).sort()).toEqual([...FILES.slice(0, 3), 'set-aside', 'trust'].sort())
    expect(existsSync(join(office, RESTORING))).toBe(false)
    expect(await unfinishedPlan(office)).toBe(null)
  }
})
