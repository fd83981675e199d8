import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { SigningError } from '../errors.ts'
import { type OpenedKey, openWith, type PasswordCheck } from './encryption-key.ts'
import { MAXIMUM_DECODED_BYTES } from './filters.ts'
import { is, isName, type PdfDictionary, type PdfObject, type PdfStream } from './objects.ts'
import { rc4 } from './rc4.ts'
import { LazySource, MemorySource } from './source.ts'

/** How strings or streams are encrypted (crypt filters, ISO 32000-2 §7.6.6). */
type Method = 'none' | 'rc4' | 'aes-128' | 'aes-256'

const METHODS: Readonly<Record<string, Method>> = { None: 'none', V2: 'rc4', AESV2: 'aes-128', AESV3: 'aes-256' }
const AES_BLOCK = 16
/** Bits of /P, counted from 1 (ISO 32000-2 table 22). */
const MODIFY = 4
const ANNOTATE = 6
const FILL = 9

/** What the file encrypts in which way; streams may name another way for themselves. */
interface Methods {
  readonly strings: Method
  readonly streams: Method
  readonly named: (name: string) => Method
}

/** Number and generation of an object: keys are made of them. */
export interface ObjectPlace {
  readonly number: number
  readonly generation: number
}

/** Reads entries of the encryption dictionary, which is itself never encrypted. */
export interface EncryptionEntries {
  readonly dictionary: PdfDictionary
  /** First half of the trailer's /ID; empty where there is none. */
  readonly identifier: Uint8Array
  readonly get: (dictionary: PdfDictionary, key: string) => PdfObject
}

/**
 * The standard security handler (ISO 32000-2 §7.6.4) with a file's key: decrypts what is read, encrypts what is added. RC4 with 40 to 128
 * bits, AES with 128 and 256.
 */
export class Encryption {
  readonly openedAs: OpenedKey['openedAs']
  /** First half of the trailer's /ID. Below AES-256 the key is made of it too, so it must stay as it is in every update. */
  readonly identifier: Uint8Array
  readonly #fileKey: Uint8Array
  readonly #permissions: number
  readonly #revision: number
  readonly #methods: Methods
  readonly #encryptsMetadata: boolean

  /**
   * @param password the user's or the owner's; without one the empty one is tried. One that opens nothing is an error also where anybody may
   *   read the file: who gives a password wants what it opens
   * @throws SigningError pdf-encrypted for other ways of encrypting, pdf-password-required, pdf-password-wrong
   */
  constructor(entries: EncryptionEntries, password: string | undefined) {
    const check = readCheck(entries)
    const opened = openWith(password ?? '', check)
    if (!opened) throw new SigningError(password ? 'pdf-password-wrong' : 'pdf-password-required')
    this.openedAs = opened.openedAs
    this.identifier = entries.identifier
    this.#fileKey = opened.fileKey
    this.#permissions = check.permissions
    this.#revision = check.revision
    this.#methods = readMethods(entries)
    this.#encryptsMetadata = check.encryptsMetadata
  }

  /** Whether a form field that is there may be filled, and so a waiting signature field be signed. */
  get permitsFilling(): boolean {
    return this.#permits(ANNOTATE) || (this.#revision > 2 && this.#permits(FILL))
  }

  /** Whether fields may be added, and so a signature that needs one. */
  get permitsNewFields(): boolean {
    return this.#permits(MODIFY) && this.#permits(ANNOTATE)
  }

