export interface CitizenCard {
  readonly personalNumber: string
  readonly name: string
}

/** Letters, seen as such, and what stands between them in a name. */
const NAME = /^(?!.*\p{Default_Ignorable_Code_Point})\p{L}[\p{L}\p{M} .'’-]*$/u

/**
 * Reads what a QR reader types from a chip identity card: "number|old number|name|birth|sex|home|issued". Some readers leave the old
 * number out, newer cards append more; number and name are all that is taken. Null when the text is no such code, or the name holds what no
 * name does (a code is easily made by anybody).
 */
export function readCitizenCard(text: string): CitizenCard | null {
  const fields = text.trim().split('|')
  const [personalNumber = '', second = '', third = ''] = fields
  if (fields.length < 6 || !/^\d{12}$/.test(personalNumber)) return null
  const name = [third, second].map(each => each.trim().normalize('NFC')).find(each => NAME.test(each))
  return name === undefined ? null : { personalNumber, name }
}
