import { existsSync, readdirSync } from 'node:fs'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ScanNews } from '../../electron/api/contract/scanning.ts'
import { hostileFiles, uncountable } from '../support/hostile-pdfs.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { type Client, clientOf, receivePaper, toldBy, upload, workAs } from './support/client.ts'
import { launchDesk, type RunningDesk } from './support/launch.ts'

let folder: TemporaryFolder
let desk: RunningDesk
let client: Client

beforeAll(async () => {
  folder = temporaryFolder()
  desk = await launchDesk({ dataFolder: folder.path, practice: true })
  client = await clientOf(desk)
  await workAs(client, 'officer')
})
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

type Copy = Awaited<ReturnType<typeof receivePaper>>

async function imported(jobId: string, copy: Copy, name: string, bytes: Uint8Array) {
  await upload(client, jobId, name, bytes)
  const { copy: now } = await client.copies.read.query({ copyId: copy.id })
  const told = await toldBy<ScanNews>(observer =>
    client.scanning.importFiles.subscribe(
      { jobId, copy: { id: now.id, version: now.version }, uploadIds: [jobId] },
      observer,
    ),
  )
  const last = told.at(-1)
  if (last?.kind !== 'finished') throw new Error('not finished')
  return last
}

const goodPage = () =>
  sharp({ create: { width: 1240, height: 1754, channels: 3, background: '#fffdf5' } })
    .withDensity(150)
    .jpeg()
    .toBuffer()

/** The receipt as a file that the page can read. */
async function receiptOf(copy: Copy): Promise<string> {
  const { requestId } = (await client.copies.read.query({ copyId: copy.id })).copy
  const { pdf } = await client.requests.printReceipt.query({ requestId })
  const head = await desk.page.evaluate(
    async address => [...new Uint8Array(await (await fetch(address)).arrayBuffer()).subarray(0, 5)],
    pdf,
  )
  return Buffer.from(head).toString()
}

test('hostile files brought to the window are refused one after the other, each in words, and a good one then comes', async () => {
  const copy = await receivePaper(client, 'Tệp của người lạ (mẫu)')
  let job = 0
  for (const [name, { ending, make }] of Object.entries(hostileFiles)) {
    const { added, fault } = await imported(`hostile-${++job}`, copy, `tep.${ending}`, await make())
    expect({ name, added, code: fault?.code }).toEqual({
      name,
      added: 0,
      code: expect.stringMatching(/^import-(?:page-too-much|too-many-pages)$/),
    })
    expect(fault?.what).toMatch(/trang/)
  }
  expect(await imported('good-after', copy, 'trang.jpg', await goodPage())).toMatchObject({ added: 1, fault: null })
}, 600_000)

test('a receipt comes while a file keeps its process busy; stopping ends it, and the next file comes', async () => {
  const copy = await receivePaper(client, 'Tệp bận mãi (mẫu)')
  let over = false
  const busy = imported('busy', copy, 'tep.pdf', uncountable.time()).finally(() => {
    over = true
  })
  const imports = folder.file('temporary/imports')
  const there = () => (existsSync(imports) ? readdirSync(imports, { recursive: true, encoding: 'utf8' }) : [])
  await expect.poll(() => there().some(each => each.includes('.scan-'))).toBe(true)
  expect(await receiptOf(copy)).toBe('%PDF-')
  expect(over).toBe(false)

  expect(await client.jobs.cancel.query({ jobId: 'busy' })).toEqual({ running: true })
  expect(await busy).toMatchObject({ added: 0, fault: { code: 'scan-cancelled' } })
  expect(await imported('good-then', copy, 'trang.jpg', await goodPage())).toMatchObject({ added: 1, fault: null })
  expect(there()).toEqual([])
}, 300_000)
