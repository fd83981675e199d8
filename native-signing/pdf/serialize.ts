import type { PdfDictionary, PdfObject, PdfStream } from './objects.ts'

const DELIMITERS = new Set('()<>[]{}/%#')

function nameToken(name: string): string {
  let text = '/'
  for (const character of name) {
    const code = character.charCodeAt(0)
    const plain = code > 32 && code < 127 && !DELIMITERS.has(character)
    text += plain ? character : `#${code.toString(16).padStart(2, '0')}`
  }
  return text
}

/** A number as PDF writes it: never with an exponent. */
export function numberToken(value: number): string {
  if (Number.isInteger(value)) return value.toFixed(0)
  const text = value.toFixed(10).replace(/\.?0+$/, '')
  return text === '-0' ? '0' : text
}

function stringToken(bytes: Uint8Array, hexadecimal: boolean): string {
  if (hexadecimal) return `<${Buffer.from(bytes).toString('hex')}>`
  let text = '('
  for (const byte of bytes) {
    if (byte === 40 || byte === 41 || byte === 92) text += `\\${String.fromCharCode(byte)}`
    else if (byte < 32 || byte > 126) text += `\\${byte.toString(8).padStart(3, '0')}`
    else text += String.fromCharCode(byte)
  }
  return `${text})`
}

function dictionaryToken(dictionary: PdfDictionary): string {
  let text = '<<'
  for (const [key, value] of dictionary.entries) text += `${nameToken(key)} ${objectToken(value)}\n`
  return `${text}>>`
}

/** Any object but a stream, as it is written in a file (ISO 32000-1 §7.3); all ASCII. */
export function objectToken(object: PdfObject): string {
  if (object === null) return 'null'
  if (typeof object === 'boolean') return String(object)
  if (typeof object === 'number') return numberToken(object)
  switch (object.kind) {
    case 'name':
      return nameToken(object.name)
    case 'string':
      return stringToken(object.bytes, object.hexadecimal)
    case 'reference':
      return `${object.number} ${object.generation} R`
    case 'array':
      return `[${object.items.map(objectToken).join(' ')}]`
    case 'dictionary':
      return dictionaryToken(object)
    case 'stream':
      throw new TypeError('a stream is always an indirect object of its own')
  }
}

function streamBytes(stream: PdfStream): Uint8Array {
  const data = stream.data.read(0, stream.data.length)
  return Buffer.concat([
    Buffer.from(`${dictionaryToken(stream.dictionary)}\nstream\n`, 'latin1'),
    data,
    Buffer.from('\nendstream'),
  ])
}

/** `n g obj … endobj` with a line feed at the end. */
export function indirectObjectBytes(number: number, generation: number, object: PdfObject): Uint8Array {
  const isStream = typeof object === 'object' && object?.kind === 'stream'
  const body = isStream ? streamBytes(object) : Buffer.from(objectToken(object), 'latin1')
  return Buffer.concat([Buffer.from(`${number} ${generation} obj\n`), body, Buffer.from('\nendobj\n')])
}
