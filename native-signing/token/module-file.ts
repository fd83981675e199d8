import { readFileSync, statSync } from 'node:fs'
import { SigningError } from '../errors.ts'
import { readLibrary } from './library-file.ts'

/** Larger than any driver; a film that somebody named in the settings is not read to its end. */
const largestModule = 256 * 1024 * 1024

/**
 * Looks at a module before it is loaded into any process: there, a library, for this processor, and one of PKCS#11. The usual mistakes are
 * a 32-bit DLL of an old driver in a 64-bit program, and the driver's other DLL (the CSP).
 * @throws SigningError module-not-found, module-unusable
 */
export function checkModuleFile(module: string, architecture: string = process.arch): void {
  const library = readLibrary(readModule(module))
  const unusable = (reason: string) => new SigningError('module-unusable', { module, reason })
  if (!library) throw unusable('not-a-library')
  if (!library.architectures.includes(architecture)) throw unusable('wrong-architecture')
  if (library.exports('C_GetFunctionList', architecture) === false) throw unusable('not-pkcs11')
}

function readModule(module: string): Buffer {
  try {
    const found = statSync(module)
    if (!found.isFile() || found.size > largestModule) throw new SigningError('module-not-found', { module })
    return readFileSync(module)
  } catch (cause) {
    if (cause instanceof SigningError) throw cause
    throw new SigningError('module-not-found', { module }, { cause })
  }
}
