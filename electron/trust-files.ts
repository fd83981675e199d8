import { certificateFromDer } from '../native-signing/token/index.ts'
import type { Certificate } from '../native-signing/types.ts'

/** The DER of each PEM block with this label, or the file itself when it is not PEM. */
function derOf(bytes: Uint8Array, label: string): readonly Uint8Array[] {
  const text = Buffer.from(bytes).toString('latin1')
  const blocks = text.matchAll(new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`, 'g'))
  const found = [...blocks].map(block => new Uint8Array(Buffer.from(block[1] ?? '', 'base64')))
  return found.length > 0 ? found : [bytes]
}

/** Certificates of a DER or PEM file. @throws SigningError certificate-unreadable */
export const certificatesInFile = (bytes: Uint8Array): readonly Certificate[] =>
  derOf(bytes, 'CERTIFICATE').map(certificateFromDer)

/** Certificate revocation lists of a DER or PEM file, as DER. */
export const revocationListsInFile = (bytes: Uint8Array): readonly Uint8Array[] => derOf(bytes, 'X509 CRL')
