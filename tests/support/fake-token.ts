import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SoftToken } from '../../electron/sandbox/soft-token.ts'

/** Compiles the misbehaving module into a folder; its path. */
export function buildFakeModule(folder: string): string {
  const module = join(folder, 'fake-token.so')
  const headers = join(import.meta.dirname, '../../node_modules/pkcs11js/includes/pkcs11')
  const source = join(import.meta.dirname, 'fake-token.c')
  execFileSync('cc', ['-shared', '-fPIC', '-Wall', '-Werror', `-I${headers}`, '-o', module, source, '-ldl'])
  return module
}

/** What `fake-token.c` knows to do. */
export type FakeBehaviour =
  | `${'crash' | 'hang'}-${'initialize' | 'login' | 'sign' | 'finalize'}`
  | 'fails-to-initialize'
  | 'already-initialized'
  | 'locks'
  | 'general-error'
  | 'pin-pad'
  | 'pin-not-set'
  | 'prints-pin'
  | 'cancelled-on-reader'
  | 'logged-in-elsewhere'
  | 'bare-mechanisms'
  | 'refuses-hashing'
  | 'always-authenticate'
  | 'slow-sign'
  | `${'slow' | 'hang' | 'refuses'}-context-login`
  | 'hides-modulus'
  | 'wrong-signature'
  | 'lying-lengths'
  | 'reports-zero-length'
  | 'cannot-change-pin'
  | 'refuses-new-pin'

export interface FakeToken {
  readonly module: string
  readonly environment: Readonly<Record<string, string>>
  /** What the token has seen: wrong PINs in a row, and calls of C_Login at all. */
  seen(): { readonly wrong: number; readonly logins: number }
  forget(): void
}

/** A soft token behind the misbehaving module; its count of wrong PINs lies in `stateFile`. */
export function fakeToken(
  module: string,
  soft: Pick<SoftToken, 'module' | 'environment'>,
  stateFile: string,
  behaviours: readonly FakeBehaviour[],
  more: Readonly<Record<string, string>> = {},
): FakeToken {
  return {
    module,
    environment: {
      ...soft.environment,
      FAKE_TOKEN_MODULE: soft.module,
      FAKE_TOKEN_STATE: stateFile,
      FAKE_TOKEN_BEHAVIOUR: behaviours.join(' '),
      ...more,
    },
    seen() {
      const [wrong = 0, logins = 0] = existsSync(stateFile)
        ? readFileSync(stateFile, 'utf8').split(' ').map(Number)
        : []
      return { wrong, logins }
    },
    forget: () => writeFileSync(stateFile, '0 0'),
  }
}
