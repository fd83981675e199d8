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

  test.each([
    ['ỦY BAN NHÂN DÂN XÃ BÌN\nH MỸ', office],
    ['UỶ BAN NHÂN DÂ\nN XÃ BÌNH M\nỸ', office],
    ['UBND XÃ BÌNH MỸ', office],
    ['NGUYỄ\nN VĂN AN (MẪ\nU)', 'Nguyễn Văn An (mẫu)'],
    ['Nguye\n\u0302\u0303n Văn An (mẫu)', 'Nguyễn Văn An (mẫu)'],
    ['M à Ma', 'Mà Ma'],
    ['', ''],
  ])('%j is the same in lines as %j', (lines, name) => {
    for (const form of ['NFC', 'NFD'] as const) {
      expect(isSameInLines(lines.normalize(form), name)).toBe(true)
      expect(isSameInLines(lines, name.normalize(form))).toBe(true)
    }
  })

  test.each([
    ['Ma\nMà', 'Mà Ma'],
    ['Hóa-Binh', 'Hoa-Bính'],
    ['NGUYỄ\nN VĂN ẢN', 'Nguyễn Văn An'],
    ['Nguyễn Văn Anh', 'Nguyễn Văn An'],
    ['Nguyễn Văn', 'Nguyễn Văn An'],
    ['Nguyễn Văn An\u0300', 'Nguyễn Văn An'],
    ['\u0300Nguyễn Văn An', 'Nguyễn Văn An'],
    ['', 'An'],
    ['An', ''],
  ])('%j is not, in lines, %j', (lines, name) => {
    expect(isSameInLines(lines, name)).toBe(false)
  })
})
