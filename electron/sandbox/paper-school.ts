import { between, type Chance } from './paper-ink.ts'
import type { Sheet } from './paper-scan.ts'
import {
  border,
  field,
  officeHeading,
  POINT,
  print,
  rosette,
  SAMPLE_MARK,
  sampleMark,
  signed,
  stateHeading,
  table,
} from './paper-sheet.ts'

/** Bằng tốt nghiệp trung học phổ thông, landscape A5. */
export function diploma(chance: Chance): readonly Sheet[] {
  const size = 11.5 * POINT
  const fields: readonly (readonly [string, string])[] = [
    ['Cho:', 'Bùi Hải Đăng Mẫu'],
    ['Ngày sinh:', '30/4/2007'],
    ['Nơi sinh:', 'tỉnh Bình Mẫu'],
    ['Học sinh trường:', 'THPT Thanh Mẫu'],
    ['Khóa thi:', 'tháng 6 năm 2025'],
    ['Hội đồng thi:', 'tỉnh Bình Mẫu'],
  ]
  const ink =
    border(8, 8, 194, 132, 6, '#b4892c') +
    rosette(105, 76, 46, 20, '#f1e2b4') +
    stateHeading(105, 25, 10.5 * POINT) +
    print('GIÁM ĐỐC SỞ GIÁO DỤC VÀ ĐÀO TẠO TỈNH BÌNH MẪU', 105, 41, { size: 10.5 * POINT, anchor: 'middle' }) +
    print('cấp', 105, 47, { size: 10.5 * POINT, face: 'italic', anchor: 'middle' }) +
    print('BẰNG TỐT NGHIỆP', 105, 57, {
      size: 20 * POINT,
      face: 'bold',
      fill: '#b02027',
      anchor: 'middle',
      spacing: 0.5,
    }) +
    print('TRUNG HỌC PHỔ THÔNG', 105, 65, {
      size: 15 * POINT,
      face: 'bold',
      fill: '#b02027',
      anchor: 'middle',
      spacing: 0.3,
    }) +
    fields
      .map(([label, answer], index) => field(label, answer, { x: 28, y: 78 + index * 8, right: 118, size }, chance))
      .join('') +
    print('Số hiệu: 0000127 (mẫu)', 28, 130, { size: 10 * POINT }) +
    print(SAMPLE_MARK, 76, 130, { size: 9 * POINT, face: 'bold', fill: '#b02027' }) +
    print('Bình Mẫu, ngày 20 tháng 8 năm 2025', 158, 78, { size: 10.5 * POINT, face: 'italic', anchor: 'middle' }) +
    signed(
      { x: 160, y: 85, size: 11 * POINT, seal: 33 },
      ['GIÁM ĐỐC'],
      'TS. Đặng Thị Thu Mẫu',
      'Sở Giáo dục và Đào tạo tỉnh Bình Mẫu',
      chance,
    ) +
    sampleMark(105, 84, 12, -20)
  return [{ width: 210, height: 148, paper: '#fdf8e6', ink }]
}

const SUBJECTS = [
  'Ngữ văn',
  'Toán',
  'Tiếng Anh',
  'Vật lí',
  'Hóa học',
  'Sinh học',
  'Lịch sử',
  'Địa lí',
  'Tin học',
  'Giáo dục kinh tế và pháp luật',
  'Giáo dục quốc phòng và an ninh',
] as const

/** Bảng điểm of three years, landscape A4. */
export function transcript(chance: Chance): readonly Sheet[] {
  const mark = () => between(chance, 6.2, 9.8).toFixed(1).replace('.', ',')
  const rows = [
    ['TT', 'Môn học', 'Lớp 10', 'Lớp 11', 'Lớp 12', 'Cả khóa', 'Ghi chú'],
    ...SUBJECTS.map((subject, index) => [`${index + 1}`, subject, mark(), mark(), mark(), mark(), '']),
  ]
  const ink =
    officeHeading(['SỞ GD&ĐT TỈNH BÌNH MẪU', 'TRƯỜNG THPT THANH MẪU'], 72, 22, 11.5 * POINT) +
    stateHeading(212, 22, 11.5 * POINT) +
    print('BẢNG ĐIỂM TOÀN KHÓA', 148.5, 45, { size: 16 * POINT, face: 'bold', anchor: 'middle' }) +
    print(
      'Học sinh: Bùi Hải Đăng Mẫu     Ngày sinh: 30/4/2007     Khóa học: 2022 – 2025     Số: 318/BĐ (mẫu)',
      148.5,
      54,
      {
        size: 12 * POINT,
        anchor: 'middle',
      },
    ) +
    table({ x: 28, y: 60, row: 7.4, size: 11.5 * POINT }, [14, 92, 28, 28, 28, 28, 23], rows) +
    print('Xếp loại học lực: Khá     Xếp loại hạnh kiểm: Tốt', 30, 158, { size: 12 * POINT }) +
    print(SAMPLE_MARK, 30, 166, { size: 10 * POINT, face: 'bold', fill: '#b02027' }) +
    print('Bình Mẫu, ngày 30 tháng 6 năm 2025', 220, 157, { size: 11.5 * POINT, face: 'italic', anchor: 'middle' }) +
    signed(
      { x: 220, y: 163, size: 12 * POINT, seal: 30 },
      ['HIỆU TRƯỞNG'],
      'Ngô Quang Huy Mẫu',
      'Trường THPT Thanh Mẫu',
      chance,
    ) +
    sampleMark(140, 108, 17)
  return [{ width: 297, height: 210, paper: '#fafaf7', ink }]
}
