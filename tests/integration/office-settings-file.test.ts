import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { foundDesk, openDesk, thisMachine } from '../../electron/desk.ts'
import { createPki } from '../../electron/sandbox/pki.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { officeToLose } from './backup-support.ts'
import { certified } from './office-support.ts'

const FOUNDING = { name: 'UBND xã Thật (mẫu)', administrator: 'Quản Trị (mẫu)' }

async function findings(folder: string): Promise<readonly string[]> {
  const desk = await openDesk(folder)
  try {
    const [admin] = await desk.people()
    const actor = { officeId: desk.officeId, personId: admin?.id ?? '' }
    return (await desk.office.audit.verify(actor)).findings.map(({ code }) => code)
  } finally {
    await desk.close()
  }
}

function change(folder: string, settings: object): void {
  const file = join(folder, 'settings.json')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...settings }))
}

const root = () => createPki({ now: new Date() }).root.certificate

test('whom the office trusts, changed by another hand, is told until the administrator stands for it', async () => {
  using folder = temporaryFolder()
  const office = folder.file('office')
  await foundDesk(office, FOUNDING)
  expect(await findings(office)).toEqual([])

  writeFileSync(join(office, 'root.cer'), root())
  change(office, { trust: { anchors: ['root.cer'] } })
  expect(await findings(office)).toEqual(['audit-settings-changed'])
  expect(await findings(office)).toEqual(['audit-settings-changed'])
  expect((await ctdesk(['office', 'settings-accept', '--office', office])).status).toBe(0)
  expect(await findings(office)).toEqual([])

  // The certificate's own file exchanged, settings.json untouched.
  writeFileSync(join(office, 'root.cer'), root())
  expect(await findings(office)).toEqual(['audit-settings-changed'])
})

test.each([
  ['where copies go', { delivery: { kind: 'manual-package', folder: 'elsewhere' } }],
  ['who stamps the time', { timestamp: { url: 'http://127.0.0.1:9/tsa' } }],
  ['which token modules are loaded', { tokens: { modules: ['/nowhere/module.so'] } }],
])('%s, changed by another hand, is told', async (_what, settings) => {
  using folder = temporaryFolder()
  const office = folder.file('office')
  await foundDesk(office, FOUNDING)
  expect(await findings(office)).toEqual([])
  change(office, settings)
  expect(await findings(office)).toEqual(['audit-settings-changed'])
})

test('a real office called a practice one by another hand is told, also when it is called real again', async () => {
  using folder = temporaryFolder()
  const office = folder.file('office')
  await foundDesk(office, FOUNDING)
  expect(await findings(office)).toEqual([])
  change(office, { practice: true })
  expect(await findings(office)).toEqual(['audit-settings-changed'])
  change(office, { practice: false })
  expect(await findings(office)).toEqual(['audit-settings-changed'])
})

test('changed during a long closing, or with the head gone, settings keep no office from opening', async () => {
  using folder = temporaryFolder()
  const test = await officeToLose(folder)
  await certified(test)
  await test[Symbol.asyncDispose]()
  const machine = { ...thisMachine, clock: () => new Date('2026-12-10T02:00:00Z') }
  change(test.folder, { timestamp: { url: 'http://127.0.0.1:9/tsa' } })
  rmSync(join(test.folder, 'office.head.json'))
  const desk = await openDesk(test.folder, machine)
  try {
    expect(await desk.office.audit.clock(test.admin)).toMatchObject({ verdict: 'ahead' })
    await desk.office.audit.acceptClock(test.admin, null)
    expect(await desk.office.audit.clock(test.admin)).toMatchObject({ verdict: 'right' })
  } finally {
    await desk.close()
  }
})

test('what the program changes itself is told by nobody, nor is a scanner', async () => {
  using folder = temporaryFolder()
  const office = folder.file('office')
  await foundDesk(office, FOUNDING)
  const desk = await openDesk(office)
  change(office, { timestamp: { url: 'http://127.0.0.1:9/tsa' } })
  const { readDeskSettings } = await import('../../electron/desk-settings.ts')
  await desk.noteSettings(await readDeskSettings(office))
  await desk.close()
  expect(await findings(office)).toEqual([])
  change(office, { scanner: { extraDevices: ['test:0'] } })
  expect(await findings(office)).toEqual([])
})
