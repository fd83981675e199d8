import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readPassword, withDocumentPassword } from '../../../electron/cli/document-password.ts'
import { givenPin } from '../../../electron/cli/pin.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const context = { language: 'vi', say: () => undefined, signal: new AbortController().signal } as const

/** What a process would inherit that is started now. */
const inherited = (): string =>
  execFileSync(process.execPath, ['-p', 'process.env.CTDESK_TEST_SECRET'], { encoding: 'utf8' }).trim()

test.each<readonly [string, () => Promise<string>]>([
  [
    'a PIN',
    async () => {
      using pin = await givenPin({ pinEnv: 'CTDESK_TEST_SECRET' })
      return Buffer.from(pin.bytes ?? []).toString()
    },
  ],
  ['the password of a PDF', async () => (await readPassword({ passwordEnv: 'CTDESK_TEST_SECRET' })) ?? ''],
  [
    'the same, while the PDF is worked on',
    () =>
      withDocumentPassword({ passwordEnv: 'CTDESK_TEST_SECRET' }, context, async password => {
        expect(inherited()).toBe('undefined')
        return password ?? ''
      }),
  ],
])('%s is gone from the environment once it is read: no later process inherits it', async (_what, read) => {
  process.env['CTDESK_TEST_SECRET'] = '13572468'
  expect(inherited()).toBe('13572468')
  expect(await read()).toBe('13572468')
  expect(inherited()).toBe('undefined')
})

test('a PIN from a file is its first line', async () => {
  using folder = temporaryFolder()
  writeFileSync(folder.file('pin'), '13572468\nmore\n')
  using pin = await givenPin({ pinFile: folder.file('pin') })
  expect(Buffer.from(pin.bytes ?? []).toString()).toBe('13572468')
})
