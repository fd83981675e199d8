import { createHash } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import { deflateSync } from 'node:zlib'

/** Number of an indirect object; its generation is always 0. */
export type ObjectNumber = number

/** A reference as it stands in a PDF: `12 0 R`. */
export function reference(object: ObjectNumber): string {
  return `${object} 0 R`
}

/** A number as PDF writes it: no exponent, at most four decimals. */
export function pdfNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError('not a number that a PDF can hold')
  const text = value.toFixed(4).replace(/\.?0+$/, '')
  return text === '-0' ? '0' : text
}

/** A text string in UTF-16BE as ISO 32000-1 §7.9.2.2 writes it, in hexadecimal so that nothing needs escaping. */
export function pdfTextString(text: string): string {
  return `<FEFF${Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()}>`
}

/**
 * Writes a PDF from front to back, one object at a time, so that a document of any length needs the memory of one page. Classic
 * cross-reference table, no object streams, nothing from the clock or from chance: the same calls always give the same bytes, and the
 * file identifier is the hash of what stands before it.
 */
export class PdfWriter {
  readonly #file: FileHandle
  readonly #offsets: (number | undefined)[] = [0]
  readonly #hash = createHash('sha256')
  #position = 0

  /** @param file empty and open for writing; stays open. */
  constructor(file: FileHandle) {
    this.#file = file
  }

  /** Takes the next object number, to be written later exactly once. */
  reserve(): ObjectNumber {
    return this.#offsets.push(undefined) - 1
  }

  async #append(...parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) {
      this.#hash.update(part)
      this.#position += part.byteLength
    }
    await this.#file.writeFile(parts.length === 1 ? (parts[0] ?? new Uint8Array()) : Buffer.concat(parts))
  }

  async #begin(object: ObjectNumber): Promise<void> {
    // ISO 19005-2 §6.1.2: a comment of at least four bytes above 127 follows the header.
    if (this.#position === 0) await this.#append(Buffer.from('%PDF-1.7\n%\xE2\xE3\xCF\xD3\n', 'latin1'))
    if (this.#offsets[object] !== undefined) throw new Error(`object ${object} is written twice`)
    this.#offsets[object] = this.#position
  }

  /** Writes `body`, Latin-1, as the object. */
  async object(object: ObjectNumber, body: string): Promise<void> {
    await this.#begin(object)
    await this.#append(Buffer.from(`${object} 0 obj\n${body}\nendobj\n`, 'latin1'))
  }

  /** Writes a stream whose bytes are taken as they are. @param entries the dictionary's entries, without /Length. */
  async stream(object: ObjectNumber, entries: string, bytes: Uint8Array): Promise<void> {
    await this.#begin(object)
    await this.#append(
      Buffer.from(`${object} 0 obj\n<< ${entries} /Length ${bytes.byteLength} >>\nstream\n`, 'latin1'),
      bytes,
      Buffer.from('\nendstream\nendobj\n', 'latin1'),
    )
  }

  /** Writes a stream with its bytes deflated. */
  async deflatedStream(object: ObjectNumber, entries: string, bytes: Uint8Array | string): Promise<void> {
    const plain = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes
    await this.stream(object, `${entries} /Filter /FlateDecode`.trim(), deflateSync(plain, { level: 9 }))
  }

  /** Writes cross-reference table and trailer. @returns the length of the file */
  async finish(catalogue: ObjectNumber, information: ObjectNumber): Promise<number> {
    const start = this.#position
    const entries = this.#offsets.map((offset, object) => {
      if (offset === undefined) throw new Error(`object ${object} was reserved and never written`)
      return object === 0 ? '0000000000 65535 f\r\n' : `${String(offset).padStart(10, '0')} 00000 n\r\n`
    })
    const identifier = this.#hash.copy().digest('hex').slice(0, 32).toUpperCase()
    await this.#append(
      Buffer.from(
        `xref\n0 ${entries.length}\n${entries.join('')}trailer\n<< /Size ${entries.length} /Root ${reference(catalogue)} ` +
          `/Info ${reference(information)} /ID [<${identifier}> <${identifier}>] >>\nstartxref\n${start}\n%%EOF\n`,
        'latin1',
      ),
    )
    return this.#position
  }
}
