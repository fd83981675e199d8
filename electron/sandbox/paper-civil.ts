import type { Chance } from './paper-ink.ts'
import type { Sheet } from './paper-scan.ts'
import {
  border,
  field,
  officeHeading,
  POINT,
  paragraph,
  print,
  rosette,
  SAMPLE_MARK,
  sampleMark,
  signed,
  stateHeading,
} from './paper-sheet.ts'

const A4 = { width: 210, height: 297 } as const
const COMMUNE = 'Ủy ban nhân dân xã Thanh Mẫu'
const BODY = 13 * POINT

/** Giấy khai sinh, filled in by hand, in its printed border. */
export function birthCertificate(chance: Chance): readonly Sheet[] {
  const left = 30
  const right = 180
  const fields: readonly (readonly [string, string])[] = [
    ['Họ, chữ đệm, tên:', 'NGUYỄN THỊ MINH MẪU'],
    ['Ngày, tháng, năm sinh:', '09/02/2019'],
    ['Ghi bằng chữ:', 'Ngày chín, tháng hai, năm hai nghìn mười chín'],
    ['Nơi sinh:', 'Trạm y tế xã Thanh Mẫu, tỉnh Bình Mẫu'],
    ['Giới tính:', 'Nữ          Dân tộc: Kinh          Quốc tịch: Việt Nam'],
    ['Quê quán:', 'xã Thanh Mẫu, tỉnh Bình Mẫu'],
    ['Số định danh cá nhân:', '000 319 000 000'],
    ['Họ, chữ đệm, tên người mẹ:', 'Trần Thị Hòa Mẫu'],
    ['Năm sinh:', '1992      Dân tộc: Kinh      Quốc tịch: Việt Nam'],
    ['Nơi cư trú:', 'thôn Đông, xã Thanh Mẫu, tỉnh Bình Mẫu'],
    ['Họ, chữ đệm, tên người cha:', 'Nguyễn Văn An Mẫu'],
    ['Năm sinh:', '1990      Dân tộc: Kinh      Quốc tịch: Việt Nam'],
    ['Nơi cư trú:', 'thôn Đông, xã Thanh Mẫu, tỉnh Bình Mẫu'],
    ['Họ, chữ đệm, tên người đi khai sinh:', 'Nguyễn Văn An Mẫu'],
    ['Giấy tờ tùy thân:', 'Căn cước công dân số 000 090 000 000 (mẫu)'],
  ]
  const ink =
    border(14, 14, 182, 269, 6, '#b0485a') +
    rosette(105, 150, 62, 16, '#f0d3d6') +
    stateHeading(118, 34, 12.5 * POINT) +
    officeHeading(['TỈNH BÌNH MẪU', 'UBND XÃ THANH MẪU'], 52, 47, 11 * POINT) +
    print('Số: 27/2019 (mẫu)', 158, 55, { size: 11 * POINT, anchor: 'middle' }) +
    print('GIẤY KHAI SINH', 105, 73, {
      size: 24 * POINT,
      face: 'bold',
      fill: '#b3202e',
      anchor: 'middle',
      spacing: 0.4,
    }) +
    print('(BẢN CHÍNH)', 105, 80, { size: 12 * POINT, face: 'bold', anchor: 'middle' }) +
    fields
      .map(([label, answer], index) =>
        field(label, answer, { x: left, y: 93 + index * 8.1, right, size: BODY }, chance),
      )
      .join('') +
    print('Đăng ký ngày 18 tháng 02 năm 2019', 150, 219, { size: BODY, face: 'italic', anchor: 'middle' }) +
    signed({ x: 146, y: 227, size: BODY, seal: 34 }, ['CHỦ TỊCH'], 'Lê Đức Thắng Mẫu', COMMUNE, chance) +
    print('Nơi đăng ký: UBND xã Thanh Mẫu', left, 227, { size: 11 * POINT }) +
    print(SAMPLE_MARK, left, 268, { size: 10 * POINT, face: 'bold', fill: '#b3202e' }) +
    sampleMark(105, 165, 15)
  return [{ ...A4, paper: '#fbf1ea', ink }]
}

