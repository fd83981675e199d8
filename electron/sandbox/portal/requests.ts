import { z } from 'zod'

/** What the sandbox portal accepts: its own reading of the new-generation API, on purpose not shared with the client. */

const text = (limit: number) => z.string().trim().min(1).max(limit)

/** `yyyy-MM-dd HH:mm:ss` that exists in the calendar. */
const spacedTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  .refine(isRealTime)
/** `yyyy-MM-ddTHH:mm:ss.fff` without a zone. */
const isoTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/)
  .refine(isRealTime)

function isRealTime(value: string): boolean {
  const parsed = new Date(`${value.replace(' ', 'T')}Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(value.replace(' ', 'T'))
}

const personalNumber = z.string().regex(/^\d{12}$/)

export const tokenRequest = z.object({ client_id: z.string(), client_secret: z.string() })

const attachedPaper = z.object({
  IdGiayTo: z.uuid(),
  MaKetQua: z.string().regex(/^KQ\.[A-Z0-9]+\.[A-Z0-9]+$/),
  TenGiayTo: text(50),
  HashTepTin: z.string().regex(/^[0-9a-f]{64}$/),
})

export const createRequest = z.object({
  MaHoSo: text(50),
  MaTTHC: z.string().regex(/^\d\.\d{6}/),
  MaDichVuCong: z.string().max(50),
  ChuHoSo: text(100),
  LoaiDoiTuong: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  MaDonViTiepNhan: text(35),
  NgayNop: spacedTime,
  NgayTiepNhan: spacedTime,
  EformThongTinChiTiet: z.record(z.string(), z.unknown()),
  ThanhPhanHoSo: z
    .array(
      z.object({
        MaThanhPhanHoSo: text(50),
        TenThanhPhanHoSo: text(500),
        SoLuong: z.int().positive(),
        LoaiBan: z.union([z.literal(0), z.literal(1), z.literal(2)]),
        GiayToDinhKem: z.array(attachedPaper).min(1),
      }),
    )
    .min(1),
  ThongTinNguoiNop: z.object({
    LoaiDoiTuong: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    ThongTinChiTiet: z.object({
      TenNguoiNop: text(100),
      SoDinhDanh: personalNumber,
      SoDienThoai: z.string().max(20).optional(),
      Email: z.email().optional(),
      TenChuHs: text(100),
      SoDinhDanhChuHs: personalNumber,
    }),
  }),
})

/** TrangThaiHoSo 1–10. */
const state = z.int().min(1).max(10)

export const progressRequest = z
  .array(
    z.object({
      IDHoSo: z.uuid(),
      MaHoSo: text(50),
      NguoiXuLy: text(50),
      ThoiDiemXuLy: isoTime,
      PhongBanXuLy: text(200),
      NoiDungXuLy: text(2000),
      TrangThai: state,
      NgayBatDau: isoTime,
      NgayKetThucTheoQuyDinh: isoTime,
    }),
  )
  .min(1)
  .max(10)

const resultPaper = attachedPaper.extend({ MaThanhPhanHoSo: text(50), SoKyHieu: text(100) })

export const statusRequest = z
  .array(
    z
      .object({
        IdHoSo: z.uuid(),
        MaHoSo: text(50),
        TrangThai: state,
        NoiDungYKien: z.string().max(2000),
        PhongBanXuLy: text(200),
        NoiDungXuLy: text(2000),
        DanhSachLePhi: z.array(z.unknown()).default([]),
        DanhSachGiayToKetQua: z.array(resultPaper).default([]),
      })
      .refine(item => [5, 6, 9].includes(item.TrangThai) || item.DanhSachGiayToKetQua.length === 0, {
        path: ['DanhSachGiayToKetQua'],
        message: 'only with states 5, 6 and 9',
      })
      .refine(item => item.TrangThai !== 9 || item.DanhSachGiayToKetQua.length > 0, {
        path: ['DanhSachGiayToKetQua'],
        message: 'state 9 needs a result',
      }),
  )
  .min(1)

export const cancelRequest = z
  .array(
    z.object({
      IdHoSo: z.uuid(),
      MaHoSo: text(50),
      SoQuyetDinh: text(100),
      NgayQuyetDinh: z.iso.date(),
      NoiDungXuLy: text(2000),
      DanhSachGiayToKetQua: z.array(attachedPaper.pick({ IdGiayTo: true, HashTepTin: true })).default([]),
    }),
  )
  .min(1)

export type ResultPaper = z.infer<typeof resultPaper>
export type AttachedPaper = z.infer<typeof attachedPaper>

export const storeLoginRequest = z.object({ username: z.string(), password: z.string() })

export const storeListRequest = z
  .object({
    SoDinhDanhChuSoHuu: personalNumber,
    HoTenNguoiYeuCau: z.string().max(100),
    /** 1 asked by an officer, 2 by the citizen. */
    KenhThucHien: z.enum(['1', '2']),
    SoDinhDanhNguoiYeuCau: personalNumber,
    MaThuTuc: z.string(),
    DanhSachDanhMucKetQua: z.array(z.object({ MaKetQua: z.string(), SoKyHieu: z.string() })),
  })
  .refine(r => r.KenhThucHien === '1' || r.SoDinhDanhNguoiYeuCau === r.SoDinhDanhChuSoHuu, {
    path: ['SoDinhDanhNguoiYeuCau'],
    message: 'a citizen sees only what is theirs',
  })

export const storeFileRequest = z.object({ CoQuanChuQuan: z.string(), DuongDan: z.string().min(1) })
