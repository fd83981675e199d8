import { createPrivateKey, type KeyObject } from 'node:crypto'
import forge from 'node-forge'
import { SigningError } from '../errors.ts'
import type { Certificate } from '../types.ts'
import { certificateFromDer } from './certificate.ts'

export interface KeyFileContents {
  readonly keys: readonly KeyObject[]
  readonly certificates: readonly Certificate[]
}

const { certBag, keyBag, pkcs8ShroudedKeyBag } = forge.pki.oids

/**
 * Reads a key file (PKCS#12, RFC 7292).
 * @param password ASCII
 * @throws SigningError key-file-unreadable, pin-incorrect
 */
export function readKeyFile(bytes: Uint8Array, password: string): KeyFileContents {
  const container = open(bytes, password)
  const bags = (type: string | undefined) =>
    type === undefined ? [] : (container.getBags({ bagType: type })[type] ?? [])
  // forge builds RSA objects only; of every other key and certificate it keeps the ASN.1, which is all we need.
  const keys = [...bags(keyBag), ...bags(pkcs8ShroudedKeyBag)].flatMap(({ key, asn1 }) => {
    const info = key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1
    return info ? [createPrivateKey({ key: derOf(info), format: 'der', type: 'pkcs8' })] : []
  })
  const certificates = bags(certBag).flatMap(({ cert, asn1 }) => {
    const certificate = cert ? forge.pki.certificateToAsn1(cert) : asn1
    return certificate ? [certificateFromDer(derOf(certificate))] : []
  })
  return { keys, certificates }
}

function open(bytes: Uint8Array, password: string): forge.pkcs12.Pkcs12Pfx {
  let asn1: forge.asn1.Asn1
  try {
    asn1 = forge.asn1.fromDer(forge.util.createBuffer(Buffer.from(bytes).toString('latin1')))
  } catch (cause) {
    throw new SigningError('key-file-unreadable', {}, { cause })
  }
  try {
    return forge.pkcs12.pkcs12FromAsn1(asn1, password)
  } catch (cause) {
    // forge tells a wrong password only in words.
    const wrongPassword = cause instanceof Error && /password|MAC could not be verified/i.test(cause.message)
    throw new SigningError(wrongPassword ? 'pin-incorrect' : 'key-file-unreadable', {}, { cause })
  }
}

const derOf = (asn1: forge.asn1.Asn1): Buffer => Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1')
