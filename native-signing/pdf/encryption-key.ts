import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { sameBytes } from '../bytes.ts'
import { rc4 } from './rc4.ts'

/** Entries of the encryption dictionary that a password is tried against (ISO 32000-2 §7.6.4.2). */
export interface PasswordCheck {
  readonly revision: 2 | 3 | 4 | 5 | 6
  /** Of the file key. */
  readonly keyBytes: number
  /** /O, /U, /OE, /UE. */
  readonly owner: Uint8Array
  readonly user: Uint8Array
  readonly ownerKey: Uint8Array
  readonly userKey: Uint8Array
  readonly permissions: number
  readonly encryptsMetadata: boolean
  /** First half of the trailer's /ID. */
  readonly identifier: Uint8Array
}

/** What a password opens: everything (`owner`), or what the file permits (`user`). */
export interface OpenedKey {
  readonly openedAs: 'owner' | 'user'
  readonly fileKey: Uint8Array
}

/** ISO 32000-1 §7.6.3.3, algorithm 2 (a). */
const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')
const MAXIMUM_PASSWORD_BYTES = 127

const md5 = (...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = createHash('md5')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The file's key by a password; null when it opens nothing. */
export function openWith(password: string, check: PasswordCheck): OpenedKey | null {
  const open = check.revision >= 5 ? openBySha : openByMd5
  for (const bytes of passwordBytes(password, check.revision)) {
    const opened = open(bytes, check)
    if (opened) return opened
  }
  return null
}

/**
 * A password as bytes. Old files take one byte per letter, new ones UTF-8 of its normal form (SASLprep, RFC 4013, comes to NFKC but for
 * letters that no keyboard has); programs that skip this are met by trying the letters as they are.
 */
function passwordBytes(password: string, revision: number): readonly Uint8Array[] {
  const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8').subarray(0, MAXIMUM_PASSWORD_BYTES)
  const asTyped = utf8(password)
  if (revision >= 5) return [utf8(password.normalize('NFKC')), asTyped]
  const isLatin = [...password].every(letter => (letter.codePointAt(0) ?? 0) < 256)
  return isLatin ? [Buffer.from(password, 'latin1'), asTyped] : [asTyped]
}

const padded = (password: Uint8Array): Uint8Array => Buffer.concat([password, PADDING]).subarray(0, 32)

/** Revisions 2 to 4 (ISO 32000-1 §7.6.3.4, algorithms 6 and 7). */
function openByMd5(password: Uint8Array, check: PasswordCheck): OpenedKey | null {
  const fileKey = userFileKey(padded(password), check)
  if (isUserKey(fileKey, check)) return { openedAs: 'user', fileKey }
  const ownerKey = stretched(md5(padded(password)), check)
  const userPassword =
    check.revision === 2
      ? rc4(ownerKey, check.owner)
      : Array.from({ length: 20 }, (_, round) => 19 - round).reduce(
          (bytes, round) => rc4(keyOfRound(ownerKey, round), bytes),
          check.owner,
        )
  const ownersKey = userFileKey(userPassword, check)
  return isUserKey(ownersKey, check) ? { openedAs: 'owner', fileKey: ownersKey } : null
}

const keyOfRound = (key: Uint8Array, round: number): Uint8Array => key.map(byte => byte ^ round)

/** Fifty more rounds from revision 3 on. */
function stretched(start: Uint8Array, { revision, keyBytes }: PasswordCheck): Uint8Array {
  let key = start.subarray(0, keyBytes)
  if (revision >= 3) for (let round = 0; round < 50; round++) key = md5(key).subarray(0, keyBytes)
  return key
}

/** Algorithm 2. */
function userFileKey(paddedPassword: Uint8Array, check: PasswordCheck): Uint8Array {
  const permissions = Buffer.alloc(4)
  permissions.writeInt32LE(check.permissions)
  const clear = check.revision >= 4 && !check.encryptsMetadata ? Buffer.alloc(4, 0xff) : Buffer.alloc(0)
  return stretched(md5(paddedPassword, check.owner, permissions, check.identifier, clear), check)
}

/** Algorithms 4 and 5: whether /U was made by this key. */
function isUserKey(fileKey: Uint8Array, { revision, user, identifier }: PasswordCheck): boolean {
  if (revision === 2) return sameBytes(rc4(fileKey, PADDING), user.subarray(0, 32))
  let value = md5(PADDING, identifier)
  for (let round = 0; round < 20; round++) value = rc4(keyOfRound(fileKey, round), value)
  return sameBytes(value, user.subarray(0, 16))
}

/** Revisions 5 and 6 (ISO 32000-2 §7.6.4.3.3, algorithm 2.A): 32 bytes of hash, 8 of salt for checking, 8 for the key. */
function openBySha(password: Uint8Array, check: PasswordCheck): OpenedKey | null {
  if (check.ownerKey.length < 32 || check.userKey.length < 32) return null
  const user = check.user.subarray(0, 48)
  const tries = [
    { openedAs: 'owner', value: check.owner, encryptedKey: check.ownerKey, more: user },
    { openedAs: 'user', value: user, encryptedKey: check.userKey, more: new Uint8Array(0) },
  ] as const
  const hash = check.revision === 5 ? plainHash : hardenedHash
  for (const { openedAs, value, encryptedKey, more } of tries) {
    if (!sameBytes(hash(password, value.subarray(32, 40), more), value.subarray(0, 32))) continue
    const key = hash(password, value.subarray(40, 48), more)
    const cipher = createDecipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false)
    return { openedAs, fileKey: Buffer.concat([cipher.update(encryptedKey.subarray(0, 32)), cipher.final()]) }
  }
  return null
}

function plainHash(password: Uint8Array, salt: Uint8Array, more: Uint8Array): Uint8Array {
  return createHash('sha256').update(password).update(salt).update(more).digest()
}

/** Algorithm 2.B. */
function hardenedHash(password: Uint8Array, salt: Uint8Array, more: Uint8Array): Uint8Array {
  let key = plainHash(password, salt, more)
  for (let round = 1, last = 0; round <= 64 || last > round - 1 - 32; round++) {
    const once = Buffer.concat([password, key, more])
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32)).setAutoPadding(false)
    const encrypted = cipher.update(Buffer.concat(Array.from({ length: 64 }, () => once)))
    // 256 leaves 1 when divided by 3, so the number is as its bytes' sum
    const remainder = encrypted.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3
    key = createHash(['sha256', 'sha384', 'sha512'][remainder] ?? '')
      .update(encrypted)
      .digest()
    last = encrypted.at(-1) ?? 0
  }
  return key.subarray(0, 32)
}
