import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { programOn } from '../support/program.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

const OFFICE = { name: 'UBND xã Mẫu', administrator: 'Quản Trị (mẫu)' }

let folder: TemporaryFolder
let outside: TemporaryFolder
let program: Awaited<ReturnType<typeof programOn>>
/** What the person points at in the system's dialog. */
let pointedAt: string | null
beforeAll(async () => {
  folder = temporaryFolder()
  // No folder of the system for temporary files: those are brought by anybody.
  outside = temporaryFolder('desk-driver-', join(import.meta.dirname, '../../node_modules'))
  program = await programOn(folder, { askForPath: async () => pointedAt })
  await program.page.session.found(OFFICE)
})
afterAll(async () => {
  await program[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
  outside[Symbol.dispose]()
})

const settings = (): string => readFileSync(folder.file('office/settings.json'), 'utf8')

test('the page cannot have a library loaded that it uploaded: neither by path nor by an id of its own', async () => {
  const { page, session } = program
  const uploadId = randomUUID()
  await page.uploads.append({ uploadId, name: 'mod.so', offset: 0, bytes: Buffer.from('\x7fELF').toString('base64') })
  const { path } = await session.uploads.file(uploadId)
  const before = settings()
  await expect(page.settings.changeDesk({ tokenModules: [path] })).rejects.toThrow()
  await expect(page.settings.changeDesk({ tokenModules: [uploadId] })).rejects.toThrow('path-not-chosen')
  await expect(
    page.tokens.changePin({ module: path, slotId: 0, serialNumber: '', pin: '1', newPin: '2' }),
  ).rejects.toThrow('module-not-found')
  await expect(page.signing.findToken({ kind: 'seal', choice: { module: path } })).rejects.toThrow()
  expect(settings()).toBe(before)
  expect((await page.tokens.overview({})).faults.map(fault => fault.module)).not.toContain(path)
})

test('what is uploaded keeps no ending that a system runs or loads', async () => {
  const { page, session } = program
  for (const name of ['mod.so', 'mod.dll', 'mod.dylib', 'a.exe', 'a.sh', 'a.desktop', 'a.js', 'a.node']) {
    const uploadId = randomUUID()
    await page.uploads.append({ uploadId, name, offset: 0, bytes: '' })
    const { path } = await session.uploads.file(uploadId)
    expect(readdirSync(join(path, '..'))).toEqual(['upload'])
    await page.uploads.drop({ uploadId })
  }
})

test('a person may point at another module in the system’s dialog; the page gets its id, which is good for that alone', async () => {
  const { page } = program
  pointedAt = outside.file('libdriver.so')
  writeFileSync(pointedAt, '')
  const chosen = await page.settings.chooseTokenModule()
  expect(chosen).toMatchObject({ path: pointedAt, isSet: false })
  await page.settings.changeDesk({ tokenModules: [chosen?.id ?? ''] })
  expect(JSON.parse(settings()).tokens.modules).toEqual([pointedAt])
  expect((await page.settings.tokenModules()).filter(({ isSet }) => isSet)).toMatchObject([{ path: pointedAt }])
  await page.settings.changeDesk({ tokenModules: [] })
})

test('nothing is chosen where the person closes the dialog', async () => {
  pointedAt = null
  expect(await program.page.settings.chooseTokenModule()).toBeNull()
})

test('a file that others brought is refused, even where a person was talked into pointing at it', async () => {
  const { page } = program
  const link = outside.file('link.so')
  const inUploads = folder.file('temporary/uploads/x.so')
  const inOffice = folder.file('office/x.so')
  using temporary = temporaryFolder()
  mkdirSync(folder.file('temporary/uploads'), { recursive: true })
  for (const file of [inUploads, inOffice, temporary.file('x.so')]) writeFileSync(file, '')
  symlinkSync(inUploads, link)
  for (const file of [inUploads, inOffice, temporary.file('x.so'), link]) {
    pointedAt = file
    await expect(page.settings.chooseTokenModule()).rejects.toThrow('path-of-brought-files')
  }
})

test('only the administrator opens the dialog, and one at a time', async () => {
  const { page } = program
  let close: () => void = () => undefined
  const open = new Promise<null>(resolve => {
    close = () => resolve(null)
  })
  await using other = await programOn(temporaryFolderOf('other'), { askForPath: () => open })
  await other.page.session.found(OFFICE)
  const first = other.page.settings.chooseTokenModule()
  await expect(other.page.settings.chooseTokenModule()).rejects.toThrow('call-refused')
  close()
  expect(await first).toBeNull()

  const officer = await page.people.add({ name: 'Công Chức (mẫu)', roles: ['officer'] })
  await page.session.begin({ personId: officer.id })
  await expect(page.settings.chooseTokenModule()).rejects.toThrow('role-missing')
})

const temporaryFolderOf = (name: string): TemporaryFolder => {
  const path = folder.file(name)
  mkdirSync(path)
  return { path, file: part => join(path, part), [Symbol.dispose]: () => undefined }
}

test.each(['/etc/passwd', '../x:0', '-x', '--device=x', '', 'net:a\nb'])(
  'a further scanner is named as SANE names it, never by a path: %j',
  async name => {
    await expect(program.page.settings.changeDesk({ extraScanners: [name] })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    })
  },
)
