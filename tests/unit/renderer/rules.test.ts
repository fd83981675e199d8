import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commonName } from '../../../renderer/data/certificate-name.ts'
import { clockTime, day, deadline, isoDay, searchable } from '../../../renderer/data/format.ts'
import { fittingProfile, PAPERS } from '../../../renderer/data/scan-profile.ts'
import { timeLeft } from '../../../renderer/design/time-left.ts'
import { parseDay, writtenDay } from '../../../renderer/design/written-day.ts'
import { readCitizenCard } from '../../../renderer/officer/citizen-card.ts'
import { emptyRequest, missing, toRequest } from '../../../renderer/officer/request-draft.ts'
import { daysOf, monthBeside } from '../../../renderer/register/month.ts'
import { presses } from '../../../renderer/shell/key-combination.ts'
import { parseRoute, routeHash } from '../../../renderer/shell/route.ts'
import { SHORTCUTS } from '../../../renderer/shell/shortcuts.ts'

const press = (key: string, held: Partial<Record<'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey', boolean>> = {}) => ({
  key,
  ctrlKey: false,
  altKey: false,
  shiftKey: false,
  metaKey: false,
  ...held,
})

describe('addresses of screens', () => {
  test.each(['', '#/', '#/nowhere', '#/copy/', '#/copy/../../etc', '#/copy/a%2Fb'])('%s is no screen', hash => {
    expect(parseRoute(hash)).toBeNull()
  })

  test('what is searched comes back as typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        expect(parseRoute(routeHash({ screen: 'search', text }))).toEqual({ screen: 'search', text })
      }),
    )
    expect(parseRoute('#/search/50%')).toEqual({ screen: 'search', text: '50%' })
  })
})

describe('keys', () => {
  test('a combination needs exactly its keys', () => {
    expect(presses(press('Enter', { ctrlKey: true }), 'Ctrl+Enter')).toBe(true)
    expect(presses(press('Enter'), 'Ctrl+Enter')).toBe(false)
    expect(presses(press('F9', { shiftKey: true }), 'F9')).toBe(false)
    expect(presses(press('F9', { shiftKey: true }), 'Shift+F9')).toBe(true)
    expect(presses(press('k', { ctrlKey: true, altKey: true }), 'Ctrl+K')).toBe(false)
  })

  test('a sign is pressed with or without Shift, as the keyboard has it', () => {
    expect(presses(press('?', { shiftKey: true }), '?')).toBe(true)
    expect(presses(press('+', { shiftKey: true }), '+')).toBe(true)
    expect(presses(press('/', { ctrlKey: true }), 'Ctrl+/')).toBe(true)
  })

  test('no two shortcuts share their keys', () => {
    const keys = Object.values(SHORTCUTS).map(shortcut => shortcut.keys)
    expect(new Set(keys).size).toBe(keys.length)
  })
})

describe('deadlines and days', () => {
  const now = new Date('2026-11-22T08:00:00Z')

  test.each([
    ['2026-11-22T07:59:00Z', 'late'],
    ['2026-11-22T10:00:00Z', 'soon'],
    ['2026-11-22T10:01:00Z', 'calm'],
  ] as const)('due %s is %s', (dueAt, tone) => {
    expect(deadline(dueAt, now).tone).toBe(tone)
  })

  test('today is the day in Vietnam, not in Greenwich', () => {
    expect(isoDay(new Date('2026-11-22T17:30:00Z'))).toBe('2026-11-23')
    expect(day('2026-11-22T17:30:00Z', 'vi')).toBe('23/11/2026')
    expect(clockTime('2026-11-22T17:05:00Z', 'vi')).toBe('00:05')
    expect(deadline('2026-11-22T17:30:00Z', now).today).toBe(false)
  })

  test.each(['31/02/2026', '1/13/2026', '2026-11-22', '22/11/26', ''])('“%s” is no day', text => {
    expect(parseDay(text)).toBeNull()
  })

  test('a day is read as it is written', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }), date => {
        const iso = date.toISOString().slice(0, 10)
        expect(parseDay(writtenDay(iso))).toBe(iso)
      }),
    )
  })

  test('a month has all its days, also February and December', () => {
    expect(daysOf('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
    expect(daysOf('2026-12')).toEqual({ from: '2026-12-01', to: '2026-12-31' })
    expect(monthBeside('2026-12', 1)).toBe('2027-01')
    expect(monthBeside('2026-01', -1)).toBe('2025-12')
  })
})

