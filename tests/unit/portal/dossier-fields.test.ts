import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Parcel } from '../../../electron/portal/adapter.ts'
import {
  checkParcel,
  dossierBody,
  dossierTime,
  progressBody,
  progressTime,
  shortened,
  statusBody,
} from '../../../electron/portal/dossier-fields.ts'
import { dossierDefaults, dossierSettings } from '../../../electron/portal/dossier-settings.ts'
import { PortalError } from '../../../electron/portal/errors.ts'

const unit = { numberCode: '000.00.01.H99', code: 'H99.01' }
const settings = dossierSettings({ baseUrl: 'https://portal.example.test', unit })
const parcel: Parcel = {
  copyId: 'copy-1',
  title: 'Bằng tốt nghiệp (mẫu)',
  number: '07',
  book: '01/2026-SCT/BS',
  requester: { name: 'Nguyễn Thị Mẫu', personalNumber: '012345678901', email: null, phone: null },
  receivedAt: new Date('2026-12-31T17:30:00.000Z'),
  signedAt: new Date('2026-12-31T18:00:00.125Z'),
  sealedAt: new Date('2026-12-31T18:10:00.000Z'),
  dueAt: new Date('2027-01-01T10:00:00.000Z'),
  officerName: 'Trần Văn Thử (mẫu)',
  signerName: 'Lê Thị Ký (mẫu)',
  file: { path: '/nowhere.pdf', sha256: 'ab'.repeat(32), bytes: 1000, name: 'ban-sao.pdf' },
}
const upload = { id: 'file-1', hash: 'ab'.repeat(32) }

describe('times are those of Vietnam, whatever the PC thinks', () => {
  test('the last half hour of the year in UTC is already the new year', () => {
    expect(dossierTime(parcel.receivedAt)).toBe('2027-01-01 00:30:00')
    expect(progressTime(parcel.signedAt)).toBe('2027-01-01T01:00:00.125')
  })

  test('read back with +07:00 every time is the one that was written', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('1976-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }), at => {
        expect(new Date(`${progressTime(at)}+07:00`)).toEqual(at)
        expect(dossierTime(at)).toBe(progressTime(at).slice(0, 19).replace('T', ' '))
      }),
    )
  })
})

describe('texts keep the limits', () => {
  test('never longer than the limit, never cut within a letter, unchanged when short enough', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ABC đăêôơư', 'ệ', 'ệ', '👩‍👧', '𠮷', ' ') })
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 60 }), (value, limit) => {
        const short = shortened(value, limit)
        const whole = value.normalize('NFC').replace(/\s+/g, ' ').trim()
        expect(short.length).toBeLessThanOrEqual(limit)
        expect(short.isWellFormed()).toBe(true)
        if (whole.length <= limit) expect(short).toBe(whole)
        else expect(whole.startsWith(short.slice(0, -1))).toBe(true)
      }),
    )
  })

  test('decomposed Vietnamese goes out composed', () => {
    const decomposed = { ...parcel, requester: { ...parcel.requester, name: 'Đặng Thị Ngọc Huyền'.normalize('NFD') } }
    expect(dossierBody(decomposed, settings, 'N', upload).ChuHoSo).toBe('Đặng Thị Ngọc Huyền'.normalize('NFC'))
  })

  test("a citizen's name is never cut: too long is an error that names the field and not the person", () => {
    const long = { ...parcel, requester: { ...parcel.requester, name: 'Nguyễn'.repeat(20) } }
    const attempt = () => checkParcel(long, settings)
    expect(attempt).toThrow(PortalError)
    expect(attempt).toThrow(/^parcel-field-too-long {"field":"ChuHoSo","limit":100}$/)
  })

  test('a nameless requester or a file over the limit does not leave the house', () => {
    const nameless = { ...parcel, requester: { ...parcel.requester, name: ' \u00a0' } }
    expect(() => checkParcel(nameless, settings)).toThrow('parcel-incomplete')
    const heavy = { ...parcel, file: { ...parcel.file, bytes: 31_457_281 } }
    expect(() => checkParcel(heavy, settings)).toThrow('parcel-file-too-large')
    expect(() => checkParcel(parcel, settings)).not.toThrow()
  })
})

describe('bodies', () => {
  test('the mixed spelling of the dossier id is kept', () => {
    const key = { number: 'N', id: '1' }
    expect(progressBody(parcel, settings, key)[0]).toMatchObject({ IDHoSo: '1', MaHoSo: 'N', TrangThai: 2 })
    expect(statusBody(parcel, settings, key, upload)[0]).toMatchObject({ IdHoSo: '1', MaHoSo: 'N', TrangThai: 9 })
  })

  test('progress says what was done when and by whom, and leaves "done" to the result', () => {
    const items = progressBody(parcel, settings, { number: 'N', id: '1' })
    expect(items.map(i => [i.TrangThai, i.NguoiXuLy])).toEqual([
      [2, 'Trần Văn Thử (mẫu)'],
      [4, 'Lê Thị Ký (mẫu)'],
      [4, 'Văn thư'],
    ])
    expect(items.length).toBeLessThanOrEqual(10)
  })

  test('what the citizen did not give is not sent', () => {
    const details = dossierBody(parcel, settings, 'N', upload).ThongTinNguoiNop.ThongTinChiTiet
    expect(Object.keys(details)).toEqual(['TenNguoiNop', 'SoDinhDanh', 'TenChuHs', 'SoDinhDanhChuHs'])
  })
})

describe('settings', () => {
  test('every default says where it comes from', () => {
    const { settings: defaults, basis } = dossierDefaults()
    const leaves = (value: unknown, path: string): string[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key))
        : [path]
    const covered = (leaf: string) => Object.keys(basis).some(b => leaf === b || leaf.startsWith(`${b}.`))
    expect(leaves(defaults, '').filter(leaf => !covered(leaf))).toEqual([])
    expect(basis['paths.lookup']?.confirmed).toBe(false)
  })

  test('an office that has not said where its portal is gets the field by name', () => {
    expect(() => dossierSettings({ unit })).toThrow('portal-settings-invalid {"field":"baseUrl"}')
    expect(() => dossierSettings({ baseUrl: 'https://x.test', unit, procedure: { colour: 1 } })).toThrow('procedure')
  })

  test('plain HTTP leaves this PC only when the office allows it', () => {
    const inside = { baseUrl: 'http://10.1.2.3:8080', unit }
    expect(() => dossierSettings(inside)).toThrow('baseUrl')
    expect(dossierSettings({ ...inside, allowPlainHttp: true }).baseUrl).toBe(inside.baseUrl)
    expect(dossierSettings({ baseUrl: 'http://127.0.0.1:1', unit }).allowPlainHttp).toBe(false)
    expect(() => dossierSettings({ baseUrl: 'http://127.0.0.1.evil.test', unit })).toThrow('baseUrl')
  })
})
