import type { Parcel } from './adapter.ts'
import { dossierTime, shortened } from './dossier-fields.ts'

/** What goes into a package that an officer uploads by hand: names and metadata, built by pure functions. */

/** Longest document name that the national portal is known to take. */
const NAME_LIMIT = 50

/** Text as a file name that every system takes: plain letters, digits, dot, dash. */
function asciiName(text: string): string {
  return text
    .replace(/[đĐ]/g, d => (d === 'đ' ? 'd' : 'D'))
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
}

/** Name of the package's folder: book, number and the file's hash, so the same copy always gives the same name. No citizen's name in it. */
export function packageName(parcel: Parcel): string {
  return `${asciiName(`${parcel.book}-so-${parcel.number}`).slice(0, 60)}-${parcel.file.sha256.slice(0, 12)}`
}

/** Name of the PDF in the package: safe and at most 50 characters. */
export function packageFileName(parcel: Parcel): string {
  const stem = asciiName(parcel.file.name.replace(/\.pdf$/i, '')).slice(0, NAME_LIMIT - '.pdf'.length)
  return `${stem.replace(/[-.]+$/, '') || 'ban-sao'}.pdf`
}

/** The metadata by the names of the portals' own fields, so that whoever types them finds them; times in Vietnam's time. */
export function packageMetadata(parcel: Parcel, packagedAt: Date): Readonly<Record<string, string>> {
  const { requester, file } = parcel
  return {
    MaTTHC: '2.000815',
    TenGiayTo: shortened(parcel.title, NAME_LIMIT),
    TrichYeuHoSo: shortened(parcel.title, 1000),
    SoChungThucDienTu: parcel.number,
    QuyenSo: parcel.book,
    ChuHoSo: requester.name.normalize('NFC'),
    SoDinhDanh: requester.personalNumber ?? '',
    Email: requester.email ?? '',
    SoDienThoai: requester.phone ?? '',
    NgayTiepNhan: dossierTime(parcel.receivedAt),
    NgayHenTra: dossierTime(parcel.dueAt),
    NgayKyChungThuc: dossierTime(parcel.signedAt),
    NgayDongDau: dossierTime(parcel.sealedAt),
    NguoiTiepNhan: parcel.officerName.normalize('NFC'),
    NguoiKyChungThuc: parcel.signerName.normalize('NFC'),
    TepKetQua: packageFileName(parcel),
    HashTepTin: file.sha256,
    MaBanSao: parcel.copyId,
    ThoiDiemDongGoi: packagedAt.toISOString(),
  }
}

/** A cell that a spreadsheet shows and never runs: quoted, and what looks like a formula is made text. */
function csvCell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return `"${harmless.replaceAll('"', '""')}"`
}

/** Two lines, names and values; with a byte order mark, or Excel garbles Vietnamese. */
export function metadataCsv(metadata: Readonly<Record<string, string>>): string {
  const row = (cells: readonly string[]) => `${cells.map(csvCell).join(',')}\r\n`
  return `\uFEFF${row(Object.keys(metadata))}${row(Object.values(metadata))}`
}
