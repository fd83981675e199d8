export interface CitizenCard {
  readonly personalNumber: string
  readonly name: string
}

/**
 * Reads what a QR reader types from a chip identity card: "number|old number|name|birth|sex|home|issued". Some readers leave the old
 * number out, newer cards append more; number and name are all that is taken. Null when the text is no such code.
 */
export function readCitizenCard(text: string): CitizenCard | null {
  const fields = text.trim().split('|')
  const [personalNumber = '', second = '', third = ''] = fields
  if (fields.length < 6 || !/^\d{12}$/.test(personalNumber)) return null
  const name = [third, second].find(each => /\p{L}/u.test(each) && !/\d/.test(each))
  return name ? { personalNumber, name: name.trim().normalize('NFC') } : null
}
