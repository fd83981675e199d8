import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { explain } from '../../electron/messages.ts'
import {
  type PageFile,
  type SaneOptions,
  type ScanEvent,
  ScanningError,
  type ScanRequest,
  saneDeviceId,
  saneDriver,
} from '../../electron/scanning/index.ts'

// SANE's backend `test` is the device: real scanimage, a feeder of ten sheets, every fault it can name.

const FEEDER: ScanRequest = {
  deviceId: saneDeviceId('test:0'),
  source: 'feeder',
  sides: 'front',
  dpi: 75,
  colour: 'colour',
  paper: { widthMm: 148, heightMm: 195 },
}
const FLATBED: ScanRequest = { ...FEEDER, source: 'flatbed' }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scanning-sane-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

interface Outcome {
  readonly events: readonly ScanEvent[]
  readonly pages: readonly PageFile[]
  readonly error: unknown
}

async function scan(
  options: SaneOptions,
  request: ScanRequest,
  signal?: AbortSignal,
  onEvent: (event: ScanEvent) => void = () => undefined,
): Promise<Outcome> {
  const events: ScanEvent[] = []
  let error: unknown = null
  try {
    for await (const event of saneDriver(options).scan(request, join(folder, 'pages'), signal)) {
      events.push(event)
      onEvent(event)
    }
  } catch (thrown) {
    error = thrown
  }
  return { events, pages: events.flatMap(event => (event.kind === 'page' ? [event.file] : [])), error }
}

/** Pages are what was said of them, nothing else lies in the folder. */
async function expectKept(pages: readonly PageFile[]): Promise<void> {
  for (const page of pages) {
    const bytes = await readFile(page.path)
    expect(bytes.byteLength).toBe(page.bytes)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(page.sha256)
    const { format, width, height, density } = await sharp(bytes).metadata()
    expect([`image/${format}`, width, height, density]).toEqual([page.mediaType, page.widthPx, page.heightPx, page.dpi])
    await sharp(bytes, { failOn: 'warning' }).raw().toBuffer()
  }
  const there = await readdir(join(folder, 'pages')).catch(() => [])
  expect(there.sort()).toEqual(pages.map(page => page.path.slice(join(folder, 'pages').length + 1)))
}

