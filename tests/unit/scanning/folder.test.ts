import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DeskError } from '../../../electron/errors.ts'
import { explain } from '../../../electron/messages.ts'
import type { PageFile } from '../../../electron/scanning/driver.ts'
import {
  fileListDeviceId,
  folderDeviceId,
  folderDriver,
  type ImportFile,
  naturalOrder,
} from '../../../electron/scanning/folder.ts'
import { combineDrivers, onlyDevice, searchDevices } from '../../../electron/scanning/index.ts'
import { saneDriver } from '../../../electron/scanning/sane.ts'

class ReadingError extends DeskError<'image-damaged' | 'pdf-password' | 'import-cancelled'> {}

/** Stands for the reading of documents: copies a sound image; a `.pdf` gives one page per line of its text. */
const importFile: ImportFile = async function* (path, directory, { firstPage, signal }) {
  const text = path.endsWith('.pdf') ? await readFile(path, 'utf8') : null
  if (text === 'locked') throw new ReadingError('pdf-password')
  const count = text?.split('\n').length ?? 1
  for (let page = 0; page < count; page++) {
    if (signal?.aborted) throw new ReadingError('import-cancelled')
    const image = text === null ? path : join(input, 'page.source')
    const { width, height } = await sharp(image)
      .metadata()
      .catch((error: unknown) => {
        throw new ReadingError('image-damaged', {}, { cause: error })
      })
    const to = join(directory, `page-${String(firstPage + page).padStart(4, '0')}.jpg`)
    await copyFile(image, to)
    yield { image: { path: to, mediaType: 'image/jpeg', widthPx: width, heightPx: height, dpi: 200 } }
  }
}

let folder: string
let input: string
let output: string
let jpeg: Buffer
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scanning-folder-'))
  input = join(folder, 'vào')
  output = join(folder, 'ra')
  await mkdir(input)
  jpeg = await sharp({ create: { width: 16, height: 24, channels: 3, background: 'white' } })
    .jpeg()
    .toBuffer()
  await writeFile(join(input, 'page.source'), jpeg)
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

async function put(...names: readonly string[]): Promise<void> {
  for (const name of names) await writeFile(join(input, name), jpeg)
}

async function importAll(
  device: string,
  signal?: AbortSignal,
  onPage: (page: number) => void = () => undefined,
): Promise<{ readonly pages: readonly PageFile[]; readonly error: unknown }> {
  const pages: PageFile[] = []
  const request = {
    deviceId: device,
    source: 'feeder',
    sides: 'front',
    dpi: 300,
    colour: 'colour',
    paper: { widthMm: 210, heightMm: 297 },
  } as const
  try {
    for await (const event of folderDriver({ importFile }).scan(request, output, signal)) {
      if (event.kind !== 'page') continue
      pages.push(event.file)
      onPage(event.page)
    }
    return { pages, error: null }
  } catch (error) {
    return { pages, error }
  }
}

describe('faults', () => {
  test.each([
    ['a damaged image', 'not an image', 'hỏng.jpg', 'import-file-damaged'],
    ['an empty file', '', 'rỗng.png', 'import-file-damaged'],
    ['a PDF with a password', 'locked', 'khóa.pdf', 'import-file-locked'],
  ])('%s is named, and the pages before it stay', async (_, content, name, code) => {
    await put('a1.jpg', 'a2.jpg', 'z.jpg')
    await writeFile(join(input, name), content)
    const { pages, error } = await importAll(folderDeviceId(input))
    expect(error).toMatchObject({ code, parameters: { file: name, pages: 2 } })
    expect(explain(error, 'vi').what).toContain(name)
    expect(await readdir(output)).toEqual(pages.map(page => basename(page.path)))
    expect(pages).toHaveLength(2)
  })

  test('no folder, and a folder without anything to import', async () => {
    expect((await importAll(folderDeviceId(join(folder, 'none')))).error).toMatchObject({ code: 'folder-not-found' })
    await put('Thumbs.db', 'ghi chú.docx')
    expect((await importAll(folderDeviceId(input))).error).toMatchObject({ code: 'folder-empty' })
  })

  test('hidden and unfinished files, folders and links are left out', async () => {
    await put('b.jpg', '.b.jpg', '._c.jpg', '~$d.pdf', 'e.jpg.part', 'f.pdf.crdownload', 'g.tmp')
    await mkdir(join(input, 'folder.jpg'))
    await writeFile(join(folder, 'secret.jpg'), jpeg)
    await symlink(join(folder, 'secret.jpg'), join(input, 'link.jpg'))
    const { pages, error } = await importAll(folderDeviceId(input))
    expect(error).toBeNull()
    expect(pages).toHaveLength(1)
  })

  test('chosen files that are gone, no files, or of another kind are named', async () => {
    await put('1.jpg', '2.docx')
    await mkdir(join(input, '3.jpg'))
    const chosen = (name: string): string => fileListDeviceId([join(input, '1.jpg'), join(input, name)])
    const parameters = (name: string): object => ({ file: name, pages: 1 })
    expect((await importAll(chosen('2.docx'))).error).toMatchObject({
      code: 'import-file-unsupported',
      parameters: parameters('2.docx'),
    })
    for (const name of ['3.jpg', '4.jpg'])
      expect((await importAll(chosen(name))).error).toMatchObject({
        code: 'import-file-not-found',
        parameters: parameters(name),
      })
    for (const device of ['folder:[', 'folder:[]', 'folder:["relative.jpg"]', 'folder:[1]'])
      expect((await importAll(device)).error).toMatchObject({ code: 'folder-not-found' })
  })

  test('cancelled in the middle of a long PDF, the pages done stay', async () => {
    await writeFile(join(input, 'a.pdf'), Array(500).fill('page').join('\n'))
    const cancel = new AbortController()
    const { pages, error } = await importAll(folderDeviceId(input), cancel.signal, page => page === 7 && cancel.abort())
    expect(error).toMatchObject({ code: 'scan-cancelled', parameters: { pages: 7 } })
    expect(pages).toHaveLength(7)
  })

  test('a full disk stays a full disk', async () => {
    await put('a.jpg')
    const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
    const driver = folderDriver({
      // biome-ignore lint/correctness/useYield: it fails before its first page
      async *importFile() {
        throw full
      },
    })
    const request = {
      deviceId: folderDeviceId(input),
      source: 'feeder',
      sides: 'front',
      dpi: 300,
      colour: 'colour',
      paper: { widthMm: 210, heightMm: 297 },
    } as const
    await expect(driver.scan(request, output)[Symbol.asyncIterator]().next()).rejects.toBe(full)
  })
})

