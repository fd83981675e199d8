import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import forge from 'node-forge'
import { certificatesBeside } from '../key-file-tokens.ts'

export interface KeyFileOptions {
  /** Path of the `.p12`. */
  readonly file: string
  readonly password: string
  /** Certifies the public key (SubjectPublicKeyInfo, DER). */
  readonly certify: (publicKey: Uint8Array) => Uint8Array
  /** Issuers' certificates to lay beside it. */
  readonly chain: readonly Uint8Array[]
}

/** Makes a key, RSA 2048, in a key file (PKCS#12) with its certificates beside it: what plays the token where there is no SoftHSM. @returns the certificate */
export async function createKeyFile({ file, password, certify, chain }: KeyFileOptions): Promise<Uint8Array> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const certificate = certify(publicKey.export({ type: 'spki', format: 'der' }))
  const pems = [certificate, ...chain].map(der => new X509Certificate(der).toString())
  const container = forge.pkcs12.toPkcs12Asn1(
    forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
    pems.map(pem => forge.pki.certificateFromPem(pem)),
    password,
    { algorithm: 'aes256' },
  )
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, Buffer.from(forge.asn1.toDer(container).getBytes(), 'latin1'), { mode: 0o600 })
  await writeFile(certificatesBeside(file), pems.join(''))
  return certificate
}
