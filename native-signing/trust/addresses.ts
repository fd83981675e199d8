import { constructed, type DerElement, DerError, primitive, readBer, TAG } from '../der/reader.ts'
import { EXTENSION, type ParsedCertificate } from './certificate.ts'

/** Where a certificate's authority says that its status and its issuer can be had; http and https only, in its order. */
export interface StatusAddresses {
  readonly ocsp: readonly string[]
  readonly crls: readonly string[]
  readonly issuers: readonly string[]
}

const OCSP = '1.3.6.1.5.5.7.48.1'
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2'

/** uniformResourceIdentifier of a GeneralName. */
const URI = primitive(6)

export function isHttp(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)
}

function addressOf(name: DerElement): readonly string[] {
  const address = name.tag === URI ? Buffer.from(name.content).toString('latin1') : ''
  return isHttp(address) ? [address] : []
}

/** Authority information access (RFC 5280 §4.2.2.1) and CRL distribution points (§4.2.1.13). */
export function statusAddresses({ extensions }: ParsedCertificate): StatusAddresses {
  const read = (identifier: string, addresses: (value: DerElement) => readonly string[]): readonly string[] => {
    const extension = extensions.get(identifier)
    try {
      return extension ? addresses(readBer(extension.value)) : []
    } catch (error) {
      if (error instanceof DerError) return []
      throw error
    }
  }
  const access = (method: string) => (value: DerElement) =>
    value.children.flatMap(description => {
      const parts = description.reader()
      return parts.next().objectIdentifier === method ? addressOf(parts.next()) : []
    })
  return {
    ocsp: read(EXTENSION.authorityInformationAccess, access(OCSP)),
    issuers: read(EXTENSION.authorityInformationAccess, access(CA_ISSUERS)),
    crls: read(EXTENSION.crlDistributionPoints, value =>
      value.children.flatMap(point => {
        const fullName = point
          .reader(TAG.sequence)
          .optional(constructed(0))
          ?.reader(constructed(0))
          .optional(constructed(0))
        return fullName?.children.flatMap(addressOf) ?? []
      }),
    ),
  }
}