  /** The owner may do everything. */
  #permits(bit: number): boolean {
    return this.openedAs === 'owner' || ((this.#permissions >> (bit - 1)) & 1) === 1
  }

  /** An object as it was before encryption. Streams are decrypted when somebody reads them. */
  decrypt(place: ObjectPlace, object: PdfObject): PdfObject {
    if (is(object, 'stream') && isName(object.dictionary.entries.get('Type'), 'XRef')) return object
    const decrypted = changeStrings(object, bytes => this.#decipher(this.#methods.strings, place, bytes))
    if (!is(decrypted, 'stream')) return decrypted
    const method = this.#methodOf(decrypted)
    if (method === 'none') return decrypted
    const { data } = decrypted
    const decipher = (): Uint8Array => {
      if (data.length > MAXIMUM_DECODED_BYTES)
        throw new SigningError('pdf-unreadable', { reason: 'stream too large', object: place.number })
      return this.#decipher(method, place, data.read(0, data.length))
    }
    return { ...decrypted, data: new LazySource(decipher) }
  }

  /** An object of ours, or one that was read, as it is to be written. */
  encrypt(place: ObjectPlace, object: PdfObject): PdfObject {
    const encrypted = changeStrings(object, bytes => this.#encipher(this.#methods.strings, place, bytes))
    if (!is(encrypted, 'stream')) return encrypted
    const plain = encrypted.data.read(0, encrypted.data.length)
    const data = this.#encipher(this.#methodOf(encrypted), place, plain)
    const entries = new Map(encrypted.dictionary.entries).set('Length', data.length)
    return { ...encrypted, dictionary: { ...encrypted.dictionary, entries }, data: new MemorySource(data) }
  }

  #methodOf({ dictionary: { entries } }: PdfStream): Method {
    const filter = entries.get('Filter')
    const [first] = is(filter, 'array') ? filter.items : [filter]
    if (isName(first, 'Crypt')) {
      const parameters = entries.get('DecodeParms')
      const [own] = is(parameters, 'array') ? parameters.items : [parameters]
      const name = is(own, 'dictionary') ? own.entries.get('Name') : null
      return this.#methods.named(is(name, 'name') ? name.name : 'Identity')
    }
    return isName(entries.get('Type'), 'Metadata') && !this.#encryptsMetadata ? 'none' : this.#methods.streams
  }

  /** Algorithm 1: below AES-256 each object has a key of its own. */
  #keyFor(method: Method, { number, generation }: ObjectPlace): Uint8Array {
    if (method === 'aes-256') return this.#fileKey
    const place = Buffer.alloc(5)
    place.writeUIntLE(number, 0, 3)
    place.writeUInt16LE(generation, 3)
    const hash = createHash('md5').update(this.#fileKey).update(place)
    if (method === 'aes-128') hash.update('sAlT')
    return hash.digest().subarray(0, Math.min(this.#fileKey.length + 5, 16))
  }

  #decipher(method: Method, place: ObjectPlace, bytes: Uint8Array): Uint8Array {
    if (method === 'none') return bytes
    const key = this.#keyFor(method, place)
    if (method === 'rc4') return rc4(key, bytes)
    // some writers leave empty strings as they are; what is no whole number of blocks is damaged and read as far as it goes
    const whole = bytes.length - (bytes.length % AES_BLOCK)
    if (whole < 2 * AES_BLOCK) return new Uint8Array(0)
    const cipher = createDecipheriv(`${method}-cbc`, key, bytes.subarray(0, AES_BLOCK)).setAutoPadding(false)
    const plain = cipher.update(bytes.subarray(AES_BLOCK, whole))
    const padding = plain.at(-1) ?? 0
    return padding >= 1 && padding <= AES_BLOCK ? plain.subarray(0, plain.length - padding) : plain
  }

  #encipher(method: Method, place: ObjectPlace, bytes: Uint8Array): Uint8Array {
    if (method === 'none') return bytes
    const key = this.#keyFor(method, place)
    if (method === 'rc4') return rc4(key, bytes)
    const start = randomBytes(AES_BLOCK)
    const cipher = createCipheriv(`${method}-cbc`, key, start)
    return Buffer.concat([start, cipher.update(bytes), cipher.final()])
  }
}

/** The object with its strings changed, but for the /Contents of a signature: that one is never encrypted (ISO 32000-2 §7.6.2). */
function changeStrings(object: PdfObject, change: (bytes: Uint8Array) => Uint8Array): PdfObject {
  if (is(object, 'string')) return { ...object, bytes: change(object.bytes) }
  if (is(object, 'array')) return { ...object, items: object.items.map(item => changeStrings(item, change)) }
  if (is(object, 'stream')) return { ...object, dictionary: changeEntries(object.dictionary, change) }
  return is(object, 'dictionary') ? changeEntries(object, change) : object
}

function changeEntries(dictionary: PdfDictionary, change: (bytes: Uint8Array) => Uint8Array): PdfDictionary {
  const isSignature = is(dictionary.entries.get('ByteRange'), 'array')
  const entries = new Map<string, PdfObject>()
  for (const [key, value] of dictionary.entries)
    entries.set(key, isSignature && key === 'Contents' ? value : changeStrings(value, change))
  return { ...dictionary, entries }
}

function unsupported(reason: string): never {
  throw new SigningError('pdf-encrypted', { reason })
}

function readCheck({ dictionary, identifier, get }: EncryptionEntries): PasswordCheck {
  const number = (key: string, otherwise: number): number => {
    const value = get(dictionary, key)
    return typeof value === 'number' && Number.isInteger(value) ? value : otherwise
  }
  const bytes = (key: string): Uint8Array => {
    const value = get(dictionary, key)
    return is(value, 'string') ? value.bytes : new Uint8Array(0)
  }
  if (!isName(get(dictionary, 'Filter'), 'Standard')) return unsupported('security handler')
  const version = number('V', 0)
  const revision = number('R', 0)
  if (revision !== 2 && revision !== 3 && revision !== 4 && revision !== 5 && revision !== 6)
    return unsupported('revision')
  if (![1, 2, 4, 5].includes(version) || revision >= 5 !== (version === 5)) return unsupported('version')
  const keyBytes = version === 5 ? 32 : version === 4 ? 16 : version === 1 ? 5 : number('Length', 40) / 8
  if (!Number.isInteger(keyBytes) || keyBytes < 5 || (version === 2 && keyBytes > 16)) return unsupported('key length')
  return {
    revision,
    keyBytes,
    // from revision 5 on 48 bytes; some writers add zeros
    owner: bytes('O').subarray(0, revision >= 5 ? 48 : 32),
    user: bytes('U'),
    ownerKey: bytes('OE'),
    userKey: bytes('UE'),
    // written as a signed number of 32 bits, by some as an unsigned one
    permissions: number('P', 0) | 0,
    encryptsMetadata: get(dictionary, 'EncryptMetadata') !== false,
    identifier,
  }
}

function readMethods({ dictionary, get }: EncryptionEntries): Methods {
  const version = get(dictionary, 'V')
  if (version === 1 || version === 2) return { strings: 'rc4', streams: 'rc4', named: () => 'none' }
  const filters = get(dictionary, 'CF')
  const named = (name: string): Method => {
    if (name === 'Identity') return 'none'
    const filter = is(filters, 'dictionary') ? get(filters, name) : null
    const method = is(filter, 'dictionary') ? get(filter, 'CFM') : null
    const known = is(method, 'name') ? METHODS[method.name] : undefined
    const fits = known === 'none' || (known === 'aes-256') === (version === 5)
    return known && fits ? known : unsupported('crypt filter')
  }
  const chosen = (key: string): Method => {
    const name = get(dictionary, key)
    return named(is(name, 'name') ? name.name : 'Identity')
  }
  return { strings: chosen('StrF'), streams: chosen('StmF'), named }
}
