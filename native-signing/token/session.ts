import { createHash, X509Certificate } from 'node:crypto'
import pkcs11js from 'pkcs11js'
import { hashBytes, nodeHash } from '../cms/algorithms.ts'
import { SigningError } from '../errors.ts'
import type { HashAlgorithm, SignatureScheme } from '../types.ts'
import type { KeptPin } from './kept-pin.ts'
import type { HeldCertificate, LoginOutcome, SignOutcome } from './messages.ts'
import { attribute, certificatesOf, findObjects, findSlot, type Handle, type Module } from './module.ts'
import { errorOfCall, returnCode, returnCodeOf } from './return-codes.ts'
import { digestInfo, ecdsaSignatureToDer } from './signature-encoding.ts'

/** A session on one token, in the module's own process. */
export interface Session {
  /** One C_Login with the kept PIN, never more; a refused PIN is wiped. */
  login(): LoginOutcome
  /** C_SetPIN; the kept PIN is the old one. Both are wiped, whatever comes of it. */
  changePin(newPin: KeptPin): void
  /** The certificates on the token, and those handed in whose key is on it. `pin` is wiped when no key needs it again. */
  keys(otherCertificates: readonly Uint8Array[]): readonly HeldCertificate[]
  sign(certificateSha256: string, scheme: SignatureScheme, hash: HashAlgorithm, data: Uint8Array): SignOutcome
  close(): void
}

interface PrivateKey {
  readonly handle: Handle
  readonly id: Buffer | null
  readonly modulus: Buffer | null
  /** CKA_ALWAYS_AUTHENTICATE: the PIN is asked again for every signature. */
  readonly alwaysAuthenticate: boolean
}

interface SigningKey extends PrivateKey {
  readonly type: 'RSA' | 'EC'
  /** Length of a signature as the token gives it, in bytes. */
  readonly signatureLength: number
}

type PublicKey =
  | { readonly type: 'RSA'; readonly modulus: Buffer }
  | { readonly type: 'EC'; readonly point: Buffer; readonly fieldBytes: number }

export interface SessionOptions {
  readonly slotId: number
  readonly pin: KeptPin
  readonly writable: boolean
  /** The PIN stays after the login, for one more when the token has forgotten it. */
  readonly keepPin: boolean
}

/** Opens a session on the token in this slot. @throws SigningError token-removed, token-failed */
export function openSession(module: Module, { slotId, pin, writable, keepPin }: SessionOptions): Session {
  const slot = findSlot(module, slotId)
  if (!slot) throw new SigningError('token-removed')
  const session = module.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | (writable ? pkcs11js.CKF_RW_SESSION : 0))
  const keysByCertificate = new Map<string, SigningKey>()
  let mechanisms: ReadonlySet<number> = new Set()

  /** A PIN once refused is never tried again. */
  const logInAs = (user: number): LoginOutcome => {
    if (!pin.here()) throw new SigningError('token-failed', { reason: 'pin-not-kept' })
    const flagsBefore = flagsOf(module, slot)
    try {
      module.C_Login(session, user, pin.text())
      return { outcome: 'accepted', tried: true }
    } catch (error) {
      const code = returnCodeOf(error)
      // Some middleware shares one login among all programs of the desk.
      if (code === returnCode.userAlreadyLoggedIn) return { outcome: 'accepted', tried: false }
      pin.wipe()
      return { outcome: 'refused', returnCode: code, flagsBefore, flagsAfter: flagsOf(module, slot) }
    }
  }

  return {
    login: () => logInAs(pkcs11js.CKU_USER),

    changePin(newPin) {
      try {
        module.C_SetPIN(session, pin.text(), newPin.text())
      } finally {
        pin.wipe()
        newPin.wipe()
      }
    },

    keys(otherCertificates) {
      mechanisms = new Set(mechanismsOf(module, slot))
      const privateKeys = privateKeysOf(module, session)
      const held = certificatesOf(module, session).map(der => ({ der, onToken: true }))
      const others = otherCertificates.map(der => ({ der, onToken: false }))
      const certificates = [...held, ...others].flatMap(({ der, onToken }) => {
        const key = keyOf(module, session, privateKeys, der)
        if (key) keysByCertificate.set(sha256(der), key)
        const schemes = key ? schemesOf(key, mechanisms) : []
        return key || onToken ? [{ der, schemes, asksPin: key?.alwaysAuthenticate ?? false }] : []
      })
      if (!keepPin && !privateKeys.some(key => key.alwaysAuthenticate)) pin.wipe()
      return certificates
    },

    sign(certificateSha256, scheme, hash, data) {
      const key = keysByCertificate.get(certificateSha256)
      if (!key) throw new SigningError('key-not-found', { certificateSha256 })
      for (const attempt of attempts(key, scheme, hash, data, mechanisms)) {
        try {
          module.C_SignInit(session, attempt.mechanism, key.handle)
        } catch (error) {
          // A mechanism that is listed and then refused: the next one may do.
          if (errorOfCall('C_SignInit', error).code === 'mechanism-not-supported') continue
          throw error
        }
        if (key.alwaysAuthenticate) {
          const login = logInAs(pkcs11js.CKU_CONTEXT_SPECIFIC)
          if (login.outcome === 'refused') return login
        }
        // The length is known from the key. What the module says of it is not used: some answer with nonsense.
        const value = Buffer.alloc(key.signatureLength)
        module.C_Sign(session, attempt.input, value)
        const signature = key.type === 'EC' ? ecdsaSignatureToDer(value) : new Uint8Array(value)
        return { outcome: 'signed', signature }
      }
      throw new SigningError('mechanism-not-supported', { scheme, hash })
    },

    close() {
      pin.wipe()
      try {
        module.C_Logout(session)
      } finally {
        module.C_CloseSession(session)
      }
    },
  }
}

