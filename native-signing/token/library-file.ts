/** The heads of shared libraries, read without loading them: for which processors they are, and which names they export. */
export interface LibraryFile {
  /** By Node's names (`process.arch`); those that Node does not know are left out. */
  readonly architectures: readonly string[]
  /** Whether the library has this function for this processor; null where its table of names cannot be read (stripped). */
  exports(name: string, architecture: string): boolean | null
}

/** Machine numbers by Node's name for the processor: ELF e_machine, COFF Machine, Mach-O cputype. */
const elfMachines: Readonly<Record<number, string>> = { 62: 'x64', 183: 'arm64', 3: 'ia32', 40: 'arm' }
const peMachines: Readonly<Record<number, string>> = { 34404: 'x64', 43620: 'arm64', 332: 'ia32', 452: 'arm' }
const machMachines: Readonly<Record<number, string>> = { 16777223: 'x64', 16777228: 'arm64', 7: 'ia32', 12: 'arm' }

/** ELF (System V ABI), PE (Microsoft's PE format), Mach-O (loader.h), alone or universal. Null: no library of these kinds, or cut. */
export function readLibrary(file: Buffer): LibraryFile | null {
  try {
    const magic = file.readUInt32BE(0)
    if (magic === 0x7f454c46) return readElf(file)
    if (magic >>> 16 === 0x4d5a) return readPortableExecutable(file)
    if (magic === 0xcefaedfe || magic === 0xcffaedfe) return readMach([file])
    if (magic === 0xcafebabe) return readUniversal(file)
    return null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Names in a table that is cut or nonsense are as good as none. */
function oneArchitecture(architecture: string | undefined, names: () => Iterable<string> | null): LibraryFile {
  return {
    architectures: architecture ? [architecture] : [],
    exports(name, wanted) {
      if (wanted !== architecture) return false
      try {
        const table = names()
        if (!table) return null
        for (const each of table) if (each === name) return true
        return false
      } catch (error) {
        if (error instanceof RangeError) return null
        throw error
      }
    },
  }
}

function textAt(file: Buffer, start: number): string {
  if (start >= file.length) throw new RangeError('a name lies outside the file')
  const end = file.indexOf(0, start)
  return file.toString('latin1', start, end < 0 ? file.length : end)
}

const offset64 = (file: Buffer, at: number): number => Number(file.readBigUInt64LE(at))

function readElf(file: Buffer): LibraryFile {
  const wide = file.readUInt8(4) === 2
  return oneArchitecture(elfMachines[file.readUInt16LE(18)], () => elfNames(file, wide))
}

/** Of `.dynsym`, what is defined here. */
function* elfNames(file: Buffer, wide: boolean): Iterable<string> {
  const [headers, size, count] = wide
    ? [offset64(file, 0x28), file.readUInt16LE(0x3a), file.readUInt16LE(0x3c)]
    : [file.readUInt32LE(0x20), file.readUInt16LE(0x2e), file.readUInt16LE(0x30)]
  if (headers === 0) throw new RangeError('no section headers')
  const offsetOf = (section: number) => {
    const at = headers + section * size
    return wide ? offset64(file, at + 0x18) : file.readUInt32LE(at + 0x10)
  }
  for (let section = 0; section < count; section += 1) {
    const at = headers + section * size
    if (file.readUInt32LE(at + 4) !== 11) continue
    const length = wide ? offset64(file, at + 0x20) : file.readUInt32LE(at + 0x14)
    const names = offsetOf(file.readUInt32LE(at + (wide ? 0x28 : 0x18)))
    const start = offsetOf(section)
    const step = wide ? 24 : 16
    for (let symbol = start; symbol + step <= start + length; symbol += step) {
      const isDefined = file.readUInt16LE(symbol + (wide ? 6 : 14)) !== 0
      if (isDefined) yield textAt(file, names + file.readUInt32LE(symbol))
    }
  }
}

function readPortableExecutable(file: Buffer): LibraryFile | null {
  const head = file.readUInt32LE(0x3c)
  if (file.readUInt32BE(head) !== 0x50450000) return null
  return oneArchitecture(peMachines[file.readUInt16LE(head + 4)], () => portableExecutableNames(file, head))
}

/** The export directory. */
function* portableExecutableNames(file: Buffer, head: number): Iterable<string> {
  const optional = head + 24
  const sections = optional + file.readUInt16LE(head + 20)
  const sectionCount = file.readUInt16LE(head + 6)
  /** Where an address of the loaded library lies in the file. */
  const place = (address: number): number => {
    for (let at = sections; at < sections + sectionCount * 40; at += 40) {
      const start = file.readUInt32LE(at + 12)
      const length = Math.max(file.readUInt32LE(at + 8), file.readUInt32LE(at + 16))
      if (address >= start && address < start + length) return address - start + file.readUInt32LE(at + 20)
    }
    throw new RangeError('an address lies in no section')
  }
  const isWide = file.readUInt16LE(optional) === 0x20b
  const directory = file.readUInt32LE(optional + (isWide ? 112 : 96))
  if (directory === 0) return
  const at = place(directory)
  const names = place(file.readUInt32LE(at + 32))
  const count = file.readUInt32LE(at + 24)
  for (let index = 0; index < count; index += 1) yield textAt(file, place(file.readUInt32LE(names + index * 4)))
}

function readUniversal(file: Buffer): LibraryFile {
  const count = Math.min(file.readUInt32BE(4), 16)
  const parts = Array.from({ length: count }, (_, index) => {
    const start = file.readUInt32BE(8 + index * 20 + 8)
    return file.subarray(start, start + file.readUInt32BE(8 + index * 20 + 12))
  })
  return readMach(parts)
}

function readMach(parts: readonly Buffer[]): LibraryFile {
  const read = parts.map(part => oneArchitecture(machMachines[part.readInt32LE(4)], () => machNames(part)))
  return {
    architectures: read.flatMap(part => part.architectures),
    exports: (name, architecture) =>
      read.find(part => part.architectures.includes(architecture))?.exports(name, architecture) ?? null,
  }
}

/** LC_SYMTAB: external symbols that are defined here; C's names begin with an underscore. */
function* machNames(part: Buffer): Iterable<string> {
  const wide = part.readUInt32LE(0) === 0xfeedfacf
  let command = wide ? 32 : 28
  for (let left = part.readUInt32LE(16); left > 0; left -= 1) {
    if (part.readUInt32LE(command) === 2) {
      const names = part.readUInt32LE(command + 16)
      const step = wide ? 16 : 12
      const start = part.readUInt32LE(command + 8)
      const count = part.readUInt32LE(command + 12)
      for (let index = 0; index < count; index += 1) {
        const kind = part.readUInt8(start + index * step + 4)
        const isOwn = (kind & 0x01) !== 0 && (kind & 0x0e) !== 0
        if (isOwn) yield textAt(part, names + part.readUInt32LE(start + index * step)).replace(/^_/, '')
      }
      return
    }
    const length = part.readUInt32LE(command + 4)
    if (length < 8) break
    command += length
  }
  throw new RangeError('no table of symbols')
}
