/** Libraries of other systems, made by hand: as much of them as a loader looks at to find names. */

/** A DLL for this machine number that exports these names. */
export function portableExecutable(machine: number, names: readonly string[]): Buffer {
  const file = Buffer.alloc(0x400)
  const [head, optional, sections, directory] = [0x80, 0x98, 0x188, 0x200]
  /** What lies in the one section at 0x200 is loaded at 0x1000. */
  const address = (at: number) => at - 0x200 + 0x1000
  file.write('MZ', 0, 'latin1')
  file.writeUInt32LE(head, 0x3c)
  file.write('PE\0\0', head, 'latin1')
  file.writeUInt16LE(machine, head + 4)
  file.writeUInt16LE(1, head + 6)
  file.writeUInt16LE(sections - optional, head + 20)
  file.writeUInt16LE(0x20b, optional)
  file.writeUInt32LE(address(directory), optional + 112)
  file.writeUInt32LE(0x200, sections + 8)
  file.writeUInt32LE(0x1000, sections + 12)
  file.writeUInt32LE(0x200, sections + 16)
  file.writeUInt32LE(0x200, sections + 20)
  file.writeUInt32LE(names.length, directory + 24)
  file.writeUInt32LE(address(directory + 40), directory + 32)
  let text = directory + 40 + names.length * 4
  for (const [index, name] of names.entries()) {
    file.writeUInt32LE(address(text), directory + 40 + index * 4)
    text += file.write(`${name}\0`, text, 'latin1')
  }
  return file
}

/** A library of macOS for this processor that has these functions, and one that it only uses. */
export function machLibrary(cpu: number, names: readonly string[]): Buffer {
  const all = ['malloc', ...names]
  const symbols = 32 + 24
  const texts = symbols + all.length * 16
  const file = Buffer.alloc(texts + all.join('').length + all.length * 2)
  file.writeUInt32LE(0xfeedfacf, 0)
  file.writeInt32LE(cpu, 4)
  file.writeUInt32LE(1, 16)
  for (const [index, value] of [2, 24, symbols, all.length, texts, file.length - texts].entries())
    file.writeUInt32LE(value, 32 + index * 4)
  let at = texts
  for (const [index, name] of all.entries()) {
    file.writeUInt32LE(at - texts, symbols + index * 16)
    file.writeUInt8(name === 'malloc' ? 0x01 : 0x0f, symbols + index * 16 + 4)
    at += file.write(`_${name}\0`, at, 'latin1')
  }
  return file
}

/** Several of them in one file. */
export function universalLibrary(parts: readonly (readonly [number, Buffer])[]): Buffer {
  const head = Buffer.alloc(8 + parts.length * 20)
  head.writeUInt32BE(0xcafebabe, 0)
  head.writeUInt32BE(parts.length, 4)
  let start = head.length
  for (const [index, [cpu, part]] of parts.entries()) {
    head.writeInt32BE(cpu, 8 + index * 20)
    head.writeUInt32BE(start, 8 + index * 20 + 8)
    head.writeUInt32BE(part.length, 8 + index * 20 + 12)
    start += part.length
  }
  return Buffer.concat([head, ...parts.map(([, part]) => part)])
}