/** A program in scanimage's place that runs the real one and then does something of its own. */
async function scanimageThen(script: string): Promise<string> {
  const path = join(folder, 'scanimage-then')
  const passThrough = 'case "$*" in *--all-options*) exec scanimage "$@" ;; esac'
  await writeFile(path, `#!/bin/sh\n${passThrough}\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

describe('faults', () => {
  test.each([
    ['SANE_STATUS_DEVICE_BUSY', 'scanner-busy'],
    ['SANE_STATUS_JAMMED', 'scanner-paper-jam'],
    ['SANE_STATUS_NO_DOCS', 'scanner-no-paper'],
    ['SANE_STATUS_COVER_OPEN', 'scanner-cover-open'],
    ['SANE_STATUS_IO_ERROR', 'scanner-io-error'],
    ['SANE_STATUS_NO_MEM', 'scanner-out-of-memory'],
    ['SANE_STATUS_ACCESS_DENIED', 'scanner-access-denied'],
    ['SANE_STATUS_CANCELLED', 'scanner-stopped'],
    ['SANE_STATUS_UNSUPPORTED', 'scanner-refused-settings'],
    ['SANE_STATUS_INVAL', 'scanner-refused-settings'],
    // The backend then gives pages without a single line, without end.
    ['SANE_STATUS_EOF', 'scanned-page-damaged'],
  ])('%s on the first page is %s, and nothing is left in the folder', async (status, code) => {
    const { pages, error } = await scan({ deviceOptions: { 'test:0': [`--read-return-value=${status}`] } }, FEEDER)
    expect(error).toBeInstanceOf(ScanningError)
    expect(error).toMatchObject({ code, parameters: { pages: 0 } })
    expect(explain(error, 'vi').code).toBe(code)
    expect(pages).toEqual([])
    await expectKept([])
  })

  test.each([
    ['SANE_STATUS_JAMMED', 'scanner-paper-jam'],
    ['SANE_STATUS_COVER_OPEN', 'scanner-cover-open'],
    ['SANE_STATUS_IO_ERROR', 'scanner-io-error'],
  ])('%s in the middle of a stack keeps the pages before it and says how many', async (status, code) => {
    const program = await scanimageThen(
      `scanimage "$@" --batch-count=3\nexec scanimage "$@" --batch-start=4 --read-return-value=${status}`,
    )
    const { pages, error } = await scan({ program }, FEEDER)
    expect(error).toMatchObject({ code, parameters: { pages: 3 } })
    expect(explain(error, 'vi').what).toContain('Số trang đã quét và được giữ: 3.')
    expect(pages).toHaveLength(3)
    await expectKept(pages)
  })

  test('a feeder that is empty after some pages has simply come to its end', async () => {
    const program = await scanimageThen(
      'scanimage "$@" --batch-count=2\nexec scanimage "$@" --batch-start=3 --read-return-value=SANE_STATUS_NO_DOCS',
    )
    const { pages, error } = await scan({ program }, FEEDER)
    expect(error).toBeNull()
    expect(pages).toHaveLength(2)
  })

  test('a program killed in the middle is a fault, not an end', async () => {
    const program = await scanimageThen('scanimage "$@" --batch-count=2\nkill -SEGV $$')
    const { pages, error } = await scan({ program }, FEEDER)
    expect(error).toMatchObject({ code: 'scanner-failed', parameters: { pages: 2 } })
    await expectKept(pages)
  })

  test('a scanner that falls silent and does not let go is given up and killed; its pages are kept', async () => {
    const program = await scanimageThen(
      `trap '' INT
{ scanimage "$@" --batch-count=2 2>&1 1>&3 | grep -v --line-buffered 'Batch terminated' 1>&2; } 3>&1
echo $$ > ${folder}/process
exec sleep 300`,
    )
    const { pages, error } = await scan({ program, silenceMs: 4_000, graceMs: 200 }, FEEDER)
    expect(error).toMatchObject({ code: 'scanner-not-responding', parameters: { pages: 2 } })
    await expectKept(pages)
    const process_ = Number(await readFile(join(folder, 'process'), 'utf8'))
    expect(() => process.kill(process_, 0)).toThrow(expect.objectContaining({ code: 'ESRCH' }))
  })

  test.each([
    ['its options', 'exec yes "    --source Flatbed|Automatic Document Feeder [Flatbed]"'],
    ['one line of options without an end', "exec tr '\\\\0' - < /dev/zero"],
    ['what is wrong', 'exec yes nothing 1>&2'],
  ])('a driver that tells %s without end is stopped, and not remembered', async (_, script) => {
    const program = join(folder, 'endless')
    await writeFile(program, `#!/bin/sh\n${script}\n`)
    await chmod(program, 0o755)
    const { error } = await scan({ program, graceMs: 200 }, FEEDER)
    expect(error).toMatchObject({ code: 'scanner-says-too-much', parameters: { pages: 0 } })
    await expect(saneDriver({ program, graceMs: 200 }).devices()).rejects.toMatchObject({
      code: 'scanner-says-too-much',
    })
  })

  test.each([
    ['stdout', ''],
    ['stderr', '1>&2'],
  ])('a driver that talks on %s without end after two pages is stopped; the pages are kept', async (_, where) => {
    const program = await scanimageThen(
      `{ scanimage "$@" --batch-count=2 2>&1 1>&3 | grep -v --line-buffered 'Batch terminated' 1>&2; } 3>&1
exec yes Progress: 12% ${where}`,
    )
    const { pages, error } = await scan({ program, graceMs: 200 }, FEEDER)
    expect(error).toMatchObject({ code: 'scanner-says-too-much', parameters: { pages: 2 } })
    await expectKept(pages)
  })

  test('a driver that hangs after its last page holds nobody up: the scan has ended well', async () => {
    const program = await scanimageThen(`trap '' INT\nscanimage "$@" --batch-count=2\nexec sleep 300`)
    const { pages, error } = await scan({ program, graceMs: 200 }, FEEDER)
    expect(error).toBeNull()
    expect(pages).toHaveLength(2)
    await expectKept(pages)
  })

  test('a scanner that is not there, a program that is not there', async () => {
    expect((await scan({}, { ...FEEDER, deviceId: 'sane:test:7' })).error).toMatchObject({ code: 'scanner-not-found' })
    expect((await scan({}, { ...FEEDER, deviceId: 'wia:1' })).error).toMatchObject({ code: 'scanner-not-found' })
    const program = join(folder, 'no-such-program')
    expect((await scan({ program }, FEEDER)).error).toMatchObject({ code: 'scanning-program-missing' })
    await expect(saneDriver({ program }).devices()).rejects.toMatchObject({ code: 'scanning-program-missing' })
  })

  test('paper larger than the glass is refused before anything moves, with what is possible', async () => {
    const { error } = await scan({}, { ...FEEDER, paper: { widthMm: 210, heightMm: 297 } })
    expect(error).toMatchObject({ code: 'scan-paper-too-large', parameters: { maximumWidth: '200' } })
    expect(explain(error, 'vi').what).toContain('210 × 297 mm')
  })

  test('an option that the device does not know is its refusal, not ours to hide', async () => {
    expect((await scan({ deviceOptions: { 'test:0': ['--no-such-option=1'] } }, FLATBED)).error).toMatchObject({
      code: 'scanner-refused-settings',
    })
  })
})

