/** One operator of a content stream (ISO 32000-1 §7.8.2), with what a count of its work needs of its operands. */
export interface Operation {
  readonly operator: string
  /** The last operand that is a name. */
  readonly name: string | null
  /** Bytes of the strings among the operands. */
  readonly shown: number
  /** The picture that stands in the content itself, where this operator is one. */
  readonly inline: InlinePicture | null
}

export interface InlinePicture {
  /** Its entries as they are written. */
  readonly entries: string
  readonly data: Uint8Array
}

const code = (character: string) => character.charCodeAt(0)
const isSpace = (byte: number) => byte === 32 || (byte >= 9 && byte <= 13) || byte === 0
const DELIMITERS = new Set(Array.from('()<>[]{}/%', code))
const isDelimiter = (byte: number) => DELIMITERS.has(byte)
const SOLIDUS = code('/')
const BACKSLASH = code('\\')
const isNumberStart = (byte: number) => (byte >= 48 && byte <= 57) || byte === 43 || byte === 45 || byte === 46
/** Bytes among which the entries of an inline picture stand. */
const LONGEST_HEAD = 4_000
/** After the end of an inline picture comes text; so many bytes are looked at. */
const TEXT_AFTER = 12

/** Reads the operators of a content stream in order. Never fails: what is no operator is passed over, as readers do. */
export class OperationReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** The next operator, or null at the end. */
  next(): Operation | null {
    let name: string | null = null
    let shown = 0
    for (;;) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined) return null
      if (isSpace(byte)) this.#at++
      else if (byte === SOLIDUS) name = this.#word(this.#at + 1)
      else if (byte === code('(')) shown += this.#string()
      else if (byte === code('<')) shown += this.#hexadecimal()
      else if (byte === code('%')) this.#comment()
      else if (isDelimiter(byte)) this.#at++
      else if (isNumberStart(byte)) this.#word(this.#at)
      else {
        const operator = this.#word(this.#at)
        if (operator === 'true' || operator === 'false' || operator === 'null') continue
        return { operator, name, shown, inline: operator === 'BI' ? this.#inlinePicture() : null }
      }
    }
  }

  #word(from: number): string {
    let end = from
    for (;;) {
      const byte = this.#bytes[end]
      if (byte === undefined || isSpace(byte) || isDelimiter(byte)) break
      end++
    }
    this.#at = end
    const word = Buffer.from(this.#bytes.subarray(from, end)).toString('latin1')
    return word.includes('#')
      ? word.replace(/#([\da-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
      : word
  }

  #string(): number {
    const from = this.#at
    let depth = 0
    for (; this.#at < this.#bytes.length; this.#at++) {
      const byte = this.#bytes[this.#at]
      if (byte === BACKSLASH) this.#at++
      else if (byte === code('(')) depth++
      else if (byte === code(')') && --depth === 0) break
    }
    this.#at++
    return this.#at - from - 2
  }

  #hexadecimal(): number {
    if (this.#bytes[this.#at + 1] === code('<')) {
      this.#at += 2
      return 0
    }
    const end = this.#bytes.indexOf(code('>'), this.#at)
    const from = this.#at
    this.#at = end < 0 ? this.#bytes.length : end + 1
    return (this.#at - from) / 2
  }

  #comment(): void {
    while (this.#at < this.#bytes.length && this.#bytes[this.#at] !== 10 && this.#bytes[this.#at] !== 13) this.#at++
  }

  /** The picture after `BI`; goes behind its `EI`. */
  #inlinePicture(): InlinePicture {
    const head = Buffer.from(this.#bytes.subarray(this.#at, this.#at + LONGEST_HEAD)).toString('latin1')
    const begin = /\sID\s/.exec(head)
    this.#at += begin ? begin.index + begin[0].length : 0
    const from = this.#at
    while (this.#at < this.#bytes.length && !this.#pictureEnds()) this.#at++
    const data = this.#bytes.subarray(from, this.#at)
    this.#at += 3
    return { entries: head.slice(0, begin?.index ?? 0), data }
  }

  /** Whether ` EI ` stands here, with text behind it: the picture's own bytes may spell it too. */
  #pictureEnds(): boolean {
    const bytes = this.#bytes
    const at = this.#at
    if (bytes[at + 1] !== code('E') || bytes[at + 2] !== code('I') || !isSpace(bytes[at] ?? 0)) return false
    return bytes.subarray(at + 3, at + 3 + TEXT_AFTER).every(byte => isSpace(byte) || (byte >= 32 && byte < 127))
  }
}
