import type { CopyMetadata } from '../types.ts'

const NAMESPACE = 'urn:certified-copy-desk:certified-copy#'
const FORM = '1'

/** Names in the file, with what they mean (ISO 19005-2 §6.6.2.3.3 asks for a description of each). */
const PROPERTIES = {
  form: { type: 'Integer', meaning: 'Form of the certified copy' },
  number: { type: 'Text', meaning: 'Number of the certification' },
  book: { type: 'Text', meaning: 'Register book of the number' },
  date: { type: 'Text', meaning: 'Day of certification, yyyy-mm-dd' },
  officeName: { type: 'Text', meaning: 'Certifying office' },
  signerName: { type: 'Text', meaning: 'Person who certifies' },
  pageCount: { type: 'Integer', meaning: 'Pages of the certified copy' },
  auditSequence: { type: 'Integer', meaning: 'Last event of the register before this number' },
  auditHash: { type: 'Text', meaning: 'SHA-256 of that event' },
} as const

type Key = keyof typeof PROPERTIES

const KEYS = [
  ...(['form', 'number', 'book', 'date', 'officeName', 'signerName', 'pageCount'] as const),
  ...(['auditSequence', 'auditHash'] as const),
] as const satisfies readonly Key[]

/** Text as it may stand in an XML element. */
export function xmlText(text: string): string {
  return text.replace(/[&<>]/g, sign => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : '&gt;'))
}

function plainText(xml: string): string {
  return xml.replace(/&(amp|lt|gt);/g, (_, sign: string) => (sign === 'amp' ? '&' : sign === 'lt' ? '<' : '>'))
}

/** The descriptions that an XMP packet of a certified copy has beside the usual ones. */
export function describeCopy(copy: CopyMetadata): string {
  const { chain, ...own } = copy
  const said = { ...own, form: FORM, auditSequence: chain.sequence, auditHash: chain.hash }
  const values = KEYS.map(key => `   <copy:${key}>${xmlText(String(said[key]))}</copy:${key}>`)
  const descriptions = KEYS.map(
    key =>
      `       <rdf:li rdf:parseType="Resource"><pdfaProperty:name>${key}</pdfaProperty:name>` +
      `<pdfaProperty:valueType>${PROPERTIES[key].type}</pdfaProperty:valueType>` +
      '<pdfaProperty:category>external</pdfaProperty:category>' +
      `<pdfaProperty:description>${PROPERTIES[key].meaning}</pdfaProperty:description></rdf:li>`,
  )
  return `  <rdf:Description rdf:about="" xmlns:copy="${NAMESPACE}">
${values.join('\n')}
  </rdf:Description>
  <rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
   <pdfaExtension:schemas><rdf:Bag>
    <rdf:li rdf:parseType="Resource">
     <pdfaSchema:schema>Certified copy</pdfaSchema:schema>
     <pdfaSchema:namespaceURI>${NAMESPACE}</pdfaSchema:namespaceURI>
     <pdfaSchema:prefix>copy</pdfaSchema:prefix>
     <pdfaSchema:property><rdf:Seq>
${descriptions.join('\n')}
     </rdf:Seq></pdfaSchema:property>
    </rdf:li>
   </rdf:Bag></pdfaExtension:schemas>
  </rdf:Description>
`
}

/** Far more than a packet of ours has. */
const MAXIMUM_PACKET = 1024 * 1024

/**
 * Reads what `describeCopy` wrote, from an XMP packet. Null for a packet that does not say it all, says something twice, or could mean
 * something else to another reader of XML: then it is no packet of ours.
 */
export function readCopyMetadata(packet: string): CopyMetadata | null {
  if (packet.length > MAXIMUM_PACKET || /<!|<\?(?!xpacket )/.test(packet)) return null
  if (count(packet, `xmlns:copy="${NAMESPACE}"`) !== 1 || count(packet, NAMESPACE) !== 2) return null
  const read = (key: Key): string | null => {
    const [before, value, after, ...more] = packet.split(`copy:${key}`)
    if (before === undefined || value === undefined || after === undefined || more.length > 0) return null
    const written = value.startsWith('>') && value.endsWith('</') ? value.slice(1, -2) : '<'
    return before.endsWith('<') && after.startsWith('>') && !written.includes('<')
      ? plainText(written).normalize('NFC')
      : null
  }
  const [form, number, book, date, officeName, signerName, pages, sequence, hash] = KEYS.map(read)
  if (form !== FORM || !number || !book || !date || !officeName || !signerName) return null
  if (!/^\d{1,6}$/.test(pages ?? '') || !/^\d{1,15}$/.test(sequence ?? '') || !/^[0-9a-f]{64}$/.test(hash ?? ''))
    return null
  const chain = { sequence: Number(sequence), hash: hash ?? '' }
  return { number, book, date, officeName, signerName, pageCount: Number(pages), chain }
}

const count = (text: string, part: string): number => text.split(part).length - 1
