import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { searchable, searchPatterns } from '../../../electron/office/copies/search.ts'

describe('search', () => {
  test('a word is searched without accents and case', () => {
    expect(searchPatterns('  Đình  NGUYỄN ')).toEqual(['%dinh%', '%nguyen%'])
    expect(searchPatterns('')).toEqual([])
  })

  test('signs that mean something to the store mean only themselves', () => {
    expect(searchPatterns('100% a_b c\\d')).toEqual(['%100\\%%', '%a\\_b%', '%c\\\\d%'])
  })

  test('composed and decomposed letters are the same', () => {
    fc.assert(
      fc.property(fc.constantFrom('Ộ', 'ữ', 'Đặng Thị Hằng', 'ằẵẳ'), text => {
        expect(searchable(text.normalize('NFD'))).toBe(searchable(text.normalize('NFC')))
      }),
    )
  })
})
