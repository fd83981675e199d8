import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { SigningError } from '../../../native-signing/errors.ts'
import type { VerificationReport } from '../../../native-signing/types.ts'
import { type Call, duplicate, type Handler, ok, parsed, Refusal } from './reply.ts'
import {
  type AttachedPaper,
  cancelRequest,
  createRequest,
  progressRequest,
  type ResultPaper,
  statusRequest,
  tokenRequest,
} from './requests.ts'
import { signatureProblem } from './signatures.ts'
import type { PortalStore, StoredDossier, StoredFile } from './store.ts'
import type { Tokens } from './tokens.ts'

/** The unit for which the sandbox gives numbers; invented. */
export const SANDBOX_UNIT = { numberCode: '000.00.01.H99', code: 'H99.01' } as const

export interface DossierParts {
  readonly store: PortalStore
  readonly tokens: Tokens
  readonly credentials: { readonly clientId: string; readonly clientSecret: string }
  readonly clock: () => Date
  readonly verify: (path: string) => Promise<VerificationReport>
  readonly organisationCertificates: readonly string[]
}

const FINISHED: ReadonlySet<number> = new Set([3, 7, 8, 9, 10])
const MAXIMUM_FILE_BYTES = 31_457_280

/** The new-generation dossier API as the sandbox plays it, by endpoint. */
export function dossierEndpoints(
  parts: DossierParts,
): Record<'token' | 'next-number' | 'upload' | 'create' | 'progress' | 'status' | 'lookup' | 'cancel', Handler> {
  const { store, tokens, credentials, clock } = parts

  function dossierOf(number: string, id: string): StoredDossier {
    const dossier = store.dossier(number)
    if (!dossier) throw new Refusal(400, 'Không tìm thấy hồ sơ')
    if (dossier.id !== id) throw new Refusal(400, 'IdHoSo không khớp với MaHoSo')
    return dossier
  }

  function fileOf(paper: AttachedPaper): StoredFile {
    const file = store.file(paper.IdGiayTo)
    if (!file) throw new Refusal(400, 'IdGiayTo không tồn tại')
    if (file.sha256 !== paper.HashTepTin) throw new Refusal(400, 'HashTepTin không khớp với tệp đã tải lên')
    return file
  }

  async function checkResult(paper: ResultPaper): Promise<void> {
    const file = fileOf(paper)
    if (!(await startsAsPdf(file.path))) throw new Refusal(400, 'Tệp kết quả không phải PDF')
    let report: VerificationReport
    try {
      report = await parts.verify(file.path)
    } catch (error) {
      // Anything else is the verifier's own trouble, not the file's: it comes out as 500.
      if (error instanceof SigningError) throw new Refusal(400, 'Không đọc được chữ ký số trên tệp kết quả')
      throw error
    }
    const problem = signatureProblem(report, parts.organisationCertificates)
    if (problem) throw new Refusal(400, problem)
  }

  return {
    token(call) {
      const request = parsed(tokenRequest, call.body)
      if (request.client_id !== credentials.clientId || request.client_secret !== credentials.clientSecret) {
        throw new Refusal(401, 'Sai client_id hoặc client_secret')
      }
      const { token, seconds } = tokens.issue()
      return ok({ access_token: token, expires_in: seconds, token_type: 'Bearer', scope: 'default' })
    },

    'next-number'(call) {
      tokens.check(call)
      if (call.query.get('code') !== SANDBOX_UNIT.numberCode) throw new Refusal(400, 'Mã đơn vị không đúng')
      const day = new Date(clock().getTime() + 7 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
      const value = String(store.nextValue(SANDBOX_UNIT.code)).padStart(7, '0')
      return ok({ value: `${SANDBOX_UNIT.code}-${day}-${value}` })
    },

    async upload(call) {
      tokens.check(call)
      const files = await uploadedFiles(call)
      if (files.length === 0) throw new Refusal(400, 'Thiếu trường files')
      return ok(
        files.map(({ name, bytes }) => {
          if (bytes.length === 0) throw new Refusal(400, 'Tệp rỗng')
          if (bytes.length > MAXIMUM_FILE_BYTES) throw new Refusal(400, 'Tệp vượt quá 30 MB')
          const stored = store.addFile(name, bytes)
          return { IdTepTin: stored.id, HashTepTin: stored.sha256 }
        }),
      )
    },

    create(call) {
      tokens.check(call)
      const request = parsed(createRequest, call.body)
      if (request.MaDonViTiepNhan !== SANDBOX_UNIT.code) throw new Refusal(400, 'Mã đơn vị tiếp nhận không đúng')
      if (!request.MaHoSo.startsWith(`${SANDBOX_UNIT.code}-`)) throw new Refusal(400, 'MaHoSo không do hệ thống cấp')
      for (const component of request.ThanhPhanHoSo) component.GiayToDinhKem.forEach(fileOf)
      const owner = request.ThongTinNguoiNop.ThongTinChiTiet
      const dossier = store.addDossier({
        number: request.MaHoSo,
        personalNumber: owner.SoDinhDanhChuHs,
        ownerName: owner.TenChuHs,
        state: 1,
        components: request.ThanhPhanHoSo,
      })
      if (!dossier) throw duplicate()
      return ok({ idHoSo: dossier.id, maHoSo: dossier.number })
    },

    progress(call) {
      tokens.check(call)
      const items = parsed(progressRequest, call.body)
      store.addProgress(items.map(item => ({ dossierId: dossierOf(item.MaHoSo, item.IDHoSo).id, body: item })))
      return ok(null)
    },

    async status(call) {
      tokens.check(call)
      const items = parsed(statusRequest, call.body)
      for (const item of items) {
        const { number } = dossierOf(item.MaHoSo, item.IdHoSo)
        if (store.cancellation(number)) throw new Refusal(400, 'Kết quả của hồ sơ đã bị hủy bỏ')
        for (const paper of item.DanhSachGiayToKetQua) await checkResult(paper)
      }
      for (const item of items) {
        const dossier = dossierOf(item.MaHoSo, item.IdHoSo)
        if (FINISHED.has(dossier.state) && item.TrangThai < 9) throw new Refusal(400, 'Hồ sơ đã kết thúc')
        store.setState(
          dossier,
          item.TrangThai,
          item.DanhSachGiayToKetQua.filter(() => item.TrangThai === 9).map(paper => ({
            dossierNumber: dossier.number,
            personalNumber: dossier.personalNumber,
            resultCode: paper.MaKetQua,
            title: paper.TenGiayTo,
            symbol: paper.SoKyHieu,
            unit: SANDBOX_UNIT.code,
            fileId: paper.IdGiayTo,
            receivedAt: clock().toISOString(),
          })),
        )
      }
      return ok(null)
    },

    cancel(call) {
      tokens.check(call)
      const items = parsed(cancelRequest, call.body)
      const checked = items.map(item => {
        const dossier = dossierOf(item.MaHoSo, item.IdHoSo)
        const given = store.papers().filter(paper => paper.dossierNumber === dossier.number)
        if (given.some(paper => !item.DanhSachGiayToKetQua.some(named => named.IdGiayTo === paper.fileId)))
          throw new Refusal(400, 'Giấy tờ kết quả không được nêu đủ')
        return { item, dossier }
      })
      for (const { item, dossier } of checked)
        store.cancel({
          dossierNumber: dossier.number,
          decisionNumber: item.SoQuyetDinh,
          decisionDate: item.NgayQuyetDinh,
          receivedAt: clock().toISOString(),
        })
      return ok(null)
    },

    lookup(call) {
      tokens.check(call)
      const dossier = store.dossier(call.query.get('MaHoSo') ?? '')
      if (!dossier) return ok([])
      const papers = store.papers().filter(paper => paper.dossierNumber === dossier.number)
      return ok([
        {
          IdHoSo: dossier.id,
          MaHoSo: dossier.number,
          TrangThai: dossier.state,
          ThanhPhanHoSo: dossier.components,
          TienTrinh: store.progress(dossier.id),
          SoQuyetDinhHuy: store.cancellation(dossier.number)?.decisionNumber ?? null,
          DanhSachGiayToKetQua: papers.map(paper => ({
            IdGiayTo: paper.fileId,
            HashTepTin: store.file(paper.fileId)?.sha256 ?? null,
          })),
        },
      ])
    },
  }
}

async function uploadedFiles(call: Call): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]> {
  const contentType = z.string().safeParse(call.headers['content-type']).data ?? ''
  let form: FormData
  try {
    form = await new Response(new Uint8Array(call.body), { headers: { 'content-type': contentType } }).formData()
  } catch {
    throw new Refusal(400, 'Dữ liệu tải lên không phải multipart/form-data')
  }
  const files = form.getAll('files').filter(entry => entry instanceof File)
  return Promise.all(files.map(async file => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })))
}

async function startsAsPdf(path: string): Promise<boolean> {
  return (await readFile(path)).subarray(0, 5).toString('latin1') === '%PDF-'
}