function flagsOf(module: Module, slot: Handle): number | null {
  try {
    return module.C_GetTokenInfo(slot).flags
  } catch {
    return null
  }
}

function mechanismsOf(module: Module, slot: Handle): readonly number[] {
  const listed = module.C_GetMechanismList(slot)
  // No list at all says nothing; bare RSA is what every token does.
  return listed.length > 0 ? listed : [pkcs11js.CKM_RSA_PKCS]
}

function privateKeysOf(module: Module, session: Handle): readonly PrivateKey[] {
  return findObjects(module, session, pkcs11js.CKO_PRIVATE_KEY).map(handle => ({
    handle,
    id: attribute(module, session, handle, pkcs11js.CKA_ID),
    modulus: attribute(module, session, handle, pkcs11js.CKA_MODULUS),
    alwaysAuthenticate: attribute(module, session, handle, pkcs11js.CKA_ALWAYS_AUTHENTICATE)?.[0] === 1,
  }))
}

/**
 * The private key of a certificate: the one with its modulus; where keys tell no modulus (EC, some drivers), the one that shares CKA_ID with
 * the certificate or with a public key on the token that is the certificate's. Labels are not looked at: they repeat.
 */
function keyOf(
  module: Module,
  session: Handle,
  privateKeys: readonly PrivateKey[],
  der: Uint8Array,
): SigningKey | null {
  const publicKey = publicKeyOf(der)
  if (!publicKey) return null
  if (publicKey.type === 'RSA') {
    const same = privateKeys.find(key => key.modulus && unsigned(key.modulus).equals(publicKey.modulus))
    if (same) return { ...same, type: 'RSA', signatureLength: publicKey.modulus.length }
  }
  const ids = identifiersOf(module, session, der, publicKey)
  const silent = privateKeys.filter(key => !key.modulus || key.modulus.length === 0)
  const byId = silent.find(key => key.id && key.id.length > 0 && ids.some(id => key.id?.equals(id)))
  if (!byId) return null
  const signatureLength = publicKey.type === 'RSA' ? publicKey.modulus.length : 2 * publicKey.fieldBytes
  return { ...byId, type: publicKey.type, signatureLength }
}

function identifiersOf(module: Module, session: Handle, der: Uint8Array, publicKey: PublicKey): readonly Buffer[] {
  const read = (object: Handle, type: number) => attribute(module, session, object, type)
  const certificates = findObjects(module, session, pkcs11js.CKO_CERTIFICATE).filter(object =>
    read(object, pkcs11js.CKA_VALUE)?.equals(der),
  )
  const publicKeys = findObjects(module, session, pkcs11js.CKO_PUBLIC_KEY).filter(object => {
    if (publicKey.type === 'RSA') {
      const modulus = read(object, pkcs11js.CKA_MODULUS)
      return modulus !== null && unsigned(modulus).equals(publicKey.modulus)
    }
    // CKA_EC_POINT should be an OCTET STRING around the point; some modules give the point alone.
    const point = read(object, pkcs11js.CKA_EC_POINT)
    return point?.subarray(-publicKey.point.length).equals(publicKey.point) ?? false
  })
  return [...certificates, ...publicKeys].flatMap(object => read(object, pkcs11js.CKA_ID) ?? [])
}

