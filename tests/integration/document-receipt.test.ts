import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Receipt, renderReceipt } from '../../electron/document/index.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const receipt: Receipt = {
  officeName: 'Ủy ban nhân dân xã Thanh Bình (mẫu)',
  code: '0A1B2C3D4E5F',
  requesterName: 'Hoàng Minh Tuệ (mẫu)',
  phone: '0900000000',
  email: null,
  papers: [
    { title: 'Bằng tốt nghiệp đại học', issuer: 'Trường Đại học Mẫu', copyCount: 2 },
    { title: 'Giấy khai sinh', issuer: 'UBND xã Mẫu', copyCount: 1 },
  ],
  receivedAt: new Date('2026-02-06T08:30:00Z'),
  dueAt: new Date('2026-02-09T10:00:00Z'),
  officerName: 'Trần Thị Bình (mẫu)',
}
const words = (file: string) =>
  execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ')

test('the receipt says hour and day of the appointment as official papers write them, in the time of Vietnam', async () => {
  using folder = temporaryFolder()
  await renderReceipt(receipt, folder.file('receipt.pdf'))
  const said = words(folder.file('receipt.pdf'))
  expect(said).toContain('GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ')
  expect(said).toContain('Thời gian nhận hồ sơ: 15 giờ 30 phút, ngày 06 tháng 02 năm 2026')
  expect(said).toContain('Thời gian trả kết quả: 17 giờ 00 phút, ngày 09 tháng 02 năm 2026')
  expect(said).toContain('1. Bằng tốt nghiệp đại học (Trường Đại học Mẫu), số bản sao: 2')
  expect(said).not.toContain('Thư điện tử:')
  execFileSync('qpdf', ['--check', folder.file('receipt.pdf')])
})

test('the same receipt gives the same bytes, and many papers go on overleaf', async () => {
  using folder = temporaryFolder()
  const papers = Array.from({ length: 60 }, (_, n) => ({
    title: `Giấy tờ số ${n + 1}`,
    issuer: 'UBND xã Mẫu',
    copyCount: 1,
  }))
  await renderReceipt({ ...receipt, papers }, folder.file('a.pdf'))
  const { pageCount } = await renderReceipt({ ...receipt, papers }, folder.file('b.pdf'))
  expect(pageCount).toBeGreaterThan(1)
  expect(readFileSync(folder.file('a.pdf')).equals(readFileSync(folder.file('b.pdf')))).toBe(true)
  expect(words(folder.file('a.pdf'))).toContain('60. Giấy tờ số 60')
})
