import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ScanNews } from '../../electron/api/contract/scanning.ts'
import type { SigningNews } from '../../electron/api/contract/signing.ts'
import { noticeOf } from '../../electron/api/link.ts'
import { vietnamDay } from '../../electron/office/calendar.ts'
import type { Role } from '../../electron/office/types.ts'
import { PRACTICE } from '../../electron/sandbox/practice-office.ts'
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
})
afterAll(async () => {
  await desk[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const work = (role: Role) => workAs(client, role)
const receive = (title: string) => receivePaper(client, title)

async function drafted(title: string) {
  await work('officer')
  const copy = await receive(title)
  const told = await toldBy<ScanNews>(observer =>
    client.practice.layPaper.subscribe(
      { jobId: `lay-${copy.id}`, copy: { id: copy.id, version: copy.version }, paperId: 'driving-licence' },
      observer,
    ),
  )
  const last = told.at(-1)
  if (last?.kind !== 'finished') throw new Error('not finished')
  return last
}

async function submitted(title: string) {
  const { copy } = await drafted(title)
  return client.copies.submit.mutate({
    copy: { id: copy.id, version: copy.version },
    comparedWithOriginal: true,
    allPagesPresent: true,
  })
}

function sign(kind: 'signature' | 'seal', copies: readonly { id: string; version: number }[], pin: string) {
  return toldBy<SigningNews>(observer =>
    client.signing.sign.subscribe(
      {
        jobId: `${kind}-${Math.random().toString(36).slice(2)}`,
        kind,
        copies: copies.map(({ id, version }) => ({ id, version })),
        pin,
      },
      observer,
    ),
  )
}

test('a copy goes through three hands, and the citizen gets it', async () => {
  const copy = await submitted('Giấy phép lái xe (mẫu)')
  expect(copy).toMatchObject({ state: 'submitted', pageCount: 2 })

  await work('signer')
  expect((await client.copies.queue.query()).map(each => each.id)).toContain(copy.id)
  expect((await client.copies.statement.query({ copyId: copy.id })).lines).toContain('CHỦ TỊCH')
  const { token, certificate } = await client.signing.findToken.query({ kind: 'signature' })
  expect({ label: token.label, name: certificate.commonName }).toEqual({
    label: PRACTICE.tokens.signer.label,
    name: PRACTICE.people.signer,
  })
  const signing = await sign('signature', [copy], PRACTICE.tokens.signer.pin)
  expect(signing.at(-1)).toEqual({ kind: 'finished', done: 1, failed: 0, notTried: 0 })

  await work('clerk')
  const signed = await client.copies.read.query({ copyId: copy.id })
  expect(signed.copy).toMatchObject({ state: 'signed', certification: { number: '01' } })
  expect((await sign('seal', [signed.copy], PRACTICE.tokens.organisation.pin)).at(-1)).toMatchObject({ done: 1 })

  // The program sends it by itself.
  await expect
    .poll(async () => (await client.delivery.list.query()).find(each => each.copy.id === copy.id)?.state)
    .toBe('delivered')
  const sealed = await client.copies.read.query({ copyId: copy.id })
  const file = await desk.page.evaluate(
    async address => [...new Uint8Array(await (await fetch(address)).arrayBuffer())],
    sealed.files.sealed ?? '',
  )
  expect(Buffer.from(file.slice(0, 5)).toString()).toBe('%PDF-')

  // Whoever drops the file into the window is told that it is genuine, and that a changed one is not.
  await upload(client, 'genuine', 'ban-sao.pdf', Uint8Array.from(file))
  const genuine = await client.verify.file.query({ uploadId: 'genuine' })
  expect(genuine.valid).toBe(true)
  expect(genuine.signatures.map(each => each.signerName)).toEqual([PRACTICE.people.signer, PRACTICE.office])
  await upload(
    client,
    'changed',
    'ban-sao.pdf',
    Uint8Array.from(file.map((byte, at) => (at === 2000 ? byte ^ 1 : byte))),
  )
  const changed = await client.verify.file.query({ uploadId: 'changed' }).catch((error: unknown) => noticeOf(error))
  expect(changed).not.toMatchObject({ valid: true })

  // Cancelled after all: the portal is told by itself too.
  await work('signer')
  const { copy: arrived } = await client.copies.read.query({ copyId: copy.id })
  const { id, version } = arrived
  await client.copies.cancel.mutate({
    copy: { id, version },
    decision: { number: '12/QĐ-UBND', date: vietnamDay(new Date()) },
  })
  await work('clerk')
  await expect
    .poll(async () => (await client.delivery.list.query()).find(each => each.copy.id === copy.id)?.state)
    .toBe('told')
  const evidence = await client.delivery.evidence.query({ copyId: copy.id })
  expect(evidence.at(-1)).toMatchObject({ step: 'cancel', status: 200 })
})

test('a wrong PIN signs nothing, says so in Vietnamese, and is written nowhere', async () => {
  const copy = await submitted('Giấy khai sinh (mẫu)')
  await work('signer')
  const wrong = '99887766'
  const error = await sign('signature', [copy], wrong).catch((thrown: unknown) => thrown)
  expect(noticeOf(error)).toMatchObject({ code: 'pin-incorrect', what: expect.stringMatching(/PIN/) })
  expect((await client.copies.read.query({ copyId: copy.id })).copy.state).toBe('submitted')
  expect(desk.output()).not.toContain(wrong)
})

test('pages are shown by the program itself: small, turned, and to nobody who is not at work', async () => {
  const { pages } = await drafted('Bằng tốt nghiệp (mẫu)')
  const page = pages[0]
  if (!page) throw new Error('no page')
  const look = (address: string) =>
    desk.page.evaluate(async url => {
      const answer = await fetch(url)
      if (!answer.ok) return { status: answer.status }
      const picture = await createImageBitmap(await answer.blob())
      return { status: 200, width: picture.width, wide: picture.width > picture.height }
    }, address)
  const small = await look(`${page.url}&width=200`)
  expect(small).toMatchObject({ status: 200, width: 200 })
  const turned = await look(`${page.url.replace('turn=0', 'turn=90')}&width=200`)
  expect(turned.wide).toBe(!small.wide)
  expect(await look(page.url.replace(page.id, 'nothing'))).toEqual({ status: 404 })
  await client.session.end.mutate()
  expect(await look(page.url)).toEqual({ status: 404 })
  await work('officer')
})

test('removed pages come back where they were', async () => {
  const { copy, pages } = await drafted('Bảng điểm (mẫu)')
  const [first, second] = pages
  if (!first || !second) throw new Error('two pages')
  const removed = await client.copies.arrangePages.mutate({
    copy: { id: copy.id, version: copy.version },
    pages: [{ id: second.id }],
  })
  expect(removed.pages.map(page => page.id)).toEqual([second.id])
  const restored = await client.copies.restorePages.mutate({
    copy: { id: copy.id, version: removed.copy.version },
    pages: [{ id: first.id, at: 0 }],
  })
  expect(restored.pages.map(page => page.id)).toEqual([restored.restored[0]?.now, second.id])
  expect(restored.restored[0]?.was).toBe(first.id)
})

test('a scan cancelled half-way keeps the pages that came, and says that it was cancelled', async () => {
  await work('officer')
  const copy = await receive('Hồ sơ dài (mẫu)')
  const told = await toldBy<ScanNews>(observer =>
    client.scanning.scan.subscribe(
      {
        jobId: 'scan-cancelled',
        copy: { id: copy.id, version: copy.version },
        profile: {
          deviceId: 'sane:test',
          source: 'feeder',
          sides: 'front',
          dpi: 100,
          colour: 'grey',
          paper: { widthMm: 100, heightMm: 140 },
        },
      },
      {
        ...observer,
        onData: news => {
          if (news.kind === 'page' && news.at === 1) void client.jobs.cancel.query({ jobId: 'scan-cancelled' })
          observer.onData(news)
        },
      },
    ),
  )
  const last = told.at(-1)
  if (last?.kind !== 'finished') throw new Error('not finished')
  expect(last.fault?.code).toBe('scan-cancelled')
  expect(last.pages.length).toBe(last.added)
  expect(last.added).toBeGreaterThanOrEqual(2)
  expect(last.added).toBeLessThan(10)
})

test('pictures dropped into the window become pages, a damaged one is named and the others stay', async () => {
  await work('officer')
  const copy = await receive('Ảnh chụp (mẫu)')
  const picture = await sharp({ create: { width: 1240, height: 1754, channels: 3, background: '#fffdf5' } })
    .withDensity(150)
    .jpeg()
    .toBuffer()
  await upload(client, 'first', 'trang 1.jpg', picture)
  await upload(client, 'second', 'trang 2.jpg', picture.subarray(0, picture.length / 2))
  const told = await toldBy<ScanNews>(observer =>
    client.scanning.importFiles.subscribe(
      { jobId: 'import', copy: { id: copy.id, version: copy.version }, uploadIds: ['first', 'second'] },
      observer,
    ),
  )
  const last = told.at(-1)
  if (last?.kind !== 'finished') throw new Error('not finished')
  expect(last).toMatchObject({ added: 1, fault: { code: 'import-file-damaged' } })
  expect(last.pages).toMatchObject([{ widthPx: 1240, heightPx: 1754, dpi: 150 }])
})

test("a device's name cannot be a path to the PC's files", async () => {
  await work('officer')
  const copy = await receive('Trộm tệp (mẫu)')
  const stolen = toldBy<ScanNews>(observer =>
    client.scanning.scan.subscribe(
      {
        jobId: 'scan-path',
        copy: { id: copy.id, version: copy.version },
        profile: {
          deviceId: 'folder:["/etc/passwd"]',
          source: 'feeder',
          sides: 'front',
          dpi: 300,
          colour: 'grey',
          paper: { widthMm: 210, heightMm: 297 },
        },
      },
      observer,
    ),
  )
  expect(noticeOf(await stolen.catch((error: unknown) => error))?.code).toBe('scanner-not-found')
})