describe('what is typed and read', () => {
  test('a card is read, also without the old number and with more fields', () => {
    const card = { personalNumber: '001090123456', name: 'Nguyễn Văn Mẫu' }
    expect(readCitizenCard('001090123456|012345678|Nguyễn Văn Mẫu|01011990|Nam|Xã Mẫu|15042021')).toEqual(card)
    expect(readCitizenCard('001090123456|Nguyễn Văn Mẫu|01011990|Nam|Xã Mẫu|15042021')).toEqual(card)
    expect(readCitizenCard('001090123456||Nguyễn Văn Mẫu|01/01/1990|Nam|Xã Mẫu|15/04/2021|Cha|Mẹ\n')).toEqual(card)
  })

  test.each([
    'Nguyễn Văn Mẫu',
    '1|2|3|4|5|6',
    '001090123456|1|2|3|4|5',
    '|||||||',
    '001090123456|1|Mẫu\u202eVăn|01011990|Nam|Xã Mẫu|15042021',
    '001090123456|1|Mẫu\u200bVăn|01011990|Nam|Xã Mẫu|15042021',
    '001090123456|1|Mẫu\u001b[31m|01011990|Nam|Xã Mẫu|15042021',
  ])('“%s” is no card', text => {
    expect(readCitizenCard(text)).toBeNull()
  })

  test('a request says what it lacks in the order of the form', () => {
    expect(missing(emptyRequest('1'))).toEqual(['name', 'title-1', 'issuer-1'])
    expect(missing({ ...emptyRequest('1'), name: 'Mẫu', personalNumber: '123' })[0]).toBe('personalNumber')
  })

  test('empty fields become none, and the paper names its kind', () => {
    const request = toRequest({
      ...emptyRequest('1'),
      name: ' Mẫu ',
      originals: [{ key: '1', title: 'Giấy khai sinh ', issuer: 'UBND', copyCount: 2 }],
    })
    expect(request.requester).toEqual({ name: 'Mẫu', personalNumber: null, phone: null, email: null })
    expect(request.originals[0]?.kind).toBe('Giấy khai sinh')
  })

  test('search knows no accents', () => {
    expect(searchable('Nguyễn ĐÌNH')).toBe('nguyen dinh')
  })

  test('an issuer is named by its common name', () => {
    expect(commonName('CN=CA phục vụ\\, tỉnh, O=Ban, C=VN')).toBe('CA phục vụ, tỉnh')
    expect(commonName('O=Ban, CN=Gốc')).toBe('Gốc')
    expect(commonName('O=Ban')).toBe('O=Ban')
  })
})

describe('scanning and waiting', () => {
  const flatbed = {
    id: 'sane:a',
    vendor: 'Mẫu',
    model: '1',
    sources: [
      {
        source: 'flatbed' as const,
        sides: ['front' as const],
        colours: ['grey' as const],
        resolutions: [100, 200, 600],
        maximumPaper: { widthMm: 200, heightMm: 290 },
      },
    ],
  }

  test('a device is never asked for what it cannot do', () => {
    expect(
      fittingProfile(flatbed, { source: 'feeder', sides: 'both', colour: 'colour', dpi: 300, paper: PAPERS.A3 }),
    ).toEqual({
      deviceId: 'sane:a',
      source: 'flatbed',
      sides: 'front',
      colour: 'grey',
      dpi: 200,
      paper: { widthMm: 200, heightMm: 290 },
    })
  })

  test('time left is unknown before anything is done, and never negative', () => {
    expect(timeLeft(0, 10, 5000)).toBeNull()
    expect(timeLeft(1, 10, 100)).toBeNull()
    expect(timeLeft(5, 10, 5000)).toBe(5)
    expect(timeLeft(11, 10, 5000)).toBe(0)
  })
})
