import { constants, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { nodeHash } from '../cms/algorithms.ts'
import { SigningError } from '../errors.ts'
import type { Certificate, SignatureScheme, TokenInfo, TokenSession } from '../types.ts'

/**
 * Opens a key file (PKCS#12, RFC 7292) as if it were a token: for practice on a PC without soft tokens, and for offices whose authority
 * hands out files. A file can be copied and its password tried for ever, so it never replaces the token where the law asks for one.
 * @param bytes the `.p12` or `.pfx` file
 * @param password ASCII (with other letters the makers of such files do not agree on the bytes); wiped by this call, whatever comes of it
 * @param label how the file is called before people
 * @throws SigningError key-file-unreadable, pin-incorrect, key-not-found
 */
export async function openKeyFile(bytes: Uint8Array, password: Uint8Array, label: string): Promise<TokenSession> {
  try {
    // few ever open one, and what reads it is large
    const { readKeyFile } = await import('./key-file-reader.ts')
    const { keys, certificates } = readKeyFile(bytes, new TextDecoder().decode(password))
    const held = new Map<string, Held>()
    for (const certificate of certificates) {
      const key = keys.find(each => belongsTo(each, certificate))
      if (key) held.set(certificate.sha256, { certificate, key })
    }
    if (held.size === 0) throw new SigningError('key-not-found')
    return new KeyFileSession(label, certificates, held)
  } finally {
    password.fill(0)
  }
}

/** What a key file is as a token; `module` is what it is found by, its path. */
export const keyFileInfo = (module: string, label: string, certificates: readonly Certificate[]): TokenInfo => ({
  ...{ module, slotId: 0, label, manufacturer: '', model: 'PKCS#12', serialNumber: '' },
  ...{ pinState: 'ok', minimumPinLength: 0, maximumPinLength: 1024, pinPad: false, certificates },
})

interface Held {
  readonly certificate: Certificate
  readonly key: KeyObject
}

function belongsTo(key: KeyObject, { der }: Certificate): boolean {
  const own = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const certified = createPublicKey({ key: pemOf(der), format: 'pem' }).export({ type: 'spki', format: 'der' })
  return own.equals(certified)
}

const pemOf = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`

class KeyFileSession implements TokenSession {
  readonly token: TokenInfo
  readonly certificates: readonly Certificate[]
  readonly #held: Map<string, Held>

  constructor(label: string, certificates: readonly Certificate[], held: Map<string, Held>) {
    this.certificates = certificates.filter(certificate => held.has(certificate.sha256))
    this.#held = held
    this.token = keyFileInfo('', label, certificates)
  }

  schemes(certificateSha256: string): readonly SignatureScheme[] {
    const type = this.#held.get(certificateSha256)?.key.asymmetricKeyType
    if (type === 'rsa') return ['RSA-PKCS1', 'RSA-PSS']
    return type === 'ec' ? ['ECDSA'] : []
  }

  async sign(...[certificateSha256, scheme, hash, data]: Parameters<TokenSession['sign']>): Promise<Uint8Array> {
    const held = this.#held.get(certificateSha256)
    if (!held) throw new SigningError('key-not-found')
    if (!this.schemes(certificateSha256).includes(scheme))
      throw new SigningError('mechanism-not-supported', { mechanism: scheme })
    const padding =
      scheme === 'RSA-PSS'
        ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        : {}
    return sign(nodeHash(hash), data, { key: held.key, ...padding })
  }

  async close(): Promise<void> {
    this.#held.clear()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
