import { execFile } from 'node:child_process'
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDeskTokens, type DeskTokens } from '../../electron/desk-tokens.ts'
import type { SoftToken } from '../../electron/sandbox/soft-token.ts'
import {
  forkModuleProcess,
  type LaunchModuleProcess,
  listTokens,
  type ModuleProcess,
  warmModules,
} from '../../native-signing/token/index.ts'
import { createTestToken, userPin } from '../support/sandbox-office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder('token-warm-')
let token: SoftToken

beforeAll(async () => {
  token = await createTestToken(folder.path)
})
afterAll(() => folder[Symbol.dispose]())

/** Node's own way, watched. */
function watched() {
  const started: ModuleProcess[] = []
  let alive = 0
  const launch: LaunchModuleProcess = environment => {
    const child = forkModuleProcess(environment)
    started.push(child)
    alive += 1
    return {
      ...child,
      onEnd: listener =>
        child.onEnd(() => {
          alive -= 1
          listener()
        }),
    }
  }
  return { launch, started, alive: () => alive }
}

const pin = () => new TextEncoder().encode(userPin)

function deskTokens(launch: LaunchModuleProcess): DeskTokens {
  const { module, environment } = token
  const clock = () => new Date()
  return createDeskTokens({ modules: [module], environment, launch, trust: { trustAnchors: [] }, clock })
}

describe("a module's process", () => {
  test('is started once for looking, looking again and logging in; where a PIN was, the next one looks in a new one', async () => {
    const { launch, started, alive } = watched()
    const tokens = deskTokens(launch)
    await tokens.list()
    const chosen = await tokens.findSigner()
    const session = await tokens.open(chosen, { pin: pin() })
    await session.sign(chosen.certificate.sha256, 'RSA-PKCS1', 'SHA-256', new Uint8Array(3))
    expect(started).toHaveLength(1)
    await tokens.list()
    expect(started).toHaveLength(2)
    await session.close()
    await tokens.list()
    expect(started).toHaveLength(2)
    await tokens[Symbol.asyncDispose]()
    await expect.poll(alive).toBe(0)
  })

  test('that died while it waited is replaced, and nobody notices', async () => {
    const { launch, started, alive } = watched()
    await using tokens = deskTokens(launch)
    const chosen = await tokens.findSigner()
    started[0]?.kill()
    await expect.poll(alive).toBe(0)
    expect(await tokens.list()).toHaveLength(1)
    started[1]?.kill()
    await expect.poll(alive).toBe(0)
    await (await tokens.open(chosen, { pin: pin() })).close()
    expect(started).toHaveLength(3)
  })

  test('is started anew before it is said that a token is missing, and not a third time', async () => {
    const { launch, started } = watched()
    await using tokens = deskTokens(launch)
    await tokens.list()
    await expect(tokens.find('00')).rejects.toMatchObject({ code: 'certificate-not-found' })
    expect(started).toHaveLength(2)
  })

  test('of another maker may reach the same token: it is listed once, and chosen without a question', async () => {
    const other = folder.file('other-maker.so')
    copyFileSync(token.module, other)
    const { module, environment } = token
    const parts = { environment, trust: { trustAnchors: [] }, clock: () => new Date() }
    await using tokens = createDeskTokens({ ...parts, modules: [module, other] })
    expect(await tokens.list()).toMatchObject([{ module, label: token.label }])
    expect((await tokens.findSigner()).token.module).toBe(module)
  })

  test('ends when nobody asks it anything any more', async () => {
    const { launch, started, alive } = watched()
    const { module, environment } = token
    const warm = warmModules({ environment, launch }, 50)
    expect(await listTokens({ modules: [module], warm })).toHaveLength(1)
    await expect.poll(alive).toBe(0)
    expect(started).toHaveLength(1)
  })

  test('asked by two at once is one, and one session takes it whole', async () => {
    const { launch, started } = watched()
    await using tokens = deskTokens(launch)
    await Promise.all([tokens.list(), tokens.list()])
    expect(started).toHaveLength(1)
    const chosen = await tokens.findSigner()
    const sessions = await Promise.all([1, 2].map(() => tokens.open(chosen, { pin: pin() })))
    expect(started).toHaveLength(2)
    for (const session of sessions) await session.close()
  })

  test('does not keep the program from ending, even when nobody closes it', async () => {
    const script = `
      import { createDeskTokens } from ${JSON.stringify(join(import.meta.dirname, '../../electron/desk-tokens.ts'))}
      const parts = { modules: [${JSON.stringify(token.module)}], trust: { trustAnchors: [] }, clock: () => new Date() }
      console.log((await createDeskTokens(parts).list()).length)`
    writeFileSync(folder.file('script.ts'), script)
    const options = { env: { ...process.env, ...token.environment }, timeout: 30_000 }
    const { stdout } = await promisify(execFile)(process.execPath, [folder.file('script.ts')], options)
    expect(stdout).toBe('1\n')
  })
})

describe('a module that the settings do not name', () => {
  test('is not loaded, whoever asks for it; a PIN meant for it is wiped', async () => {
    const { launch, started } = watched()
    await using tokens = deskTokens(launch)
    const module = folder.file('uploaded.so')
    copyFileSync(token.module, module)
    const [oldPin, newPin] = [pin(), pin()]
    const place = { module, slotId: 0, serialNumber: '' }
    await expect(tokens.changePin(place, { pin: oldPin, newPin })).rejects.toThrow('module-not-found')
    await expect(tokens.list({ module })).rejects.toThrow('module-not-found')
    await expect(tokens.find('0'.repeat(64), { module })).rejects.toThrow('module-not-found')
    expect([...oldPin, ...newPin].every(byte => byte === 0)).toBe(true)
    expect(started).toEqual([])
  })
})
