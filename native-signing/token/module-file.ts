import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { SigningError } from '../errors.ts'

/** Machine numbers of ELF (e_machine) and PE (COFF Machine) by Node's name for the processor. */
const elfMachines: Readonly<Record<string, number>> = { x64: 62, arm64: 183, ia32: 3, arm: 40 }
const peMachines: Readonly<Record<string, number>> = { x64: 0x8664, arm64: 0xaa64, ia32: 0x14c, arm: 0x1c4 }

/**
 * Looks at a module's head before it is loaded into any process: there, a library of this system, and for this processor. The usual
 * mistake is a 32-bit DLL of an old driver in a 64-bit program.
 * @throws SigningError module-not-found, module-unusable
 */
export function checkModuleFile(module: string, architecture: string = process.arch): void {
  const head = readHead(module)
  const machine = machineOf(head, architecture)
  if (machine === 'none') throw new SigningError('module-unusable', { module, reason: 'not-a-library' })
  if (machine === 'other') throw new SigningError('module-unusable', { module, reason: 'wrong-architecture' })
}

const headLength = 4096

function readHead(module: string): Buffer {
  try {
    if (!statSync(module).isFile()) throw new SigningError('module-not-found', { module })
    const descriptor = openSync(module, 'r')
    try {
      const head = Buffer.alloc(headLength)
      return head.subarray(0, readSync(descriptor, head, 0, headLength, 0))
    } finally {
      closeSync(descriptor)
    }
  } catch (cause) {
    if (cause instanceof SigningError) throw cause
    throw new SigningError('module-not-found', { module }, { cause })
  }
}

function machineOf(head: Buffer, architecture: string): 'same' | 'other' | 'none' {
  if (head.length < 64) return 'none'
  if (head.readUInt32BE(0) === 0x7f454c46) {
    return head.readUInt16LE(18) === elfMachines[architecture] ? 'same' : 'other'
  }
  if (head.toString('latin1', 0, 2) === 'MZ') {
    const start = head.readUInt32LE(0x3c)
    if (start + 6 > head.length || head.toString('latin1', start, start + 4) !== 'PE\0\0') return 'none'
    return head.readUInt16LE(start + 4) === peMachines[architecture] ? 'same' : 'other'
  }
  // Mach-O, 64-bit or universal: the loader picks the right part.
  return [0xcffaedfe, 0xcafebabe].includes(head.readUInt32BE(0)) ? 'same' : 'none'
}
