import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { chairman, createTestToken, office, userPin } from '../support/sandbox-office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

function pkcs11Tool(
  token: { module: string; environment: Readonly<Record<string, string>> },
  ...more: string[]
): string {
  return execFileSync('pkcs11-tool', ['--module', token.module, ...more], {
    encoding: 'utf8',
    env: { ...process.env, ...token.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

describe('practice token', () => {
  test('pkcs11-tool finds the key made on it, not extractable, and the certificate of the same CKA_ID', async () => {
    using folder = temporaryFolder()
    const token = await createTestToken(folder.path)
    expect(pkcs11Tool(token, '--list-slots')).toContain('Thẻ tập dượt')
    const objects = pkcs11Tool(token, '--login', '--pin', userPin, '--list-objects')
    expect(objects).toMatch(/Private Key Object; RSA/)
    expect(objects).toContain('sensitive, always sensitive, never extractable, local')
    expect(objects).toContain(`${chairman}'s Certificate`)
    expect(objects.match(/ID: +0100/g)).toHaveLength(3)
  })

  test('two tokens lie side by side in one folder, as in two sockets, RSA and EC', async () => {
    using folder = temporaryFolder()
    const { pki } = await createTestToken(folder.path, { label: 'Chủ tịch (mẫu)' })
    const second = await createTestToken(folder.path, {
      pki,
      label: 'Con dấu (mẫu)',
      kind: 'organisation',
      key: 'ec-p256',
    })
    const slots = pkcs11Tool(second, '--list-slots')
    expect(slots).toContain('Chủ tịch (mẫu)')
    expect(slots).toContain('Con dấu (mẫu)')
    const objects = pkcs11Tool(second, '--token-label', second.label, '--login', '--pin', userPin, '--list-objects')
    expect(objects).toMatch(/Private Key Object; EC/)
    expect(objects).toContain(office)
  })
})
