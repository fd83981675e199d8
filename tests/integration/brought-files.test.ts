import { existsSync, readdirSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { UPLOAD_PIECE_BYTES } from '../../electron/api/contract/uploads.ts'
import { endWork } from '../../electron/window/bridge-server.ts'
import { upload, whenUploaded } from '../../renderer/data/uploads.ts'
import { programOn } from '../support/program.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

type Program = Awaited<ReturnType<typeof programOn>>

/** What the page has and Node has not. */
class PageFileReader {
  result: string | null = null
  onload = () => {}
  async readAsDataURL(blob: Blob): Promise<void> {
    this.result = `data:;base64,${Buffer.from(await blob.arrayBuffer()).toString('base64')}`
    this.onload()
  }
}

let folder: TemporaryFolder
let program: Program
/** After so many pieces the next one waits until it is let through. */
let pieces: { taken: number; readonly onPiece: () => unknown }

beforeEach(async () => {
  vi.stubGlobal('FileReader', PageFileReader)
  folder = temporaryFolder()
  program = await programOn(folder)
  await program.page.session.found({ name: 'UBND xã Thật (mẫu)', administrator: 'Quản Trị Thật (mẫu)' })
})
afterEach(async () => {
  vi.unstubAllGlobals()
  expect(program.faults).toEqual([])
  await program[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** The window's calls; `onPiece` is told before each piece is taken. */
const deskTelling = (onPiece: (count: number) => unknown) => {
  pieces = { taken: 0, onPiece: () => onPiece(++pieces.taken) }
  const { uploads } = program.page
  return {
    uploads: {
      append: {
        query: (piece: Parameters<typeof uploads.append>[0]) => {
          pieces.onPiece()
          return uploads.append(piece)
        },
      },
      drop: { query: uploads.drop },
    },
  }
}
const lying = (): readonly string[] => (existsSync(folder.file('uploads')) ? readdirSync(folder.file('uploads')) : [])
const paper = (count: number) => new File([new Uint8Array(count * UPLOAD_PIECE_BYTES)], 'giấy tờ.pdf')
const bringHalf = () =>
  program.page.uploads.append({
    uploadId: 'half',
    name: 'a.pdf',
    offset: 0,
    bytes: Buffer.from('%PDF').toString('base64'),
  })

test('a file whose bringing is stopped comes no further, and nothing of it stays', async () => {
  const stop = new AbortController()
  const desk = deskTelling(count => count === 3 && stop.abort())
  await expect(upload(desk, paper(8), stop.signal)).rejects.toThrow('abort')
  expect(pieces.taken).toBe(3)
  expect(lying()).toEqual([])
})

test('stopped with the last piece, it is dropped too', async () => {
  const stop = new AbortController()
  await expect(
    upload(
      deskTelling(() => stop.abort()),
      paper(1),
      stop.signal,
    ),
  ).rejects.toThrow('abort')
  expect(lying()).toEqual([])
})

test.each(['cancel', 'unsubscribe'] as const)(
  '%s while the second of three is brought: none stays, nothing starts',
  async way => {
    const start = vi.fn(() => ({ unsubscribe: vi.fn() }))
    const told = { onError: vi.fn(), onComplete: vi.fn() }
    const desk = deskTelling(count => count === 3 && bringing[way]())
    const bringing = whenUploaded(desk, [paper(2), paper(2), paper(2)], told, start)
    await expect.poll(() => pieces.taken).toBe(3)
    await expect.poll(() => lying()).toEqual([])
    expect(pieces.taken).toBe(3)
    expect(start).not.toHaveBeenCalled()
    expect(told.onError).not.toHaveBeenCalled()
    expect(told.onComplete).toHaveBeenCalledTimes(way === 'cancel' ? 1 : 0)
  },
)

test('a piece that fails drops all that came before, and is told', async () => {
  const told = { onError: vi.fn(), onComplete: vi.fn() }
  const desk = deskTelling(count => {
    if (count === 3) throw new Error('no room')
  })
  whenUploaded(desk, [paper(2), paper(2)], told, () => ({ unsubscribe: () => {} }))
  await expect.poll(() => told.onError.mock.calls.length).toBeGreaterThan(0)
  expect(told.onError).toHaveBeenCalledWith(new Error('no room'))
  expect(lying()).toEqual([])
})

test('an import that lacks one of its files drops the others', async () => {
  await bringHalf()
  const news = await program.page.scanning.importFiles({
    jobId: 'job',
    copy: { id: 'copy', version: 1 },
    uploadIds: ['half', 'never-brought'],
  })
  await expect(Array.fromAsync(news)).rejects.toThrow('upload-incomplete')
  expect(lying()).toEqual([])
})

test.each<readonly [string, (program: Program) => unknown]>([
  ['the person gets up', ({ page }) => page.session.end()],
  [
    'another person sits down',
    async ({ page, session }) => {
      const officer = await page.people.add({ name: 'Công Chức (mẫu)', roles: ['officer'] })
      await page.session.begin({ personId: officer.id })
      expect(session.actor?.personId).toBe(officer.id)
    },
  ],
  ['the practice office is opened', ({ page }) => page.practice.start()],
  ['the page is loaded anew', ({ session }) => endWork({ ...session, subscriptions: new Map() })],
])('half a file that was brought is gone when %s', async (_, happens) => {
  await bringHalf()
  expect(lying()).toEqual(['half'])
  await happens(program)
  await expect.poll(() => lying()).toEqual([])
})
