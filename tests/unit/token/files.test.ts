import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { explain } from '../../../electron/messages.ts'
import { resourcePath } from '../../../electron/resources.ts'
import { softHsmModulePath } from '../../../electron/sandbox/soft-token.ts'
import { SIGNING_ERROR_CODES, SigningError } from '../../../native-signing/errors.ts'
import { checkModuleFile } from '../../../native-signing/token/module-file.ts'
import { installedModules, readModuleList } from '../../../native-signing/token/module-list.ts'
import { filePinAttempts, memoryPinAttempts } from '../../../native-signing/token/pin-attempts.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

describe('a module file before it is loaded', () => {
  function reasonOf(file: string, architecture = 'x64'): unknown {
    try {
      checkModuleFile(file, architecture)
      return null
    } catch (error) {
      if (error instanceof SigningError) return error.parameters['reason'] ?? error.code
      throw error
    }
  }

  function portableExecutable(machine: number): Buffer {
    const head = Buffer.alloc(512)
    head.write('MZ', 0, 'latin1')
    head.writeUInt32LE(0x80, 0x3c)
    head.write('PE\0\0', 0x80, 'latin1')
    head.writeUInt16LE(machine, 0x84)
    return head
  }

  test('32-bit DLL, text, empty file, folder, cut file', () => {
    using folder = temporaryFolder()
    const write = (name: string, content: Uint8Array | string) => {
      writeFileSync(folder.file(name), content)
      return folder.file(name)
    }
    expect(reasonOf(write('old.dll', portableExecutable(0x14c)))).toBe('wrong-architecture')
    expect(reasonOf(write('new.dll', portableExecutable(0x8664)))).toBeNull()
    expect(reasonOf(write('text.dll', 'văn bản '.repeat(50)))).toBe('not-a-library')
    expect(reasonOf(write('empty.dll', ''))).toBe('not-a-library')
    expect(reasonOf(write('cut.dll', portableExecutable(0x8664).subarray(0, 0x82)))).toBe('not-a-library')
    expect(reasonOf(folder.path)).toBe('module-not-found')
    expect(reasonOf(folder.file('nothing.dll'))).toBe('module-not-found')
  })

  test('SoftHSM is a library for this processor, and for no other', () => {
    expect(reasonOf(softHsmModulePath(), process.arch)).toBeNull()
    expect(reasonOf(softHsmModulePath(), process.arch === 'x64' ? 'arm64' : 'x64')).toBe('wrong-architecture')
  })
})

describe('known modules', () => {
  const list = readModuleList(resourcePath('pkcs11-modules.json'))

  test('are found on Windows by name and by whole path, newest first, each once', () => {
    const there = [
      'C:\\Windows\\System32\\viettel-ca_v4.dll',
      'C:\\Windows\\System32\\viettel-ca_v6.dll',
      'C:\\Windows\\System32\\eTPKCS11.dll',
      'C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll',
    ]
    const found = installedModules(list, {
      platform: 'win32',
      environment: { SystemRoot: 'C:\\Windows', ProgramFiles: 'C:\\Program Files' },
      realPath: path => (there.includes(path) ? path : null),
    })
    expect(found.map(each => each.path)).toEqual([there[2], there[1], there[0], there[3]])
  })

  test('none on an unknown system', () => {
    expect(installedModules(list, { platform: 'aix', environment: {} })).toEqual([])
  })
})

describe('remembered failures', () => {
  test('outlive the program in a file, and are kept per token', () => {
    using folder = temporaryFolder()
    filePinAttempts(folder.file('deep/attempts.json')).remember('A1', 2)
    const again = filePinAttempts(folder.file('deep/attempts.json'))
    again.remember('B2', 1)
    expect([again.failures('A1'), again.failures('B2'), again.failures('C3')]).toEqual([2, 1, 0])
  })

  test('a spoilt file is said, not taken for "no failures"', () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('attempts.json'), '{"A1": -1}')
    expect(() => filePinAttempts(folder.file('attempts.json')).failures('A1')).toThrow()
  })

  test('in memory, one does not know of the other', () => {
    const [one, other] = [memoryPinAttempts(), memoryPinAttempts()]
    one.remember('A1', 1)
    expect([one.failures('A1'), other.failures('A1')]).toEqual([1, 0])
  })
})

/** Every place that a sentence of signing may have. */
const PARAMETERS = { field: 'ChuKy', count: 2, labels: 'A; B', minimum: 6, maximum: 16 }

test.each(SIGNING_ERROR_CODES)('%s has a sentence of its own, in both languages', code => {
  for (const language of ['vi', 'en'] as const) {
    const explanation = explain(new SigningError(code, PARAMETERS), language)
    expect(explanation.code).toBe(code)
    expect(explanation.what + explanation.todo).not.toMatch(/[{}]/)
  }
})
