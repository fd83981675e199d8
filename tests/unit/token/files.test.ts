import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explain } from '../../../electron/messages.ts'
import { resourcePath } from '../../../electron/resources.ts'
import { softHsmModulePath } from '../../../electron/sandbox/soft-token.ts'
import { SIGNING_ERROR_CODES, SigningError } from '../../../native-signing/errors.ts'
import { readLibrary } from '../../../native-signing/token/library-file.ts'
import { checkModuleFile } from '../../../native-signing/token/module-file.ts'
import { installedModules, readModuleList } from '../../../native-signing/token/module-list.ts'
import { p11KitModules } from '../../../native-signing/token/p11-kit.ts'
import { pinState, tokenFlag } from '../../../native-signing/token/pin.ts'
import { filePinAttempts, memoryPinAttempts } from '../../../native-signing/token/pin-attempts.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { machLibrary, portableExecutable, universalLibrary } from './libraries.ts'

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

  const list = ['C_GetFunctionList']

  test('32-bit DLL, the DLL beside it, text, empty file, folder, cut file', () => {
    using folder = temporaryFolder()
    const write = (name: string, content: Uint8Array | string) => {
      writeFileSync(folder.file(name), content)
      return folder.file(name)
    }
    const driver = portableExecutable(0x8664, ['C_Finalize', 'C_GetFunctionList'])
    expect(reasonOf(write('old.dll', portableExecutable(0x14c, list)))).toBe('wrong-architecture')
    expect(reasonOf(write('new.dll', driver))).toBeNull()
    expect(reasonOf(write('csp.dll', portableExecutable(0x8664, ['CPAcquireContext'])))).toBe('not-pkcs11')
    expect(reasonOf(write('text.dll', 'văn bản '.repeat(50)))).toBe('not-a-library')
    expect(reasonOf(write('empty.dll', ''))).toBe('not-a-library')
    expect(reasonOf(write('cut.dll', driver.subarray(0, 0x82)))).toBe('not-a-library')
    expect(reasonOf(folder.path)).toBe('module-not-found')
    expect(reasonOf(folder.file('nothing.dll'))).toBe('module-not-found')
  })

  test('a library of macOS, alone and universal: the part for this processor counts', () => {
    using folder = temporaryFolder()
    const write = (name: string, content: Uint8Array) => {
      writeFileSync(folder.file(name), content)
      return folder.file(name)
    }
    const [intel, arm] = [0x01000007, 0x0100000c]
    expect(reasonOf(write('one.dylib', machLibrary(intel, list)))).toBeNull()
    expect(reasonOf(write('arm.dylib', machLibrary(arm, list)))).toBe('wrong-architecture')
    expect(reasonOf(write('other.dylib', machLibrary(intel, ['C_GetInterface'])))).toBe('not-pkcs11')
    const both = universalLibrary([
      [arm, machLibrary(arm, [])],
      [intel, machLibrary(intel, list)],
    ])
    expect(reasonOf(write('both.dylib', both), 'x64')).toBeNull()
    expect(reasonOf(write('both.dylib', both), 'arm64')).toBe('not-pkcs11')
    expect(reasonOf(write('both.dylib', both), 'ia32')).toBe('wrong-architecture')
  })

  test('SoftHSM is a PKCS#11 module for this processor, and for no other; the binding is none, though it names the function', () => {
    expect(reasonOf(softHsmModulePath(), process.arch)).toBeNull()
    expect(reasonOf(softHsmModulePath(), process.arch === 'x64' ? 'arm64' : 'x64')).toBe('wrong-architecture')
    const binding = createRequire(import.meta.url).resolve('pkcs11js/build/Release/pkcs11.node')
    expect(reasonOf(binding, process.arch)).toBe('not-pkcs11')
  })

  test('whatever bytes it has, a file is judged, never a crash', () => {
    const whole = [portableExecutable(0x8664, list), machLibrary(0x01000007, list), readFileSync(softHsmModulePath())]
    fc.assert(
      fc.property(
        fc.constantFrom(...whole),
        fc.array(fc.tuple(fc.nat(600), fc.integer({ min: 0, max: 255 })), { maxLength: 8 }),
        fc.nat(2000),
        (file, changes, cut) => {
          const spoilt = Buffer.from(file.subarray(0, file.length - cut))
          for (const [at, value] of changes) spoilt[at] = value
          const library = readLibrary(spoilt)
          for (const architecture of library?.architectures ?? [])
            expect([true, false, null]).toContain(library?.exports('C_GetFunctionList', architecture))
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe("p11-kit's settings", () => {
  test('modules by path or name, the stronger folder first, parameters kept; stores of roots and modules of others left out', () => {
    using folder = temporaryFolder()
    const write = (name: string, text: string) => {
      mkdirSync(dirname(folder.file(name)), { recursive: true })
      writeFileSync(folder.file(name), text)
    }
    for (const name of ['a.so', 'b.so', 'c.so']) write(`lib/${name}`, '')
    write('user/card.module', `# của người dùng\nmodule: ${folder.file('lib/b.so')}\n`)
    write('system/card.module', 'module: a.so\n')
    write('system/store.module', "module: a.so\npriority: 5\nx-init-reserved: configdir='sql:/x'\n")
    write('system/roots.module', 'module: c.so\ntrust-policy: yes\n')
    write('system/far.module', 'module: c.so\nremote: |ssh far p11-kit remote c.so\n')
    write('system/other.module', 'module: c.so\nenable-in: firefox, seahorse\n')
    write('system/not-us.module', 'module: c.so\ndisable-in: ctdesk\n')
    write('system/gone.module', 'module: d.so\n')
    write('system/readme.txt', 'module: c.so\n')
    const folders = ['user', 'system', 'none'].map(name => folder.file(name))
    expect(p11KitModules(folders, [folder.file('lib')])).toEqual({
      modules: [{ path: folder.file('lib/a.so'), parameters: "configdir='sql:/x'" }, { path: folder.file('lib/b.so') }],
      unreadable: [],
    })
  })

  test('that cannot be read are named and spoil nothing else', () => {
    using folder = temporaryFolder()
    mkdirSync(folder.file('user/folder.module'), { recursive: true })
    symlinkSync('nowhere', folder.file('user/dangling.module'))
    writeFileSync(folder.file('user/good.module'), `module: ${folder.file('a.so')}`)
    writeFileSync(folder.file('a.so'), '')
    writeFileSync(folder.file('no-folder'), '')
    const { modules, unreadable } = p11KitModules([folder.file('no-folder'), folder.file('user')], [])
    expect(modules).toEqual([{ path: folder.file('a.so') }])
    expect(unreadable.map(each => [each.module, each.error.code]).sort()).toEqual(
      ['no-folder', 'user/dangling.module', 'user/folder.module'].map(each => [folder.file(each), 'module-unusable']),
    )
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
    const first = filePinAttempts(folder.file('deep/attempts.json'))
    first.failed('A1')
    first.failed('A1')
    const again = filePinAttempts(folder.file('deep/attempts.json'))
    again.failed('B2')
    expect([again.failures('A1'), again.failures('B2'), again.failures('C3')]).toEqual([2, 1, 0])
  })

  test('a file of one object, as earlier programs wrote it, goes on being counted', () => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('attempts.json'), '{"A1":1,"B2":0}')
    const attempts = filePinAttempts(folder.file('attempts.json'))
    attempts.failed('A1')
    attempts.failed('B2')
    expect([attempts.failures('A1'), attempts.failures('B2'), attempts.failures('constructor')]).toEqual([2, 1, 0])
    attempts.accepted('A1')
    expect([attempts.failures('A1'), attempts.failures('B2')]).toEqual([0, 1])
  })

  test.each([
    ['spoilt', '{"A1": -1}'],
    ['overwritten with zeros', '\0'.repeat(40)],
    ['emptied', ''],
    ['cut in the middle of a line', '\n{"A1":"+1"}\n{"A1":"'],
    ['no JSON', 'hello'],
  ])('where the file is %s, each token counts as close to its last try until it accepts its PIN', (_how, text) => {
    using folder = temporaryFolder()
    writeFileSync(folder.file('attempts.json'), text)
    const attempts = filePinAttempts(folder.file('attempts.json'))
    const states = () => ['A1', 'B2'].map(token => pinState(tokenFlag.userPinInitialized, attempts.failures(token)))
    expect(states()).toEqual(['final-try', 'final-try'])
    attempts.accepted('A1')
    expect(states()).toEqual(['ok', 'final-try'])
  })

  test('a folder in its place is an error, not "no failures"', () => {
    using folder = temporaryFolder()
    expect(() => filePinAttempts(folder.path).failures('A1')).toThrow('EISDIR')
  })

  test('of programs that count at the same time none loses a wrong PIN', async () => {
    using folder = temporaryFolder()
    const file = folder.file('attempts.json')
    const counting = `
      const { filePinAttempts } = await import(${JSON.stringify(import.meta.resolve('../../../native-signing/token/pin-attempts.ts'))})
      const attempts = filePinAttempts(${JSON.stringify(file)})
      for (let time = 0; time < 60; time += 1) attempts.failed(time % 2 ? 'A1' : 'B2')`
    const run = promisify(execFile)
    await Promise.all([1, 2, 3].map(() => run(process.execPath, ['--input-type=module', '-e', counting])))
    const attempts = filePinAttempts(file)
    expect([attempts.failures('A1'), attempts.failures('B2')]).toEqual([90, 90])
  })

  test('in memory, one does not know of the other', () => {
    const [one, other] = [memoryPinAttempts(), memoryPinAttempts()]
    one.failed('A1')
    expect([one.failures('A1'), other.failures('A1')]).toEqual([1, 0])
  })
})

/** Every place that a sentence of signing may have. */
const PARAMETERS = {
  field: 'ChuKy',
  count: 2,
  labels: 'A; B',
  minimum: 6,
  maximum: 16,
  algorithm: 'RSA 1024',
  entry: 'Filter',
  file: 'An.crt',
  wanted: 'X',
}

test.each(SIGNING_ERROR_CODES)('%s has a sentence of its own, in both languages', code => {
  for (const language of ['vi', 'en'] as const) {
    const explanation = explain(new SigningError(code, PARAMETERS), language)
    expect(explanation.code).toBe(code)
    expect(explanation.what + explanation.todo).not.toMatch(/[{}]/)
  }
})