function publicKeyOf(der: Uint8Array): PublicKey | null {
  try {
    const key = new X509Certificate(der).publicKey.export({ format: 'jwk' })
    if (key.kty === 'RSA' && key.n) return { type: 'RSA', modulus: Buffer.from(key.n, 'base64url') }
    if (key.kty !== 'EC' || !key.x || !key.y) return null
    const x = Buffer.from(key.x, 'base64url')
    const point = Buffer.concat([Buffer.from([4]), x, Buffer.from(key.y, 'base64url')])
    return { type: 'EC', point, fieldBytes: x.length }
  } catch {
    // Something on the token that is no certificate we can read: it is simply not one to sign with.
    return null
  }
}

function schemesOf(key: SigningKey, mechanisms: ReadonlySet<number>): readonly SignatureScheme[] {
  const schemes: readonly SignatureScheme[] = key.type === 'EC' ? ['ECDSA'] : ['RSA-PKCS1', 'RSA-PSS']
  return schemes.filter(scheme => attempts(key, scheme, 'SHA-256', new Uint8Array(), mechanisms).length > 0)
}

interface Attempt {
  readonly mechanism: pkcs11js.Mechanism
  readonly input: Buffer
}

const mechanismsOfHash = {
  'SHA-256': {
    pkcs1: pkcs11js.CKM_SHA256_RSA_PKCS,
    pss: pkcs11js.CKM_SHA256_RSA_PKCS_PSS,
    ecdsa: pkcs11js.CKM_ECDSA_SHA256,
    digest: pkcs11js.CKM_SHA256,
    mask: pkcs11js.CKG_MGF1_SHA256,
  },
  'SHA-384': {
    pkcs1: pkcs11js.CKM_SHA384_RSA_PKCS,
    pss: pkcs11js.CKM_SHA384_RSA_PKCS_PSS,
    ecdsa: pkcs11js.CKM_ECDSA_SHA384,
    digest: pkcs11js.CKM_SHA384,
    mask: pkcs11js.CKG_MGF1_SHA384,
  },
  'SHA-512': {
    pkcs1: pkcs11js.CKM_SHA512_RSA_PKCS,
    pss: pkcs11js.CKM_SHA512_RSA_PKCS_PSS,
    ecdsa: pkcs11js.CKM_ECDSA_SHA512,
    digest: pkcs11js.CKM_SHA512,
    mask: pkcs11js.CKG_MGF1_SHA512,
  },
} as const

/** The mechanisms that the token lists for this scheme, best first: hashing on the token, else our hash in a bare mechanism. */
function attempts(
  key: SigningKey,
  scheme: SignatureScheme,
  hash: HashAlgorithm,
  data: Uint8Array,
  mechanisms: ReadonlySet<number>,
): readonly Attempt[] {
  if ((scheme === 'ECDSA') !== (key.type === 'EC')) return []
  const of = mechanismsOfHash[hash]
  const digest = createHash(nodeHash(hash)).update(data).digest()
  const whole = Buffer.from(data)
  const possible: Readonly<Record<SignatureScheme, readonly Attempt[]>> = {
    'RSA-PKCS1': [
      { mechanism: { mechanism: of.pkcs1 }, input: whole },
      { mechanism: { mechanism: pkcs11js.CKM_RSA_PKCS }, input: digestInfo(hash, digest) },
    ],
    'RSA-PSS': [
      { mechanism: { mechanism: of.pss, parameter: pssParameter(hash) }, input: whole },
      { mechanism: { mechanism: pkcs11js.CKM_RSA_PKCS_PSS, parameter: pssParameter(hash) }, input: digest },
    ],
    // A digest longer than the curve's order is cut by the mechanism's definition (FIPS 186-4 §6.4); not every module does it itself.
    ECDSA: [
      { mechanism: { mechanism: pkcs11js.CKM_ECDSA }, input: digest.subarray(0, key.signatureLength / 2) },
      { mechanism: { mechanism: of.ecdsa }, input: whole },
    ],
  }
  return possible[scheme].filter(attempt => mechanisms.has(attempt.mechanism.mechanism))
}

/** Salt as long as the hash, mask by the same hash: what PAdES verifiers expect (RFC 4056 §3). */
function pssParameter(hash: HashAlgorithm): pkcs11js.RsaPSS {
  const { digest, mask } = mechanismsOfHash[hash]
  return { type: pkcs11js.CK_PARAMS_RSA_PSS, hashAlg: digest, mgf: mask, saltLen: hashBytes(hash) }
}

/** A big number without the zero byte that some modules put in front. */
function unsigned(number: Buffer): Buffer {
  const start = number.findIndex(byte => byte !== 0)
  return start < 0 ? number : number.subarray(start)
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
