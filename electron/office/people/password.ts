import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { OfficeError } from '../errors.ts'

/** Of new passwords; each is kept with its own, so that stronger ones may come (RFC 7914: 128 · N · r bytes of memory). */
const STRENGTH = { N: 1 << 15, r: 8, p: 1 } as const
const KEY_BYTES = 32
const SALT_BYTES = 16
/** Eight letters, any letters: length is what counts (NIST SP 800-63B §3.1.1.2). */
const LEAST = 8
const MOST = 200

const keptSchema = z
  .string()
  .regex(/^scrypt\$\d+\$\d+\$\d+\$[\w-]+\$[\w-]+$/)
  .transform(text => text.split('$'))

const passwordSchema = z
  .string()
  .transform(text => text.normalize('NFC'))
  .pipe(z.string().min(LEAST).max(MOST))

function derive(password: string, salt: Buffer, length: number, strength: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    scrypt(password, salt, length, { ...strength, maxmem: 1 << 28 }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  )
}

/** What is kept of a password. @throws OfficeError password-too-short */
export async function hashPassword(password: string): Promise<string> {
  const parsed = passwordSchema.safeParse(password)
  if (!parsed.success) throw new OfficeError('password-too-short', { least: LEAST })
  const salt = randomBytes(SALT_BYTES)
  const key = await derive(parsed.data, salt, KEY_BYTES, STRENGTH)
  const { N, r, p } = STRENGTH
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Whether it is the password of which `kept` was kept. Takes its time, in a thread of Node's own. */
export async function isPassword(password: string, kept: string): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = keptSchema.parse(kept)
  const wanted = Buffer.from(key, 'base64url')
  const given = await derive(password.normalize('NFC'), Buffer.from(salt, 'base64url'), wanted.length, {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  })
  return timingSafeEqual(given, wanted)
}
