import { afterEach, beforeEach, expect, test } from 'vitest'
import { endWork } from '../../electron/window/bridge-server.ts'
import type { TokenSession } from '../../native-signing/types.ts'
import { programOn } from '../support/program.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { testOffice } from '../unit/signing/support.ts'

type Program = Awaited<ReturnType<typeof programOn>>

const KEY = 'the chairman and his token'
const { chairman } = testOffice()

let folder: TemporaryFolder
let program: Program
let closed: number

/** A token that was logged in and is held, as the person asked. */
async function hold({ session: { token } }: Program): Promise<void> {
  const session: TokenSession = {
    ...chairman.session,
    close: async () => {
      closed++
    },
  }
  const signing = token.use(KEY, { open: async () => session, hold: true }, async function* () {
    yield 'signed'
  })
  await Array.fromAsync(signing)
  expect(token.holds(KEY)).toBe(true)
}

const letGo = () => {
  expect(program.session.token.holds(KEY)).toBe(false)
  expect(closed).toBe(1)
}

beforeEach(async () => {
  closed = 0
  folder = temporaryFolder()
})
afterEach(async () => {
  expect(program.faults).toEqual([])
  await program[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

test.each<readonly [string, (program: Program) => unknown]>([
  ['the devices of this PC are set anew', ({ page }) => page.settings.changeDesk({ tokenModules: [] })],
  ['its person gets up', ({ page }) => page.session.end()],
  [
    'another person sits down in their place',
    async ({ page, session }) => {
      const officer = await page.people.add({ name: 'Công Chức (mẫu)', roles: ['officer'] })
      expect(session.token.holds(KEY)).toBe(true)
      await page.session.begin({ personId: officer.id })
    },
  ],
  ['the practice office is opened', ({ page }) => page.practice.start()],
  ['its person asks for it', ({ page }) => page.signing.forgetPin()],
  ['the page is loaded anew', ({ session }) => endWork({ ...session, subscriptions: new Map() })],
])('a token that is held is let go when %s', async (_, happens) => {
  program = await programOn(folder)
  await program.page.session.found({ name: 'UBND xã Thật (mẫu)', administrator: 'Quản Trị Thật (mẫu)' })
  await hold(program)
  await happens(program)
  letGo()
})

test('a token that is held is let go when the practice office is left', async () => {
  program = await programOn(folder, { practice: true })
  await hold(program)
  await program.page.practice.leave()
  letGo()
})
