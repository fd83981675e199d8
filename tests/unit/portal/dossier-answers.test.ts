import { describe, expect, test } from 'vitest'
import { explain, messageCatalogue } from '../../../electron/messages.ts'
import {
  createdSchema,
  envelopeSchema,
  lookupSchema,
  uploadSchema,
  verdict,
} from '../../../electron/portal/dossier-answers.ts'
import { dossierSettings } from '../../../electron/portal/dossier-settings.ts'
import { PORTAL_ERROR_CODES } from '../../../electron/portal/errors.ts'
import { publicReason } from '../../../electron/portal/http.ts'

const settings = dossierSettings({ baseUrl: 'https://portal.example.test', unit: { numberCode: 'a', code: 'b' } })

describe('answers in every spelling seen', () => {
  test.each(['IDHoSo', 'IdHoSo', 'idHoSo'])('the dossier id as %s', spelling => {
    expect(createdSchema.parse({ [spelling]: 17, maHoSo: 'N' })).toEqual({ id: '17', number: 'N' })
  })

  test('an upload as a plain list and as one proxy wraps it', () => {
    const file = { IdTepTin: 'f', HashTepTin: 'h' }
    expect(uploadSchema.parse([file])).toEqual([file])
    expect(uploadSchema.parse([{ response: { data: [file] } }])).toEqual([file])
    expect(uploadSchema.safeParse([]).success).toBe(false)
  })

  test('a look-up that tells little: no files, no results', () => {
    expect(lookupSchema.parse([{ IdHoSo: '1', MaHoSo: 'N', TrangThai: '9' }])).toEqual([
      { id: '1', number: 'N', state: 9, cancelledBy: null, attached: [], progress: [], results: null },
    ])
  })

  test.each([
    [{ code: 0 }, 200, 'done'],
    [{ code: '0', message: null }, 200, 'done'],
    [{ code: 'OK' }, 201, 'done'],
    [{ code: 0, message: 'Hồ sơ đã tồn tại' }, 200, 'duplicate'],
    [{ code: '-3', message: 'Hồ sơ ĐÃ TỒN TẠI'.normalize('NFD') }, 200, 'duplicate'],
    [{ code: '-1', message: 'Thiếu trường' }, 200, 'refused'],
    [{ code: 0, message: '' }, 400, 'refused'],
  ] as const)('%j with HTTP %d is %s', (body, status, expected) => {
    expect(verdict(envelopeSchema.parse(body), status, settings)).toBe(expected)
  })
})

describe('reasons fit for an error', () => {
  test('one line, no number that could be a person, nothing hidden, at most 200 characters', () => {
    const reason = publicReason(`Số 012345678901 của\nNGUYỄN THỊ MẪU (a+b@x.test) không hợp lệ${' x'.repeat(300)}`, [
      'Nguyễn Thị Mẫu'.normalize('NFD'),
      'a+b@x.test',
      null,
      '',
    ])
    expect(reason).toMatch(/^Số … của … \(…\) không hợp lệ/)
    expect(reason.length).toBeLessThanOrEqual(200)
  })
})

test('every code has its sentences in both languages', () => {
  const catalogue = messageCatalogue()
  expect(PORTAL_ERROR_CODES.filter(code => !catalogue[code])).toEqual([])
  expect(explain({ code: 'portal-refused', parameters: { reason: 'Thiếu MaTTHC' } }, 'vi').what).toBe(
    'Cổng dịch vụ công từ chối: Thiếu MaTTHC',
  )
})
