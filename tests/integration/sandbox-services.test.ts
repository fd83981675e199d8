import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { Server } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createPracticeOffice } from '../../electron/sandbox/practice-office.ts'
import { startPracticeServices } from '../../electron/sandbox/practice-services.ts'
import { readRevocationList } from '../../native-signing/path/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder('sandbox-services-')
const office = folder.file('office')
const made = new Date('2026-11-22T01:00:00Z')
const hours = (count: number) => new Date(made.getTime() + count * 3_600_000)
let lists: readonly (readonly [file: string, bytes: Buffer])[]

beforeAll(async () => {
  await createPracticeOffice(office, made)
  lists = ['root', 'sub-ca'].map(name => {
    const file = `${office}/practice/pki/${name}.crl`
    return [file, readFileSync(file)]
  })
})
beforeEach(() => {
  for (const [file, bytes] of lists) writeFileSync(file, bytes)
})
afterAll(() => folder[Symbol.dispose]())

async function startAt(now: Date): Promise<readonly Date[]> {
  await using _ = await startPracticeServices(office, () => now)
  return lists.map(([file]) => readRevocationList(readFileSync(file)).thisUpdate)
}

test('a revocation list is as old as it says, whenever its file was written', async () => {
  for (const [file] of lists) utimesSync(file, hours(-1000), hours(-1000))
  expect(await startAt(hours(20))).toEqual([made, made])
  for (const [file] of lists) utimesSync(file, hours(30), hours(30))
  expect(await startAt(hours(30))).toEqual([hours(30), hours(30)])
  expect(await startAt(hours(-30))).toEqual([hours(-30), hours(-30)])
})

test('where one service cannot start, the other does not stay behind', async () => {
  const portal = `${office}/practice/portal`
  rmSync(portal, { recursive: true, force: true })
  writeFileSync(portal, 'no folder')
  const listen = vi.spyOn(Server.prototype, 'listen')
  await expect(startPracticeServices(office, () => made)).rejects.toMatchObject({ code: 'EEXIST' })
  expect(listen.mock.contexts.map(server => server instanceof Server && server.listening)).toEqual([false])
})
