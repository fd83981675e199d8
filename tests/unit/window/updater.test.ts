import { execFileSync } from 'node:child_process'
import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type Installation, installationHere } from '../../../electron/window/installation.ts'
import { isNewer, releaseKeys } from '../../../electron/window/release.ts'
import { createUpdater } from '../../../electron/window/updater.ts'
import { type TemporaryFolder, temporaryFolder } from '../../support/temporary-folder.ts'

const FEED = 'https://capnhat.example.vn/ban'
const OURS = '1.2.3'
const publisher = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519')
const PROGRAM = Buffer.from('#!/bin/sh\necho the newer program\n'.repeat(3000))
const sha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex')
const signatureBy = ({ privateKey }: typeof publisher, bytes: Uint8Array): string =>
  `${sign(null, bytes, privateKey).toString('base64')}\n`

interface Described {
  readonly product?: string
  readonly version?: string
  readonly target?: string
  readonly name?: string
}

const describeRelease = ({
  product = 'vn.chungthuc.desk',
  version = '1.3.0',
  target = 'linux-x64-appimage',
  name = 'Ban chung thuc-1.3.0.AppImage',
}: Described = {}): Buffer<ArrayBuffer> =>
  Buffer.from(
    JSON.stringify({
      product,
      version,
      files: { [target]: { name, bytes: PROGRAM.byteLength, sha512: sha512(PROGRAM) } },
    }),
  )

/** A feed's files by name, as its web server has them now. */
type Feed = Record<string, Uint8Array<ArrayBuffer> | string>

function feedOf(release: Buffer<ArrayBuffer>, signature = signatureBy(publisher, release)): Feed {
  return { 'release.json': release, 'release.json.sig': signature, 'Ban chung thuc-1.3.0.AppImage': PROGRAM }
}

let folder: TemporaryFolder
let image: string
let faults: unknown[]
let asked: string[]

beforeEach(() => {
  folder = temporaryFolder()
  image = folder.file('desk.AppImage')
  writeFileSync(image, 'the old program')
  chmodSync(image, 0o755)
  faults = []
  asked = []
})
afterEach(() => folder[Symbol.dispose]())

const asAppImage = (): Installation | null =>
  installationHere({ platform: 'linux', arch: 'x64', environment: { APPIMAGE: image }, folder: folder.file('updates') })

const askOf =
  (feed: () => Feed): typeof fetch =>
  async address => {
    asked.push(String(address))
    const name = decodeURIComponent(new URL(String(address)).pathname.split('/').at(-1) ?? '')
    const body = feed()[name]
    return body === undefined ? new Response('', { status: 404 }) : new Response(body)
  }

const updaterOn = (feed: () => Feed, installation = asAppImage(), keys = [publisher.publicKey]) =>
  createUpdater({
    version: OURS,
    keys,
    installation,
    folder: folder.file('updates'),
    ask: askOf(feed),
    onFault: (_what, error) => faults.push(error),
  })

/** What stands in the program's place after it followed the feed and was closed. */
async function afterClosing(feed: Feed): Promise<string> {
  const updater = updaterOn(() => feed)
  await updater.follow(FEED)
  await updater.install()
  return readFileSync(image, 'utf8')
}

const OLD = 'the old program'
const NEW = PROGRAM.toString()

test('a newer program that the built-in key has signed is fetched, told, and takes the place of the old one', async () => {
  const updater = updaterOn(() => feedOf(describeRelease()))
  expect(await updater.look(FEED)).toEqual({ kind: 'found', version: '1.3.0' })
  await updater.follow(FEED)
  expect(await updater.look(FEED)).toEqual({ kind: 'fetched', version: '1.3.0' })
  expect(readFileSync(image, 'utf8')).toBe(OLD)
  await updater.install()
  expect(faults).toEqual([])
  expect(readFileSync(image, 'utf8')).toBe(NEW)
  expect(statSync(image).mode & 0o777).toBe(0o755)
})

test('the folder is asked, whether its address ends in a slash or not', async () => {
  const updater = updaterOn(() => feedOf(describeRelease()))
  await updater.look(FEED)
  await updater.look(`${FEED}/`)
  expect(new Set(asked)).toEqual(new Set([`${FEED}/release.json`, `${FEED}/release.json.sig`]))
})

