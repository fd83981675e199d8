import { expect, it } from 'vitest'
import { messageCatalogue } from '../../../electron/messages.ts'
import { OFFICE_ERROR_CODES } from '../../../electron/office/errors.ts'
import { STORE_ERROR_CODES } from '../../../electron/store/errors.ts'

it('every error of the office and its store has a sentence in both languages', () => {
  const catalogue = messageCatalogue()
  const missing = [...OFFICE_ERROR_CODES, ...STORE_ERROR_CODES].filter(code => !catalogue[code])
  expect(missing).toEqual([])
})
