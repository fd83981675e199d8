import { constructed, type DerElement, DerError, primitive } from '../der/reader.ts'
import { type Name, readName } from './name.ts'

/** RFC 5280 §4.2.1.6. The forms that nothing here looks into are kept as bytes. */
export type GeneralName =
  | { readonly form: 'mail' | 'dns' | 'uri'; readonly text: string }
  | { readonly form: 'directory'; readonly name: Name }
  | { readonly form: 'address'; readonly bytes: Uint8Array }
  | { readonly form: 'unsupported'; readonly kind: string; readonly bytes: Uint8Array }

/** @throws DerError */
export function readGeneralName(element: DerElement): GeneralName {
  switch (element.tag) {
    case primitive(1):
      return { form: 'mail', text: element.ascii }
    case primitive(2):
      return { form: 'dns', text: element.ascii }
    case primitive(6):
      return { form: 'uri', text: element.ascii }
    case constructed(4):
      return { form: 'directory', name: readName(element.inner(constructed(4))) }
    case primitive(7):
      return { form: 'address', bytes: element.content }
    case constructed(0):
      // other names are a form each, by their type (RFC 5280 §4.2.1.6)
      return {
        form: 'unsupported',
        kind: `other ${element.reader(element.tag).next().objectIdentifier}`,
        bytes: element.bytes,
      }
    case constructed(3):
    case constructed(5):
    case primitive(8):
      return { form: 'unsupported', kind: String(element.tag), bytes: element.bytes }
    default:
      throw new DerError('no general name')
  }
}

/** The same for equal names: names of a directory by their key, everything else as it is written. */
export function generalNameKey(name: GeneralName): string {
  switch (name.form) {
    case 'directory':
      return directoryKey(name.name.key)
    case 'address':
    case 'unsupported':
      return `${name.form}:${Buffer.from(name.bytes).toString('hex')}`
    default:
      return `${name.form}:${name.text}`
  }
}

/** Key of a directory name as a general name. */
export function directoryKey(nameKey: string): string {
  return `directory:${nameKey}`
}