test('without an address, without a key, or where a package manager renews it, nobody is asked and nothing is fetched', async () => {
  const feed = () => feedOf(describeRelease())
  expect(await updaterOn(feed).look(null)).toEqual({ kind: 'off' })
  const keyless = updaterOn(feed, asAppImage(), [])
  const packaged = updaterOn(feed, installationHere({ platform: 'linux', arch: 'x64', environment: {}, folder: '' }))
  expect([keyless.possible, packaged.possible]).toEqual(['no-key', 'not-here'])
  for (const updater of [keyless, packaged]) {
    expect(await updater.look(FEED)).toEqual({ kind: updater.possible })
    await updater.follow(FEED)
    await updater.install()
  }
  expect(asked).toEqual([])
  expect(readFileSync(image, 'utf8')).toBe(OLD)
})

const release = describeRelease()
const valid = signatureBy(publisher, release)
const longer = describeRelease({ version: '1.4.0' })

test.each<readonly [string, Feed, string]>([
  ['no signature', { ...feedOf(release), 'release.json.sig': '' }, 'update-not-signed'],
  ['a signature file that is missing', { 'release.json': release }, 'update-not-signed'],
  ['a stranger’s signature', feedOf(release, signatureBy(stranger, release)), 'update-not-signed'],
  ['a signature over another release', feedOf(longer, valid), 'update-not-signed'],
  ['a signature that is cut', feedOf(release, valid.slice(0, 40)), 'update-not-signed'],
  ['a signature with something behind it', feedOf(release, `${valid}${valid}`), 'update-not-signed'],
  ['one changed byte', feedOf(Buffer.from(release.toString().replace('1.3.0', '1.3.1')), valid), 'update-not-signed'],
  ['another program of the same publisher', feedOf(describeRelease({ product: 'vn.example' })), 'update-feed-wrong'],
  ['a name that leads out of the folder', feedOf(describeRelease({ name: '../other' })), 'update-feed-wrong'],
  ['a version that is none', feedOf(describeRelease({ version: '99' })), 'update-feed-wrong'],
  ['a page in its place', { 'release.json': '<html>login</html>' }, 'update-not-signed'],
  ['nothing there', {}, 'update-feed-wrong'],
  ['a feed without an end', { 'release.json': Buffer.alloc(5_000_000, 0x20) }, 'update-feed-wrong'],
])('a feed with %s is refused, and the program stays as it is', async (_attack, feed, code) => {
  await expect(updaterOn(() => feed).look(FEED)).rejects.toMatchObject({ code })
  expect(await afterClosing({ 'Ban chung thuc-1.3.0.AppImage': PROGRAM, ...feed })).toBe(OLD)
  expect(faults).toMatchObject([{ code }])
})

test('an older or equal release is never installed, however well it is signed', async () => {
  for (const version of ['1.2.2', OURS, '0.99.99']) {
    const feed = feedOf(describeRelease({ version }))
    expect(await updaterOn(() => feed).look(FEED)).toEqual({ kind: 'newest', version: OURS })
    expect(await afterClosing(feed)).toBe(OLD)
  }
  expect(isNewer('0.9.9', '1.0.0')).toBe(false)
  expect(isNewer('0.10.0', '0.9.9')).toBe(true)
})

test.each<readonly [string, Uint8Array<ArrayBuffer>]>([
  ['other bytes of the same length', Buffer.alloc(PROGRAM.byteLength, 'x')],
  ['half of it', PROGRAM.subarray(0, 1000)],
  ['nothing', Buffer.alloc(0)],
])('where the file was swapped for %s, it is not kept', async (_what, bytes) => {
  expect(await afterClosing({ ...feedOf(release), 'Ban chung thuc-1.3.0.AppImage': bytes })).toBe(OLD)
  expect(faults).toMatchObject([{ code: 'update-file-wrong' }])
  expect(existsSync(folder.file('updates')) && readdirSync(folder.file('updates'))).toEqual([])
})

test('a file that is larger than was signed is not read to its end', async () => {
  let given = 0
  const endless = new ReadableStream({
    pull(controller) {
      given += 1 << 20
      controller.enqueue(new Uint8Array(1 << 20))
    },
  })
  const feed = feedOf(release)
  const updater = createUpdater({
    version: OURS,
    keys: [publisher.publicKey],
    installation: asAppImage(),
    folder: folder.file('updates'),
    ask: async (address, init) =>
      String(address).endsWith('.AppImage') ? new Response(endless) : askOf(() => feed)(address, init),
    onFault: (_what, error) => faults.push(error),
  })
  await updater.follow(FEED)
  expect(faults).toMatchObject([{ code: 'update-feed-wrong' }])
  expect(given).toBeLessThan(8 << 20)
})

