import { type DerElement, TAG } from '../der/reader.ts'

/**
 * A distinguished name. `key` is the same for names that RFC 5280 §7.1 calls equal, whatever string types and letter case they are
 * written in; `parts` are the keys of its relative names, most general first.
 */
export interface Name {
  readonly der: Uint8Array
  readonly parts: readonly string[]
  readonly key: string
  /** Values of emailAddress attributes: name constraints on mail addresses look at them. */
  readonly mailAddresses: readonly string[]
}

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const utf16 = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true })

const decoders: Readonly<Record<number, (bytes: Uint8Array) => string>> = {
  [TAG.utf8String]: bytes => utf8.decode(bytes),
  [TAG.printableString]: bytes => Buffer.from(bytes).toString('latin1'),
  [TAG.ia5String]: bytes => Buffer.from(bytes).toString('latin1'),
  // T.61 as everyone writes it, which is Latin 1
  [TAG.teletexString]: bytes => Buffer.from(bytes).toString('latin1'),
  [TAG.bmpString]: bytes => utf16.decode(bytes),
  [TAG.universalString]: decodeUniversal,
}

function decodeUniversal(bytes: Uint8Array): string {
  if (bytes.length % 4 !== 0) throw new RangeError('cut off')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: bytes.length / 4 }, (_, index) => String.fromCodePoint(view.getUint32(index * 4))).join(
    '',
  )
}

/** Text of a string type; null for other types and for bytes that are no text. */
function textOf(value: DerElement): string | null {
  try {
    return decoders[value.tag]?.(value.content) ?? null
  } catch (error) {
    // TextDecoder and fromCodePoint refuse what is no text: it is then compared byte by byte
    if (error instanceof TypeError || error instanceof RangeError) return null
    throw error
  }
}

/**
 * String preparation for case-ignoring comparison (RFC 4518 §2): transcoded, mapped, normalised, insignificant spaces handled.
 * @returns null when a prohibited character makes the comparison undefined
 */
export function prepareText(text: string): string | null {
  if (/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(text)) return text.toLowerCase()
  const mapped = text
    .replace(/[\t-\r\u0085\p{Z}]/gu, ' ')
    .replace(/[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffc]/gu, '')
  // up and down again folds what lower case alone leaves apart (ß, ſ, ς)
  const folded = mapped.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC')
  if (/[\p{Co}\p{Cs}\p{Cn}\ufffd]/u.test(folded)) return null
  return folded.replace(/ +/g, ' ').trim()
}

function attributeKey(type: string, value: DerElement): string {
  const text = textOf(value)
  const prepared = text === null ? null : prepareText(text)
  return prepared === null
    ? `${type}#${Buffer.from(value.bytes).toString('hex')}`
    : `${type}=${JSON.stringify(prepared)}`
}

/** Reads a Name (RFC 5280 §4.1.2.4). @throws DerError */
export function readName(element: DerElement): Name {
  const mailAddresses: string[] = []
  const parts: string[] = []
  const reader = element.reader()
  while (reader.more) parts.push(readRelativeName(reader.next(TAG.set), mailAddresses))
  return { der: element.bytes, parts, key: parts.join(','), mailAddresses }
}

/**
 * Key of a RelativeDistinguishedName, under whatever tag.
 * @param mailAddresses takes the mail addresses in it
 * @throws DerError
 */
export function readRelativeName(element: DerElement, mailAddresses: string[] = []): string {
  const keys = element.list(attribute => {
    const reader = attribute.reader()
    const type = reader.next(TAG.objectIdentifier).objectIdentifier
    const value = reader.next()
    reader.end()
    if (type === EMAIL_ADDRESS) mailAddresses.push(textOf(value) ?? '')
    return attributeKey(type, value)
  }, element.tag)
  return [...keys].sort().join('+')
}

/** Key of the name one relative name below `base`, as in nameRelativeToCRLIssuer (RFC 5280 §4.2.1.13). */
export function extendedNameKey(base: Name, relativeName: string): string {
  return [...base.parts, relativeName].join(',')
}

/** Whether `name` lies in the subtree under `base`, itself included (RFC 5280 §7.1). */
export function isWithin(name: Name, base: Name): boolean {
  return base.parts.every((part, index) => name.parts[index] === part)
}
