import {
  chmodSync,
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  completeSignature,
  prepareSignature,
  signBatch,
  signWithToken,
  verifyPdf,
} from '../../../native-signing/index.ts'
import { altered, request, samplePdf, signatureImage, signFile, temporaryFolder, testOffice } from './support.ts'

/** A copy that loses a bit of this byte. */
const disk = vi.hoisted((): { loses: number | null } => ({ loses: null }))
vi.mock('node:fs/promises', async original => {
  const real = await original<typeof import('node:fs/promises')>()
  return {
    ...real,
    async copyFile(...[from, to, mode]: Parameters<typeof real.copyFile>) {
      await real.copyFile(from, to, mode)
      if (disk.loses === null) return
      const bytes = await real.readFile(to)
      bytes[disk.loses] = (bytes[disk.loses] ?? 0) ^ 1
      await real.writeFile(to, bytes)
    },
  }
})

const office = testOffice()
const { chairman, trust } = office
const pdf = await samplePdf()
const image = await signatureImage()
let folder: ReturnType<typeof temporaryFolder>
let input = ''
beforeEach(() => {
  folder = temporaryFolder('signing-work-file-')
  input = folder.file('input.pdf')
  writeFileSync(input, pdf)
})
afterEach(() => {
  disk.loses = null
  folder[Symbol.dispose]()
})

const prepare = (workFile: string) => prepareSignature(input, request(office, chairman), { workFile })
const untouched = () => expect(readFileSync(input).equals(pdf)).toBe(true)

test.each<[string, () => string]>([
  ['by its own name', () => input],
  ['by another spelling', () => join(dirname(input), '.', 'x', '..', 'input.pdf')],
  [
    'by a link',
    () => {
      symlinkSync(input, folder.file('link.pdf'))
      return folder.file('link.pdf')
    },
  ],
  [
    'by a second name',
    () => {
      linkSync(input, folder.file('second.pdf'))
      return folder.file('second.pdf')
    },
  ],
  [
    'by a linked folder',
    () => {
      symlinkSync(folder.path, folder.file('folder'))
      return join(folder.file('folder'), 'input.pdf')
    },
  ],
])('the input is no work file, %s: refused and left alone, in a batch too', async (_, name) => {
  const workFile = name()
  await expect(prepare(workFile)).rejects.toMatchObject({ code: 'file-exists' })
  untouched()
  const batch = [{ input, workFile, output: folder.file('out.pdf'), request: request(office, chairman) }]
  const outcomes = await Array.fromAsync(signBatch(batch, chairman.session, { timestamper: null, trust }))
  expect(outcomes).toMatchObject([{ result: 'failed', error: { code: 'file-exists' } }])
  untouched()
})

test('what is refused early takes nothing away that stood at the name of the work file', async () => {
  const workFile = folder.file('work.pdf')
  writeFileSync(workFile, 'somebody’s')
  writeFileSync(input, 'no PDF')
  await expect(prepare(workFile)).rejects.toMatchObject({ code: 'pdf-unreadable' })
  const batch = [{ input, workFile, output: folder.file('out.pdf'), request: request(office, chairman) }]
  const outcomes = await Array.fromAsync(signBatch(batch, chairman.session, { timestamper: null, trust }))
  expect(outcomes).toMatchObject([{ result: 'failed', error: { code: 'pdf-unreadable' } }])
  expect(readFileSync(workFile, 'utf8')).toBe('somebody’s')
})

test('a file that stands there is replaced, not written over: neither what a link leads to nor foreign rights stay', async () => {
  const [workFile, precious] = [folder.file('work.pdf'), folder.file('precious.txt')]
  writeFileSync(precious, 'precious', { mode: 0o666 })
  symlinkSync(precious, workFile)
  await prepare(workFile)
  expect(readFileSync(precious, 'utf8')).toBe('precious')
  expect(statSync(workFile).ino).not.toBe(statSync(precious).ino)
})

test('an input that is replaced while its mark is drawn is not signed as planned', async () => {
  // long enough for the swap: the picture is drawn between planning and reading
  const other = folder.file('other.pdf')
  writeFileSync(other, await samplePdf({ pages: 5, objectStreams: true }))
  const appearance = { page: 2, rectangle: { x: 10, y: 10, width: 120, height: 60 }, image }
  const workFile = folder.file('work.pdf')
  const preparing = prepareSignature(input, request(office, chairman, { appearance }), { workFile })
  renameSync(other, input)
  await expect(preparing).rejects.toMatchObject({ code: 'pdf-unreadable' })
  expect(existsSync(workFile)).toBe(false)
})

test('so is one that is written to meanwhile', async () => {
  const appearance = { page: 2, rectangle: { x: 10, y: 10, width: 120, height: 60 }, image }
  const workFile = folder.file('work.pdf')
  const preparing = prepareSignature(input, request(office, chairman, { appearance }), { workFile })
  writeFileSync(
    input,
    pdf.map((byte, at) => (at === 9 ? byte ^ 1 : byte)),
  )
  await expect(preparing).rejects.toMatchObject({ code: 'pdf-unreadable' })
  expect(existsSync(workFile)).toBe(false)
})

test.each([
  ['private', 0o600, 0o600],
  ['read-only', 0o444, 0o644],
])('what is made of a %s file is read by nobody else', async (_, before, after) => {
  const [input, output] = [folder.file(`mode-${before}.pdf`), folder.file(`mode-${before}-signed.pdf`)]
  writeFileSync(input, pdf)
  chmodSync(input, before)
  await signFile(office, chairman, input, output)
  expect(statSync(output).mode & 0o777).toBe(after)
})

test.each([
  ['prefix', 60],
  ['our own update', -200],
])('a work file altered on the way (%s) gives no output', async (_, place) => {
  const [workFile, output] = [folder.file('work.pdf'), folder.file('out.pdf')]
  const toBeSigned = await prepare(workFile)
  const value = await signWithToken(toBeSigned, chairman.session)
  altered(workFile, workFile, bytes => {
    const at = place < 0 ? bytes.length + place : place
    bytes[at] = (bytes[at] ?? 0) ^ 1
    return bytes
  })
  await expect(completeSignature(toBeSigned, value, { timestamper: null, trust, output })).rejects.toMatchObject({
    code: 'self-check-failed',
  })
  expect(existsSync(output)).toBe(false)
})

describe.runIf(isOtherDisk('/dev/shm'))('a work file on another disk than the output', () => {
  const sign = async () => {
    using elsewhere = temporaryFolder('signing-disk-', '/dev/shm')
    const output = folder.file('out.pdf')
    await signFile(office, chairman, input, output, { workFile: elsewhere.file('work.pdf') })
    return { output, left: existsSync(elsewhere.file('work.pdf')) }
  }

  test('is copied there and leaves nothing behind', async () => {
    const { output, left } = await sign()
    expect((await verifyPdf(output, trust)).valid).toBe(true)
    expect(left).toBe(false)
  })

  test('is no output where a bit is lost on the way', async () => {
    disk.loses = 60
    await expect(sign()).rejects.toMatchObject({ code: 'self-check-failed' })
    expect(readdirSync(folder.path)).toEqual(['input.pdf'])
  })
})

function isOtherDisk(path: string): boolean {
  return existsSync(path) && statSync(path).dev !== statSync(tmpdir()).dev
}
