import type { Cancellation, Parcel } from './adapter.ts'
import type { DossierSettings } from './dossier-settings.ts'
import { PortalError } from './errors.ts'

/** The bodies that the dossier API takes, built by pure functions. Field names and their mixed spelling are the API's own. */

/** A file that the portal has taken. */
export interface Upload {
  readonly id: string
  readonly hash: string
}

/** The dossier's two names: MaHoSo, which was taken beforehand, and the id which the portal gave it. */
export interface DossierKey {
  readonly number: string
  readonly id: string
}

/** TrangThaiHoSo, the same list in the classic and the new API. */
export const DOSSIER_STATE = { submitted: 1, received: 2, inProgress: 4, done: 9, returned: 10 } as const

/** End states in which no result can follow: not accepted, withdrawn, stopped. */
export const CLOSED_STATES: ReadonlySet<number> = new Set([3, 7, 8])

/** Vietnam has kept UTC+7 all year round since 1975, so no time zone table is needed. */
const VIETNAM_OFFSET_MS = 7 * 3_600_000

function vietnamIso(at: Date): string {
  return new Date(at.getTime() + VIETNAM_OFFSET_MS).toISOString()
}

/** `yyyy-MM-dd HH:mm:ss` in Vietnam's time. */
export function dossierTime(at: Date): string {
  return vietnamIso(at).slice(0, 19).replace('T', ' ')
}

/** `yyyy-MM-ddTHH:mm:ss.fff` in Vietnam's time, without a zone, as CapNhatTienTrinh wants it. */
export function progressTime(at: Date): string {
  return vietnamIso(at).slice(0, 23)
}

/** Text on one line in NFC: decomposed letters count twice in a length limit and look wrong in a portal's list. */
function line(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim()
}

