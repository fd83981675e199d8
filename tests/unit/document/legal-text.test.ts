import { describe, expect, test } from 'vitest'
import { DOCUMENT_ERROR_CODES } from '../../../electron/document/errors.ts'
import { STATEMENT_WORDS } from '../../../electron/document/forms.ts'
import { dateWords, fillLine, registerText } from '../../../electron/document/legal-text.ts'
import { registerTotals, vietnamDay, writtenAmount, writtenDay } from '../../../electron/document/register.ts'
import { messageCatalogue } from '../../../electron/messages.ts'

describe('legal texts', () => {
  test('say what they rest on and what nobody has checked', () => {
    for (const text of [STATEMENT_WORDS, registerText()]) {
      expect(text.basis).toContain('Nghị định')
      expect(text.unverified.length).toBeGreaterThan(0)
    }
  })

  test('days are written as NĐ 30/2020 asks: nought before days under 10 and months 1 and 2 only', () => {
    expect(dateWords('2026-02-05')).toEqual({ day: '05', month: '02', year: '2026' })
    expect(dateWords('2026-09-15')).toEqual({ day: '15', month: '9', year: '2026' })
    expect(() => dateWords('05/02/2026')).toThrow('statement-invalid')
  })

  test('a value cannot bring a place of its own', () => {
    expect(fillLine('Số {number} quyển {book}', { number: '{book}', book: '01' })).toBe('Số {book} quyển 01')
  })

  test('every error has its sentence in both languages', () => {
    const catalogue = messageCatalogue()
    for (const code of DOCUMENT_ERROR_CODES) expect(catalogue[code], code).toBeDefined()
  })
})

describe('register figures', () => {
  test('a void number counts as a number and not as a copy; a cancelled copy stays counted', () => {
    const row = {
      number: '01',
      book: '01/2026-SCT/BS',
      date: '2026-11-05',
      requesterName: '',
      title: '',
      signer: '',
      note: '',
    }
    const rows = [
      { ...row, copyCount: 2, fee: 8000, state: 'certified' },
      { ...row, copyCount: 1, fee: 4000, state: 'cancelled' },
      { ...row, copyCount: 3, fee: 6000, state: 'void' },
    ] as const
    expect(registerTotals(rows)).toEqual({ numbers: 3, voids: 1, copies: 3, fee: 12_000 })
  })

  test('days and amounts are written as Vietnam writes them, by Vietnam’s clock', () => {
    expect(writtenDay('2026-11-05')).toBe('05/11/2026')
    expect([0, 999, 2000, 1_234_567].map(writtenAmount)).toEqual(['0', '999', '2.000', '1.234.567'])
    expect(vietnamDay(new Date('2026-12-31T17:00:00Z'))).toBe('2027-01-01')
  })
})