test('a release of another system only is none for this one', async () => {
  expect(await afterClosing(feedOf(describeRelease({ target: 'windows-x64-installer' })))).toBe(OLD)
  expect(faults).toMatchObject([{ code: 'update-feed-wrong' }])
})

test('a feed that changes between the question and the fetching gives what was signed, or nothing', async () => {
  let feed = feedOf(release)
  const swapping: typeof fetch = async (address, init) => {
    const answer = await askOf(() => feed)(address, init)
    if (String(address).endsWith('.sig')) feed = { ...feed, 'Ban chung thuc-1.3.0.AppImage': Buffer.from('swapped') }
    return answer
  }
  const updater = createUpdater({
    version: OURS,
    keys: [publisher.publicKey],
    installation: asAppImage(),
    folder: folder.file('updates'),
    ask: swapping,
    onFault: (_what, error) => faults.push(error),
  })
  await updater.follow(FEED)
  await updater.install()
  expect(faults).toMatchObject([{ code: 'update-file-wrong' }])
  expect(readFileSync(image, 'utf8')).toBe(OLD)
})

test('a file that is changed after it was judged is judged again when it is installed', async () => {
  const updater = updaterOn(() => feedOf(release))
  await updater.follow(FEED)
  const [name = ''] = readdirSync(folder.file('updates'))
  writeFileSync(join(folder.file('updates'), name), 'something else')
  await updater.install()
  expect(faults).toMatchObject([{ code: 'update-file-wrong' }])
  expect(readFileSync(image, 'utf8')).toBe(OLD)
})

test('what was fetched from an address that is no longer ours is not installed', async () => {
  const updater = updaterOn(() => feedOf(release))
  await updater.follow(FEED)
  updater.forget()
  await updater.install()
  expect(readFileSync(image, 'utf8')).toBe(OLD)
})

test('only what can renew itself does: not a portable program, a package of the system, another processor', () => {
  const here = (platform: NodeJS.Platform, environment = {}, arch = 'x64') =>
    installationHere({ platform, arch, environment, folder: '' })?.target ?? null
  expect(here('win32')).toBe('windows-x64-installer')
  expect(here('win32', { PORTABLE_EXECUTABLE_FILE: 'D:\\desk.exe' })).toBeNull()
  expect(here('linux', { APPIMAGE: '/home/a/desk.AppImage' })).toBe('linux-x64-appimage')
  expect(here('linux')).toBeNull()
  expect(here('linux', { APPIMAGE: '/home/a/desk.AppImage' }, 'arm64')).toBeNull()
})

test('the keys that are built in can be read, and are for checking only', () => {
  expect(releaseKeys().every(key => key.type === 'public' && key.asymmetricKeyType === 'ed25519')).toBe(true)
})

test('a release that was described and signed as the procedure says is believed', async () => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync('package.json', 'utf8')))
  const packages = temporaryFolder()
  try {
    const name = `Ban chung thuc-${version}.AppImage`
    writeFileSync(packages.file(name), PROGRAM)
    writeFileSync(packages.file(`Ban chung thuc ${version}.exe`), 'the portable one')
    execFileSync(process.execPath, ['scripts/describe-release.mjs', packages.path])
    const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: packages.path })
    openssl('genpkey', '-algorithm', 'ed25519', '-out', 'key.pem')
    openssl('pkeyutl', '-sign', '-rawin', '-inkey', 'key.pem', '-in', 'release.json', '-out', 'release.sig')
    openssl('base64', '-A', '-in', 'release.sig', '-out', 'release.json.sig')
    const feed: Feed = Object.fromEntries(
      ['release.json', 'release.json.sig', name].map(each => [each, readFileSync(packages.file(each))]),
    )
    const updater = createUpdater({
      version: '0.0.0',
      keys: [createPublicKey(readFileSync(packages.file('key.pem')))],
      installation: asAppImage(),
      folder: folder.file('updates'),
      ask: askOf(() => feed),
      onFault: (_what, error) => faults.push(error),
    })
    expect(await updater.look(FEED)).toEqual({ kind: 'found', version })
    await updater.follow(FEED)
    await updater.install()
    expect(faults).toEqual([])
    expect(readFileSync(image, 'utf8')).toBe(NEW)
  } finally {
    packages[Symbol.dispose]()
  }
})
