import { describe, expect, test } from 'vitest'
import { isOfficeName, isSameInLines, isSameName } from '../../../electron/office/verification/names.ts'

describe('names', () => {
  const office = 'Ủy ban nhân dân xã Bình Mỹ'

  test.each([
    'Ủy ban nhân dân xã Bình Mỹ',
    'UBND xã Bình Mỹ',
    'UỶ BAN NHÂN DÂN XÃ BÌNH MỸ',
    'UBND xã Bình Mỹ, tỉnh An Giang',
    'UBND xã Bình Mỹ , tỉnh An Giang',
    'UBND xã Bình Mỹ - tỉnh An Giang',
    'UBND xã Bình Mỹ, tỉnh An Giang'.normalize('NFD'),
  ])('%s is the office', name => {
    expect(isOfficeName(name, office)).toBe(true)
  })

  test.each(['UBND xã Bình My, tỉnh An Giang', 'UBND xã Bình Mỹ Hạ', 'Nguyễn Văn An', ''])('%s is not', name => {
    expect(isOfficeName(name, office)).toBe(false)
  })

  test('are the same whichever vowel bears the tone, and not with another tone', () => {
    expect(isSameName('Hoà', 'hòa')).toBe(true)
    expect(isSameName('Hoá', 'Hoà')).toBe(false)
    expect(isSameName('Ma Mà', 'Mà Ma')).toBe(false)
    expect(isSameInLines('ỦY BAN NHÂN DÂN\nXÃ BÌNH MỸ', office)).toBe(true)
  })
})
