import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { concatTransformationMatrix, degrees, drawObject, PDFDocument, PDFName } from 'pdf-lib'
import sharp, { type Sharp } from 'sharp'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { deskScanner } from '../../electron/scanners.ts'
import { fileListDeviceId, folderDeviceId, type PageFile, type ScanRequest } from '../../electron/scanning/index.ts'

// The folder driver with the program's own reading of images and PDFs.

let input: string
let output: string
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scanning-import-'))
  input = join(folder, 'Bản quét')
  output = join(folder, 'pages')
  await mkdir(input)
})
afterEach(async () => {
  await rm(join(input, '..'), { recursive: true, force: true })
})

/** A grey A6 sheet at 100 dpi. */
function sheet(shade: number): Sharp {
  const background = { r: shade, g: shade, b: shade }
  return sharp({ create: { width: 413, height: 583, channels: 3, background } }).withDensity(100)
}

/** A PDF as scanners make it, each page one JPEG; the last page is turned. */
async function pdf(pages: number): Promise<Uint8Array> {
  const document = await PDFDocument.create()
  const image = await document.embedJpg(await sheet(90).jpeg().toBuffer())
  for (let number = 1; number <= pages; number++) {
    const page = document.addPage([297.36, 419.76])
    page.node.setXObject(PDFName.of('Scan'), image.ref)
    page.pushOperators(concatTransformationMatrix(297.36, 0, 0, 419.76, 0, 0), drawObject('Scan'))
    if (number === pages) page.setRotation(degrees(90))
  }
  return document.save()
}

async function importAll(deviceId: string): Promise<{ readonly pages: readonly PageFile[]; readonly error: unknown }> {
  const request: ScanRequest = {
    deviceId,
    source: 'feeder',
    sides: 'front',
    dpi: 300,
    colour: 'colour',
    paper: { widthMm: 105, heightMm: 148 },
  }
  const pages: PageFile[] = []
  try {
    for await (const event of deskScanner().scan(request, output)) if (event.kind === 'page') pages.push(event.file)
    return { pages, error: null }
  } catch (error) {
    return { pages, error }
  }
}

test('JPEG, PNG, TIFF and PDF of one folder become pages in the order of their names, at 100 % of their size', async () => {
  await writeFile(join(input, 'trang 1.jpg'), await sheet(10).jpeg().toBuffer())
  await writeFile(join(input, 'trang 2.PNG'), await sheet(20).png().toBuffer())
  await writeFile(join(input, 'trang 3.pdf'), await pdf(2))
  await writeFile(join(input, 'trang 10.tif'), await sheet(30).tiff().toBuffer())
  const { pages, error } = await importAll(folderDeviceId(input))
  expect(error).toBeNull()
  expect(pages.map(page => basename(page.path).slice(0, 9))).toEqual([1, 2, 3, 4, 5].map(page => `page-000${page}`))
  expect(await readdir(output)).toEqual(pages.map(page => basename(page.path)))
  const shades = await Promise.all(pages.map(async page => (await sharp(page.path).stats()).channels[0]?.mean ?? 0))
  expect(shades.map(Math.round)).toEqual([10, 20, 90, 90, 30])
  expect(pages.map(page => page.rotation ?? 0)).toEqual([0, 0, 0, 90, 0])
  for (const page of pages) {
    expect((page.widthPx / page.dpi) * 25.4).toBeCloseTo(104.9, 0)
    expect((page.heightPx / page.dpi) * 25.4).toBeCloseTo(148.1, 0)
  }
})

test.each([
  ['a JPEG cut short', 'b.jpg', 'import-file-damaged'],
  ['a PDF cut short', 'b.pdf', 'import-file-damaged'],
  ['an image without content', 'b.png', 'import-file-damaged'],
  ['a PDF with a password', 'b-locked.pdf', 'import-file-locked'],
])('%s is named and the page before it stays', async (_, name, code) => {
  await writeFile(join(input, 'a.jpg'), await sheet(10).jpeg().toBuffer())
  const bad = join(input, name)
  if (name === 'b.jpg') await writeFile(bad, (await sheet(20).jpeg().toBuffer()).subarray(0, 700))
  if (name === 'b.pdf') await writeFile(bad, (await pdf(1)).subarray(0, 400))
  if (name === 'b.png') await writeFile(bad, '')
  if (name === 'b-locked.pdf') {
    await writeFile(`${bad}.open`, await pdf(1))
    execFileSync('qpdf', ['--encrypt', 'user', 'owner', '256', '--', `${bad}.open`, bad])
  }
  const { pages, error } = await importAll(folderDeviceId(input))
  expect(error).toMatchObject({ code, parameters: { file: name, pages: 1 } })
  expect(await readdir(output)).toEqual(pages.map(page => basename(page.path)))
  expect(pages).toHaveLength(1)
})

test('a PDF of 500 pages comes whole', async () => {
  await writeFile(join(input, 'all.pdf'), await pdf(500))
  const { pages, error } = await importAll(fileListDeviceId([join(input, 'all.pdf')]))
  expect(error).toBeNull()
  expect(pages).toHaveLength(500)
})