/** Giấy chứng nhận kết hôn. */
export function marriageCertificate(chance: Chance): readonly Sheet[] {
  const couple = (x: number, right: number, title: string, fields: readonly (readonly [string, string])[]) =>
    print(title, (x + right) / 2, 112, { size: 14 * POINT, face: 'bold', anchor: 'middle', fill: '#a3243c' }) +
    fields
      .map(([label, answer], index) =>
        field(label, answer, { x, y: 123 + index * 9, right, size: 11.5 * POINT }, chance),
      )
      .join('')
  const ink =
    border(13, 13, 184, 271, 7, '#c06a84') +
    rosette(105, 150, 70, 12, '#f3ccd6') +
    stateHeading(105, 38, 13 * POINT) +
    officeHeading(['UBND XÃ THANH MẪU', 'TỈNH BÌNH MẪU'], 105, 57, 11.5 * POINT) +
    print('GIẤY CHỨNG NHẬN KẾT HÔN', 105, 84, {
      size: 22 * POINT,
      face: 'bold',
      fill: '#a3243c',
      anchor: 'middle',
      spacing: 0.3,
    }) +
    print('Số: 15/2021 (mẫu)', 105, 92, { size: 12 * POINT, anchor: 'middle' }) +
    couple(28, 102, 'Chồng', [
      ['Họ tên:', 'Phạm Quốc Bảo Mẫu'],
      ['Ngày sinh:', '21/6/1993'],
      ['Dân tộc:', 'Kinh'],
      ['Quốc tịch:', 'Việt Nam'],
      ['Cư trú:', 'xã Thanh Mẫu'],
      ['Giấy tờ:', 'CCCD 000 093 (mẫu)'],
    ]) +
    couple(109, 183, 'Vợ', [
      ['Họ tên:', 'Vũ Thị Ngọc Ánh Mẫu'],
      ['Ngày sinh:', '05/11/1995'],
      ['Dân tộc:', 'Kinh'],
      ['Quốc tịch:', 'Việt Nam'],
      ['Cư trú:', 'phường Hòa Mẫu'],
      ['Giấy tờ:', 'CCCD 000 195 (mẫu)'],
    ]) +
    paragraph(
      'Quan hệ hôn nhân được xác lập kể từ ngày đăng ký kết hôn. Giấy này là bản vẽ minh họa, mọi tên người, cơ quan và con số đều do chương trình đặt ra.',
      { x: 28, y: 186, width: 154, size: 12 * POINT },
    ).ink +
    print('Thanh Mẫu, ngày 12 tháng 3 năm 2021', 145, 213, { size: 12 * POINT, face: 'italic', anchor: 'middle' }) +
    signed(
      { x: 145, y: 221, size: 12.5 * POINT, seal: 34 },
      ['KT. CHỦ TỊCH', 'PHÓ CHỦ TỊCH'],
      'Hoàng Thị Yến Mẫu',
      COMMUNE,
      chance,
    ) +
    print(SAMPLE_MARK, 28, 270, { size: 10 * POINT, face: 'bold', fill: '#a3243c' }) +
    sampleMark(105, 160, 15)
  return [{ ...A4, paper: '#fdeff0', ink }]
}

/** Giấy xác nhận of half a page: the kind whose last page has room for the statement. */
export function residenceConfirmation(chance: Chance): readonly Sheet[] {
  const size = 13.5 * POINT
  const left = 30
  const body = [
    'Ủy ban nhân dân xã Thanh Mẫu xác nhận: ông Đỗ Văn Lâm Mẫu, sinh ngày 14/8/1987, hiện cư trú tại thôn Trung, xã Thanh Mẫu, tỉnh Bình Mẫu, đã sinh sống ổn định tại địa phương từ năm 2010 đến nay, chấp hành tốt chủ trương, chính sách và các quy định của địa phương.',
    'Giấy này được cấp theo đề nghị của ông Đỗ Văn Lâm Mẫu để bổ sung hồ sơ xin việc làm.',
  ]
  let y = 84
  const text = body
    .map(words => {
      const set = paragraph(words, { x: left, y, width: 160, size })
      y = set.y + 1.5
      return set.ink
    })
    .join('')
  const ink =
    officeHeading(['TỈNH BÌNH MẪU', 'UBND XÃ THANH MẪU'], 60, 27, 12 * POINT) +
    stateHeading(140, 27, 12 * POINT) +
    print('Số: 41/GXN-UBND (mẫu)', 60, 43, { size: 12 * POINT, anchor: 'middle' }) +
    print('Thanh Mẫu, ngày 03 tháng 9 năm 2026', 140, 43, { size: 12.5 * POINT, face: 'italic', anchor: 'middle' }) +
    print('GIẤY XÁC NHẬN', 105, 62, { size: 15 * POINT, face: 'bold', anchor: 'middle' }) +
    print('Về việc cư trú tại địa phương', 105, 70, { size, face: 'bold', anchor: 'middle' }) +
    text +
    print('Nơi nhận:', left, y + 6, { size: 11.5 * POINT, face: 'bold' }) +
    print('- Như trên;', left, y + 11.5, { size: 11 * POINT }) +
    print('- Lưu: VT (mẫu).', left, y + 16.5, { size: 11 * POINT }) +
    signed({ x: 145, y: y + 7, size: 13 * POINT, seal: 34 }, ['CHỦ TỊCH'], 'Lê Đức Thắng Mẫu', COMMUNE, chance) +
    sampleMark(105, 108, 13, -14)
  return [{ ...A4, paper: '#fbfaf4', ink }]
}