describe('fair weather', () => {
  test('pages come in the order that people count in, images and PDFs mixed', async () => {
    await put('Trang 10.jpg', 'trang 2.JPG', 'trang 1.jpeg')
    await writeFile(join(input, 'trang 3.pdf'), 'one\ntwo')
    const { pages, error } = await importAll(folderDeviceId(input))
    expect(error).toBeNull()
    expect(pages.map(page => basename(page.path))).toEqual([1, 2, 3, 4, 5].map(number => `page-000${number}.jpg`))
    expect(pages[0]).toMatchObject({ widthPx: 16, heightPx: 24, dpi: 200, bytes: jpeg.byteLength })
  })

  test('500 pages, and then more behind them', async () => {
    await writeFile(join(input, 'a.pdf'), Array(500).fill('page').join('\n'))
    expect((await importAll(folderDeviceId(input))).pages).toHaveLength(500)
    await put('b.jpg')
    const more = await importAll(fileListDeviceId([join(input, 'b.jpg')]))
    expect(more.pages.map(page => basename(page.path))).toEqual(['page-0501.jpg'])
  })

  test('chosen files keep the order in which they were chosen', async () => {
    await put('a.jpg')
    await writeFile(join(input, 'b.pdf'), 'one\ntwo')
    const { pages } = await importAll(fileListDeviceId([join(input, 'b.pdf'), join(input, 'a.jpg')]))
    expect(pages).toHaveLength(3)
  })

  test('names are ordered by number and by the Vietnamese alphabet', () => {
    const ordered = ['a 2', 'a 10', 'ă', 'â', 'b', 'c', 'd', 'đ 1', 'e']
    expect([...ordered].reverse().sort(naturalOrder)).toEqual(ordered)
  })

  test('the order of names is total', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'A', '0', '1', '10', ' ', 'đ', 'ă', '́'), maxLength: 6 })
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(Math.sign(naturalOrder(a, b))).toBe(-Math.sign(naturalOrder(b, a)) + 0)
        expect(naturalOrder(a, b) === 0).toBe(a === b)
        if (naturalOrder(a, b) <= 0 && naturalOrder(b, c) <= 0) expect(naturalOrder(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })
})

describe('several drivers as one', () => {
  const withoutSane = saneDriver({ program: '/nonexistent/scanimage' })

  test('a desk without SANE still imports; what is missing is told when nothing else is there', async () => {
    const drivers = [withoutSane, folderDriver({ importFile, folders: [input] })]
    const { devices, problems } = await searchDevices(drivers)
    expect(devices.map(device => device.id)).toEqual([folderDeviceId(input)])
    expect(problems.map(problem => problem.code)).toEqual(['scanning-program-missing'])
    expect(await onlyDevice(combineDrivers(drivers))).toEqual(devices[0])
    await expect(combineDrivers([withoutSane]).devices()).rejects.toMatchObject({ code: 'scanning-program-missing' })
    await expect(onlyDevice(folderDriver({ importFile }))).rejects.toMatchObject({ code: 'no-scanner' })
    await expect(onlyDevice(folderDriver({ importFile, folders: [input, output] }))).rejects.toMatchObject({
      code: 'several-scanners',
    })
  })

  test('a device of no driver is not found', async () => {
    const all = combineDrivers([withoutSane, folderDriver({ importFile })])
    const request = {
      deviceId: 'saned:0',
      source: 'flatbed',
      sides: 'front',
      dpi: 300,
      colour: 'grey',
      paper: { widthMm: 100, heightMm: 100 },
    } as const
    await expect(all.scan(request, output)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'scanner-not-found',
    })
  })
})
