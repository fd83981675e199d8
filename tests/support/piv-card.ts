import { execFileSync } from 'node:child_process'
import { constants, createPublicKey, type KeyObject, privateEncrypt, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * A PIV card (NIST SP 800-73-4) in software, as far as a PKCS#11 driver uses it: certificates, PIN with tries, change of PIN, signatures.
 * It answers APDUs; how they reach it is another's matter.
 */
export interface PivCard {
  /** Power on or reset: what was verified and selected is forgotten. */
  reset(): void
  answer(command: Uint8Array): Uint8Array
  /** What the card has seen. */
  readonly seen: { verifications: number; triesLeft: number }
}

/** 9C asks the PIN before each signature (CKA_ALWAYS_AUTHENTICATE); 9A and 9D once. */
export type PivSlot = '9a' | '9c' | '9d'

export interface PivKey {
  readonly slot: PivSlot
  /** RSA with 2048 bits or EC on P-256. */
  readonly privateKey: KeyObject
  readonly certificate: Uint8Array
}

const objectOfSlot: Readonly<Record<PivSlot, string>> = { '9a': '5fc105', '9c': '5fc10a', '9d': '5fc10b' }
const chuidObject = '5fc102'
const application = Buffer.from('a000000308000010000100', 'hex')
const mostTries = 3

const status = (word: number): Buffer => Buffer.from([word >> 8, word & 0xff])
const ok = 0x9000

export function pivCard(options: { readonly pin: string; readonly keys: readonly PivKey[] }): PivCard {
  const seen = { verifications: 0, triesLeft: mostTries }
  const objects = new Map<string, Buffer>([[chuidObject, cardholderIdentifier()]])
  for (const { slot, certificate } of options.keys)
    objects.set(objectOfSlot[slot], Buffer.concat([tlv(0x70, certificate), tlv(0x71, Buffer.from([0])), tlv(0xfe)]))
  let pin = padded(options.pin)
  let verified = false
  /** True right after a verification: 9C may sign once. */
  let fresh = false
  let chained = Buffer.alloc(0)
  let waiting = Buffer.alloc(0)
  /** Le of the command: how long an answer it takes. */
  let expected = 256

  /** No more than was asked for; the rest waits for GET RESPONSE. */
  const give = (data: Buffer): Buffer => {
    waiting = Buffer.from(data.subarray(expected))
    const word = waiting.length > 0 ? 0x6100 | Math.min(waiting.length, 0xff) : ok
    return Buffer.concat([data.subarray(0, expected), status(word)])
  }
  const verify = (typed: Buffer): Buffer => {
    seen.verifications += 1
    if (seen.triesLeft === 0) return status(0x6983)
    const right = typed.length === pin.length && timingSafeEqual(typed, pin)
    seen.triesLeft = right ? mostTries : seen.triesLeft - 1
    verified = right
    fresh = right
    return status(right ? ok : seen.triesLeft === 0 ? 0x6983 : 0x63c0 | seen.triesLeft)
  }
  const pinState = (): Buffer => status(verified ? ok : seen.triesLeft === 0 ? 0x6983 : 0x63c0 | seen.triesLeft)

  const getData = (data: Buffer): Buffer => {
    const wanted = data.subarray(2).toString('hex')
    const found = objects.get(wanted)
    return found ? give(tlv(0x53, found)) : status(0x6a82)
  }
  const authenticate = (slot: string, data: Buffer): Buffer => {
    const key = options.keys.find(each => each.slot === slot)
    if (!key) return status(0x6a88)
    if (!verified || (slot === '9c' && !fresh)) return status(0x6982)
    fresh = false
    const challenge = fieldOf(data, 0x81)
    if (!challenge) return status(0x6a80)
    return give(tlv(0x7c, tlv(0x82, sign(key.privateKey, challenge))))
  }
  const execute = (instruction: number, p1: number, p2: number, data: Buffer): Buffer => {
    switch (instruction) {
      case 0xa4:
        if (!application.subarray(0, data.length).equals(data) || data.length < 9) return status(0x6a82)
        return give(tlv(0x61, tlv(0x4f, application.subarray(5)), tlv(0x79, tlv(0x4f, application.subarray(0, 5)))))
      case 0x20:
        if (p2 !== 0x80) return status(0x6a88)
        return data.length === 0 ? pinState() : verify(data)
      case 0x24: {
        if (p2 !== 0x80 || data.length !== 16) return status(0x6a80)
        const outcome = verify(Buffer.from(data.subarray(0, 8)))
        if (outcome.equals(status(ok))) pin = Buffer.from(data.subarray(8))
        return outcome
      }
      case 0x87:
        return authenticate(p2.toString(16), data)
      case 0xcb:
        return p1 === 0x3f && p2 === 0xff ? getData(data) : status(0x6a86)
      default:
        return status(0x6d00)
    }
  }

  return {
    seen,
    reset() {
      verified = false
      fresh = false
      chained = Buffer.alloc(0)
      waiting = Buffer.alloc(0)
    },
    answer(bytes) {
      const command = Buffer.from(bytes)
      const [cla = 0, instruction = 0, p1 = 0, p2 = 0, length = 0] = command
      const data = command.length > 5 ? command.subarray(5, 5 + length) : Buffer.alloc(0)
      expected = (command.length > 5 ? command[5 + length] : length) || 256
      if (instruction === 0xc0) return give(waiting)
      chained = Buffer.concat([chained, data])
      if (cla & 0x10) return status(ok)
      const whole = chained
      chained = Buffer.alloc(0)
      return execute(instruction, p1, p2, whole)
    },
  }
}

/** Eight bytes, filled up with FF (SP 800-73-4 part 2 §2.4.3). */
const padded = (pin: string): Buffer => Buffer.concat([Buffer.from(pin), Buffer.alloc(8, 0xff)], 8)

/** CHUID; drivers take the card's serial number from it. */
const cardholderIdentifier = (): Buffer =>
  Buffer.concat([
    tlv(0x30, randomBytes(25)),
    tlv(0x34, randomBytes(16)),
    tlv(0x35, Buffer.from('20401231')),
    tlv(0x3e),
    tlv(0xfe),
  ])

function tlv(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...head]), content])
}

/** A field inside the dynamic authentication template 7C. */
function fieldOf(template: Buffer, wanted: number): Buffer | null {
  const lengthAt = (at: number): { readonly length: number; readonly start: number } => {
    const first = template[at] ?? 0
    if (first < 0x80) return { length: first, start: at + 1 }
    return first === 0x81
      ? { length: template[at + 1] ?? 0, start: at + 2 }
      : { length: template.readUInt16BE(at + 1), start: at + 3 }
  }
  for (let at = lengthAt(1).start; at < template.length; ) {
    const { length, start } = lengthAt(at + 1)
    if (template[at] === wanted) return template.subarray(start, start + length)
    at = start + length
  }
  return null
}

/** What the card's chip does: the private key on exactly these bytes. Node has no bare ECDSA, so openssl does that. */
function sign(key: KeyObject, challenge: Buffer): Buffer {
  if (key.asymmetricKeyType === 'rsa') return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, challenge)
  const pem = key.export({ type: 'pkcs8', format: 'pem' })
  const script = 'exec 3<<<"$KEY"; exec openssl pkeyutl -sign -inkey /dev/fd/3'
  return execFileSync('bash', ['-c', script], { input: challenge, env: { ...process.env, KEY: String(pem) } })
}

/** The public key that goes into a key's certificate, SubjectPublicKeyInfo. */
export const publicKeyBytes = (key: KeyObject): Uint8Array =>
  createPublicKey(key).export({ type: 'spki', format: 'der' })
