import type { Chance } from './paper-ink.ts'
import type { Sheet } from './paper-scan.ts'
import {
  border,
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

/** Size of an ID-1 card (ISO/IEC 7810), millimetres. */
const CARD = { width: 85.6, height: 54 } as const

/** Giấy phép lái xe: a plastic card, front and back. */
export function drivingLicence(chance: Chance): readonly Sheet[] {
  const size = 6 * POINT
  const line = (label: string, value: string, y: number) =>
    print(label, 31, y, { size: size * 0.82 }) + print(value, 50, y, { size, face: 'bold' })
  const front =
    `<rect width="${CARD.width}" height="${CARD.height}" fill="#fdf3d3"/>` +
    rosette(60, 30, 24, 18, '#f0d98d') +
    rosette(18, 48, 16, 12, '#f6cfa0') +
    stateHeading(50, 5.4, 5.6 * POINT) +
    print('GIẤY PHÉP LÁI XE', 50, 14.2, { size: 9.5 * POINT, face: 'bold', fill: '#b3202e', anchor: 'middle' }) +
    print('Số / No: 000000000127 (mẫu)', 50, 18.2, {
      size: 6.4 * POINT,
      face: 'bold',
      fill: '#b3202e',
      anchor: 'middle',
    }) +
    '<rect x="4" y="10" width="22" height="29" fill="#cfe0ee" stroke="#8899a8" stroke-width="0.2"/>' +
    '<circle cx="15" cy="20.5" r="5.2" fill="#8fa3b5"/><path d="M5.5 39c0-8 4.5-11.5 9.5-11.5S24.5 31 24.5 39Z" fill="#74889b"/>' +
    line('Họ tên:', 'TRỊNH VĂN SƠN MẪU', 22.8) +
    line('Ngày sinh:', '17/12/1991', 26.4) +
    line('Quốc tịch:', 'VIỆT NAM', 30) +
    line('Nơi cư trú:', 'Xã Thanh Mẫu', 33.6) +
    print('Tỉnh Bình Mẫu', 50, 36.8, { size, face: 'bold' }) +
    line('Hạng:', 'B', 40.6) +
    line('Có giá trị đến:', '17/12/2033', 44.4) +
    print(SAMPLE_MARK, 43, 51.2, { size: 6.5 * POINT, face: 'bold', fill: '#b3202e', anchor: 'middle' }) +
    sampleMark(44, 32, 5, -18)
  const back =
    `<rect width="${CARD.width}" height="${CARD.height}" fill="#fdf3d3"/>` +
    rosette(30, 27, 26, 22, '#f0d98d') +
    print('CÁC LOẠI XE CƠ GIỚI ĐƯỜNG BỘ ĐƯỢC ĐIỀU KHIỂN', 43, 6, {
      size: 5.4 * POINT,
      face: 'bold',
      anchor: 'middle',
    }) +
    [
      'Ô tô chở người đến 8 chỗ (không kể chỗ của người lái xe);',
      'ô tô tải có khối lượng toàn bộ thiết kế đến 3.500 kg;',
      'các loại xe trên kéo rơ moóc đến 750 kg.',
    ]
      .map((words, index) => print(words, 4, 12 + index * 3.6, { size: 5.2 * POINT }))
      .join('') +
    print('Bình Mẫu, ngày 02 tháng 01 năm 2024', 60, 25, { size: 5.2 * POINT, face: 'italic', anchor: 'middle' }) +
    signed(
      { x: 60, y: 28.4, size: 5.4 * POINT, seal: 17 },
      ['GIÁM ĐỐC'],
      'Mai Thế Vinh Mẫu',
      'Sở Xây dựng tỉnh Bình Mẫu',
      chance,
    ) +
    print('Ngày trúng tuyển: 20/12/2023', 4, 30, { size: 5.2 * POINT }) +
    print(SAMPLE_MARK, 4, 50, { size: 5.5 * POINT, face: 'bold', fill: '#b3202e' })
  return [front, back].map(ink => ({ ...CARD, paper: '#fdf3d3', ink }))
}

const DECISION = [
  'Căn cứ Luật Tổ chức chính quyền địa phương (mẫu);',
  'Căn cứ Quy chế làm việc của Ủy ban nhân dân xã Thanh Mẫu;',
  'Xét đề nghị của Trưởng phòng Kinh tế xã Thanh Mẫu tại Tờ trình số 12/TTr-KT (mẫu),',
] as const

const ARTICLES: readonly (readonly [string, readonly string[]])[] = [
  [
    'Điều 1.',
    [
      'Công nhận Tổ hợp tác “Rau sạch Thanh Mẫu” gồm mười hai hộ sản xuất tại thôn Đông và thôn Trung, xã Thanh Mẫu, tỉnh Bình Mẫu, do ông Đỗ Văn Lâm Mẫu làm tổ trưởng, bà Trần Thị Hòa Mẫu làm tổ phó.',
      'Tổ hợp tác hoạt động theo hợp đồng hợp tác đã được các thành viên thông qua, tự nguyện, tự chủ, tự chịu trách nhiệm về kết quả hoạt động của mình, bảo đảm bình đẳng và cùng có lợi giữa các thành viên.',
    ],
  ],
  [
    'Điều 2.',
    [
      'Tổ hợp tác có nhiệm vụ tổ chức sản xuất rau theo quy trình an toàn trên diện tích ba phẩy hai héc-ta; ghi chép sổ theo dõi mùa vụ; hướng dẫn các hộ sử dụng phân bón, thuốc bảo vệ thực vật đúng quy định; xây dựng điểm bán hàng chung tại chợ xã.',
      'Định kỳ sáu tháng một lần, tổ trưởng báo cáo Ủy ban nhân dân xã về diện tích, sản lượng, giá bán và những khó khăn cần tháo gỡ; kiến nghị các nội dung vượt quá khả năng giải quyết của tổ.',
      'Việc kết nạp thêm thành viên, cho thành viên ra khỏi tổ, thay đổi người đứng đầu phải được quá nửa số thành viên đồng ý và thông báo bằng văn bản cho Ủy ban nhân dân xã trong thời hạn mười ngày.',
    ],
  ],
  [
    'Điều 3.',
    [
      'Phòng Kinh tế xã có trách nhiệm hướng dẫn kỹ thuật, giới thiệu nơi tiêu thụ, hỗ trợ thủ tục truy xuất nguồn gốc cho sản phẩm; phối hợp với Hội Nông dân xã tổ chức tập huấn ít nhất hai lần trong một năm.',
      'Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã theo dõi, đôn đốc việc thực hiện Quyết định này và tổng hợp báo cáo Chủ tịch Ủy ban nhân dân xã.',
    ],
  ],
  [
    'Điều 4.',
    [
      'Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng, Trưởng phòng Kinh tế, thủ trưởng các đơn vị có liên quan và các ông, bà có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này./.',
    ],
  ],
]

/** A decision of three pages; the last one ends with the signature and leaves half the sheet empty. */
export function decision(chance: Chance): readonly Sheet[] {
  const size = 14 * POINT
  const left = 30
  const width = 163
  const sheets: string[] = []
  let y = 0
  let ink = ''
  const set = (words: string, indent = 10) => {
    const next = paragraph(words, { x: left, y, width, size, indent })
    ink += next.ink
    y = next.y + 2.4
  }
  const turn = () => {
    sheets.push(ink)
    ink = print(`${sheets.length + 1}`, 105, 14, { size: 13 * POINT, anchor: 'middle' })
    y = 30
  }
  const [first, second, third, fourth] = ARTICLES

  ink =
    officeHeading(['ỦY BAN NHÂN DÂN', 'XÃ THANH MẪU'], 60, 26, 12.5 * POINT) +
    stateHeading(140, 26, 12 * POINT) +
    print('Số: 86/QĐ-UBND (mẫu)', 60, 43, { size: 13 * POINT, anchor: 'middle' }) +
    print('Thanh Mẫu, ngày 15 tháng 7 năm 2026', 140, 43, { size: 13 * POINT, face: 'italic', anchor: 'middle' }) +
    print('QUYẾT ĐỊNH', 105, 62, { size: 15 * POINT, face: 'bold', anchor: 'middle' }) +
    print('Về việc công nhận Tổ hợp tác “Rau sạch Thanh Mẫu”', 105, 70, { size, face: 'bold', anchor: 'middle' }) +
    print('CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ THANH MẪU', 105, 86, { size, face: 'bold', anchor: 'middle' })
  y = 97
  for (const words of DECISION) set(words)
  ink += print('QUYẾT ĐỊNH:', 105, y + 4, { size, face: 'bold', anchor: 'middle' })
  y += 14
  const article = (part: readonly [string, readonly string[]] | undefined) => {
    if (!part) return
    ink += print(part[0], left + 10, y, { size, face: 'bold' })
    y += size * 1.7
    for (const words of part[1]) set(words)
  }
  article(first)
  ink += sampleMark(105, 165, 15)
  turn()
  article(second)
  article(third)
  ink += sampleMark(105, 150, 15)
  turn()
  article(fourth)
  y += 4
  ink +=
    print('Nơi nhận:', left, y, { size: 12 * POINT, face: 'bold' }) +
    ['- Như Điều 4;', '- Thường trực HĐND xã;', '- Lưu: VT, KT (mẫu).']
      .map((words, index) => print(words, left, y + 6 + index * 5, { size: 11 * POINT }))
      .join('') +
    signed(
      { x: 148, y, size: 13.5 * POINT, seal: 36 },
      ['CHỦ TỊCH'],
      'Lê Đức Thắng Mẫu',
      'Ủy ban nhân dân xã Thanh Mẫu',
      chance,
    ) +
    sampleMark(105, 62, 12, -12) +
    print(SAMPLE_MARK, left, y + 30, { size: 10 * POINT, face: 'bold', fill: '#b02027' })
  sheets.push(ink)
  return sheets.map(drawn => ({ width: 210, height: 297, paper: '#fbfaf5', ink: drawn }))
}

/** Chứng chỉ of a course, square-bordered A4 portrait on blue paper. */
export function courseCertificate(chance: Chance): readonly Sheet[] {
  const ink =
    border(15, 15, 180, 267, 7, '#3e6f9e') +
    rosette(105, 142, 66, 24, '#cfe0ee') +
    stateHeading(105, 42, 13 * POINT) +
    print('GIÁM ĐỐC TRUNG TÂM GIÁO DỤC NGHỀ NGHIỆP BÌNH MẪU', 105, 66, {
      size: 12.5 * POINT,
      face: 'bold',
      anchor: 'middle',
    }) +
    print('CHỨNG CHỈ SƠ CẤP', 105, 92, {
      size: 26 * POINT,
      face: 'bold',
      fill: '#1f4e86',
      anchor: 'middle',
      spacing: 0.6,
    }) +
    print('Cấp cho: ĐỖ VĂN LÂM MẪU', 105, 112, { size: 16 * POINT, face: 'bold', anchor: 'middle' }) +
    print('Sinh ngày 14 tháng 8 năm 1987, tại tỉnh Bình Mẫu', 105, 123, { size: 13 * POINT, anchor: 'middle' }) +
    print('Đã hoàn thành khóa học: Kỹ thuật trồng rau an toàn', 105, 133, { size: 13 * POINT, anchor: 'middle' }) +
    print('Từ ngày 02/3/2026 đến ngày 29/5/2026 – Xếp loại: Giỏi', 105, 143, { size: 13 * POINT, anchor: 'middle' }) +
    print('Bình Mẫu, ngày 05 tháng 6 năm 2026', 142, 168, { size: 12.5 * POINT, face: 'italic', anchor: 'middle' }) +
    signed(
      { x: 142, y: 176, size: 13 * POINT, seal: 36 },
      ['GIÁM ĐỐC'],
      'Chu Thị Lan Mẫu',
      'Trung tâm Giáo dục nghề nghiệp Bình Mẫu',
      chance,
    ) +
    print('Số hiệu: 00412 (mẫu)', 34, 258, { size: 11.5 * POINT }) +
    print('Vào sổ số: 77/2026', 34, 265, { size: 11.5 * POINT }) +
    print(SAMPLE_MARK, 176, 265, { size: 10 * POINT, face: 'bold', fill: '#b02027', anchor: 'end' }) +
    sampleMark(105, 130, 15)
  return [{ width: 210, height: 297, paper: '#f1f6fa', ink }]
}
