import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { SoftToken } from '../../electron/sandbox/soft-token.ts'
import { SigningError } from '../../native-signing/errors.ts'
import { certificateFromDer, openToken } from '../../native-signing/token/index.ts'
import type { TokenSession } from '../../native-signing/types.ts'
import { buildFakeModule, type FakeBehaviour, type FakeToken, fakeToken } from './fake-token.ts'
import { createTestToken, userPin } from './sandbox-office.ts'
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts'

/** What is signed where it does not matter what. */
export const data = new TextEncoder().encode('Lời chứng (mẫu)')

/** Deadlines for what is to hang. */
export const short = { start: 700, list: 700, login: 700, pinPad: 700, keys: 700, sign: 700, close: 300 }
/** A hang is what is tested, so the deadline must be short and yet longer than a busy machine needs to start the process. */
export const patient = { ...short, start: 20_000, list: 20_000, login: 20_000, keys: 20_000, sign: 20_000 }

export interface FaultyToken {
  readonly folder: TemporaryFolder
  /** Where the token's count of wrong PINs and of logins lies; set back before each test. */
  readonly stateFile: string
  readonly module: string
  /** The good token behind it, once the tests run. */
  readonly soft: SoftToken
  readonly certificateSha256: string
  fake(behaviours: readonly FakeBehaviour[], more?: Readonly<Record<string, string>>): FakeToken
  /** Logs in, with the right PIN when no other `text` is given. */
  open(
    token: FakeToken,
    options?: Partial<Parameters<typeof openToken>[0]> & { readonly text?: string },
  ): Promise<TokenSession>
  sign(session: TokenSession): Promise<Uint8Array>
}

/** A soft token behind the misbehaving module, made for all tests of a file. */
export function faultyToken(name: string): FaultyToken {
  const folder = temporaryFolder(name)
  const stateFile = folder.file('state')
  let built: { readonly soft: SoftToken; readonly module: string; readonly certificateSha256: string } | null = null
  const made = () => {
    if (!built) throw new Error('made before the first test')
    return built
  }
  beforeAll(async () => {
    const soft = await createTestToken(folder.path)
    const { sha256: certificateSha256 } = certificateFromDer(soft.certificate)
    built = { soft, module: buildFakeModule(folder.path), certificateSha256 }
  })
  beforeEach(() => writeFileSync(stateFile, '0 0'))
  afterAll(() => folder[Symbol.dispose]())
  return {
    folder,
    stateFile,
    get module() {
      return made().module
    },
    get soft() {
      return made().soft
    },
    get certificateSha256() {
      return made().certificateSha256
    },
    fake: (behaviours, more) => fakeToken(made().module, made().soft, stateFile, behaviours, more),
    open: ({ environment }, { text = userPin, ...more } = {}) =>
      openToken({ module: made().module, environment, pin: new TextEncoder().encode(text), ...more }),
    sign: session => session.sign(made().certificateSha256, 'RSA-PKCS1', 'SHA-256', data),
  }
}

export async function errorOf(work: Promise<unknown>): Promise<SigningError> {
  try {
    await work
  } catch (error) {
    if (error instanceof SigningError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

export const codeOf = async (work: Promise<unknown>): Promise<string> => (await errorOf(work)).code