describe('cancelling', () => {
  const slow: SaneOptions = { deviceOptions: { 'test:0': ['--read-delay=yes', '--read-delay-duration=20000'] } }

  test('in the middle of a page drops that page, keeps those before it, and frees the device', async () => {
    const cancel = new AbortController()
    const { pages, error } = await scan(slow, FEEDER, cancel.signal, event => {
      if (event.kind === 'progress' && event.page === 2 && event.fraction > 0.2) cancel.abort()
    })
    expect(error).toMatchObject({ code: 'scan-cancelled', parameters: { pages: 1 } })
    await expectKept(pages)
    expect((await scan({}, FLATBED)).error).toBeNull()
  })

  test('before the start nothing is started', async () => {
    expect((await scan({}, FEEDER, AbortSignal.abort())).error).toMatchObject({ code: 'scan-cancelled' })
    await expect(saneDriver().devices(AbortSignal.abort())).rejects.toMatchObject({ code: 'scan-cancelled' })
    await expectKept([])
  })

  test('a reader that simply stops reading ends the scan too', async () => {
    for await (const event of saneDriver(slow).scan(FEEDER, join(folder, 'pages'))) if (event.kind === 'progress') break
    await expectKept([])
  })
})

describe('fair weather', () => {
  test('ten pages come from the feeder one by one, in order, with rising progress, and then a normal end', async () => {
    const { events, pages, error } = await scan(
      { deviceOptions: { 'test:0': ['--test-picture=Color pattern'] } },
      FEEDER,
    )
    expect(error).toBeNull()
    expect(pages).toHaveLength(10)
    await expectKept(pages)
    // 148 × 195 mm at 75 dpi; the device rounds to whole lines.
    for (const page of pages) expect([page.widthPx, page.heightPx, page.dpi]).toEqual([437, 575, 75])
    const places = events.map(event => event.page + (event.kind === 'page' ? 1 : event.fraction * 0.999))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(events.some(event => event.kind === 'progress' && event.page === 1)).toBe(true)
  })

  test.each([
    ['colour', 'image/jpeg', 3],
    ['grey', 'image/jpeg', 1],
    ['lineart', 'image/png', 1],
  ] as const)(
    '%s at 200 dpi from the glass is one %s page at 100 %% of its size',
    async (colour, mediaType, channels) => {
      const request = { ...FLATBED, colour, dpi: 200, paper: { widthMm: 105, heightMm: 148 } }
      const { pages, error } = await scan({ deviceOptions: { 'test:0': ['--test-picture=Grid'] } }, request)
      expect(error).toBeNull()
      expect(pages).toMatchObject([{ mediaType, dpi: 200, widthPx: 826, heightPx: 1165 }])
      expect((await sharp(pages[0]?.path).metadata()).channels).toBe(channels)
      await expectKept(pages)
    },
  )

  test('more pages go behind those kept; what a killed scan left behind goes away', async () => {
    const first = await scan({}, FLATBED)
    await mkdir(join(folder, 'pages', '.scan-left'))
    await writeFile(join(folder, 'pages', '.scan-left', 'raw0001.tif'), 'half a page')
    await writeFile(join(folder, 'pages', '.page-0002.jpg.0a1b2c.tmp'), 'half a page')
    const second = await scan({}, FLATBED)
    expect(second.pages.map(page => page.path)).toEqual([join(folder, 'pages', 'page-0002.jpg')])
    await expectKept([...first.pages, ...second.pages])
  })

  test('a folder with a percent sign and Vietnamese letters is a folder like any other', async () => {
    const directory = join(folder, 'Hồ sơ 100%d %n')
    for await (const event of saneDriver().scan(FLATBED, directory))
      if (event.kind === 'page') expect(event.file.path).toBe(join(directory, 'page-0001.jpg'))
    expect(await readdir(directory)).toEqual(['page-0001.jpg'])
  })

  test('SANE’s own search and devices by name are listed with what they can do', async () => {
    await writeFile(join(folder, 'dll.conf'), 'test\n')
    await writeFile(join(folder, 'test.conf'), '')
    const environment = { SANE_CONFIG_DIR: folder }
    const devices = await saneDriver({ environment, extraDevices: ['test:0', 'gone:0'] }).devices()
    expect(devices.map(device => device.id)).toEqual(['sane:test:0', 'sane:test:1', 'sane:gone:0'])
    expect(devices[0]).toMatchObject({ driver: 'sane', vendor: 'Noname', model: 'frontend-tester' })
    expect(devices[0]?.sources.map(source => source.source)).toEqual(['flatbed', 'feeder'])
    expect(devices[0]?.sources[1]?.maximumPaper).toEqual({ widthMm: 200, heightMm: 200 })
    expect(devices[2]?.sources).toEqual([])
  })

  test('no scanner at all is an empty list', async () => {
    await writeFile(join(folder, 'dll.conf'), '')
    expect(await saneDriver({ environment: { SANE_CONFIG_DIR: folder } }).devices()).toEqual([])
  })
})