/** Cuts at `limit` UTF-16 units, as databases count, never within a letter; what was cut shows as "…". */
export function shortened(text: string, limit: number): string {
  const whole = line(text)
  if (whole.length <= limit) return whole
  let kept = ''
  for (const { segment } of new Intl.Segmenter('vi').segment(whole)) {
    if (kept.length + segment.length > limit - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** A field that must be there whole: a citizen's name is never cut. */
function required(field: string, text: string, limit: number): string {
  const whole = line(text)
  if (whole === '') throw new PortalError('parcel-incomplete', { field })
  if (whole.length > limit) throw new PortalError('parcel-field-too-long', { field, limit })
  return whole
}

/**
 * The citizen's personal number, the key of the personal store: 12 digits (Luật Căn cước 2023, Đ12). Without the real number the copy
 * cannot reach its owner, so no stand-in is ever sent.
 */
function personalNumber(parcel: Parcel): string {
  const number = (parcel.requester.personalNumber ?? '').replace(/\s/g, '')
  if (!/^\d{12}$/.test(number)) throw new PortalError('parcel-incomplete', { field: 'SoDinhDanh' })
  return number
}

/**
 * Finds out before anything is sent whether the parcel has what a dossier needs.
 * @throws PortalError parcel-incomplete, parcel-field-too-long, parcel-file-too-large
 */
export function checkParcel(parcel: Parcel, settings: DossierSettings): void {
  personalNumber(parcel)
  required('ChuHoSo', parcel.requester.name, settings.limits.personName)
  required('TenGiayTo', parcel.title, Number.POSITIVE_INFINITY)
  if (parcel.file.bytes > settings.limits.fileBytes) {
    throw new PortalError('parcel-file-too-large', { megabytes: Math.floor(settings.limits.fileBytes / 1_048_576) })
  }
}

function paper(parcel: Parcel, settings: DossierSettings, upload: Upload) {
  return {
    IdGiayTo: upload.id,
    MaKetQua: settings.resultCode,
    TenGiayTo: shortened(parcel.title, settings.limits.documentName),
    HashTepTin: upload.hash,
  }
}

/** Body of the dossier's creation. */
export function dossierBody(parcel: Parcel, settings: DossierSettings, number: string, upload: Upload) {
  const name = required('ChuHoSo', parcel.requester.name, settings.limits.personName)
  const identity = personalNumber(parcel)
  const { email, phone } = parcel.requester
  return {
    MaHoSo: number,
    MaTTHC: settings.procedure.code,
    MaDichVuCong: settings.procedure.serviceCode,
    ChuHoSo: name,
    LoaiDoiTuong: settings.codes.citizen,
    MaDonViTiepNhan: settings.unit.code,
    NgayNop: dossierTime(parcel.receivedAt),
    NgayTiepNhan: dossierTime(parcel.receivedAt),
    EformThongTinChiTiet: {},
    ThanhPhanHoSo: [
      {
        MaThanhPhanHoSo: settings.component.code,
        TenThanhPhanHoSo: settings.component.name,
        SoLuong: 1,
        LoaiBan: settings.codes.electronicPaper,
        GiayToDinhKem: [paper(parcel, settings, upload)],
      },
    ],
    ThongTinNguoiNop: {
      LoaiDoiTuong: settings.codes.citizen,
      ThongTinChiTiet: {
        TenNguoiNop: name,
        SoDinhDanh: identity,
        ...(phone && { SoDienThoai: line(phone) }),
        ...(email && { Email: line(email) }),
        TenChuHs: name,
        SoDinhDanhChuHs: identity,
      },
    },
  }
}

/**
 * Items of CapNhatTienTrinh in the order of the work: three, so always within the ten that one call may hold. None says "done": that is
 * said together with the result, or a portal could show a dossier as finished that has none.
 */
export function progressBody(parcel: Parcel, settings: DossierSettings, dossier: DossierKey) {
  const { wording, limits } = settings
  const item = (state: number, at: Date, processor: string, text: string) => ({
    IDHoSo: dossier.id,
    MaHoSo: dossier.number,
    NguoiXuLy: shortened(processor, limits.processorName),
    ThoiDiemXuLy: progressTime(at),
    PhongBanXuLy: wording.department,
    NoiDungXuLy: text,
    TrangThai: state,
    NgayBatDau: progressTime(parcel.receivedAt),
    NgayKetThucTheoQuyDinh: progressTime(parcel.dueAt),
  })
  return [
    item(DOSSIER_STATE.received, parcel.receivedAt, parcel.officerName, wording.received),
    item(DOSSIER_STATE.inProgress, parcel.signedAt, parcel.signerName, wording.signed),
    item(DOSSIER_STATE.inProgress, parcel.sealedAt, wording.clerk, wording.sealed),
  ]
}

export type ProgressItem = ReturnType<typeof progressBody>[number]

/** Body of CapNhatTrangThai that closes the dossier and hands over the certified copy as its result. */
export function statusBody(parcel: Parcel, settings: DossierSettings, dossier: DossierKey, upload: Upload) {
  return [
    {
      IdHoSo: dossier.id,
      MaHoSo: dossier.number,
      TrangThai: DOSSIER_STATE.done,
      NoiDungYKien: settings.wording.sealed,
      PhongBanXuLy: settings.wording.department,
      NoiDungXuLy: settings.wording.sealed,
      DanhSachLePhi: [],
      DanhSachGiayToKetQua: [
        {
          ...paper(parcel, settings, upload),
          MaThanhPhanHoSo: settings.component.code,
          SoKyHieu: `${parcel.number}, ${parcel.book}`,
        },
      ],
    },
  ]
}

/** Body that takes the result back by the office's decision; the file is named where one had been uploaded. */
export function cancellationBody(
  cancellation: Cancellation,
  settings: DossierSettings,
  dossier: DossierKey,
  upload: Upload | null,
) {
  return [
    {
      IdHoSo: dossier.id,
      MaHoSo: dossier.number,
      SoQuyetDinh: line(cancellation.decisionNumber),
      NgayQuyetDinh: cancellation.decisionDate,
      NoiDungXuLy: settings.wording.cancelled,
      DanhSachGiayToKetQua: upload ? [{ IdGiayTo: upload.id, HashTepTin: upload.hash }] : [],
    },
  ]
}
