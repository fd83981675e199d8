import { type Call, type Handler, json, parsed, Refusal } from './reply.ts'
import { storeFileRequest, storeListRequest, storeLoginRequest } from './requests.ts'
import type { PortalStore } from './store.ts'
import type { Tokens } from './tokens.ts'

/** X-Road member of the personal-paper store, demanded as query parameter or header. */
const STORE_MEMBER = 'VN:GOV:000.00.00.G22:vpcpdvcprovider'

export interface PersonalStoreParts {
  readonly store: PortalStore
  readonly tokens: Tokens
  readonly credentials: { readonly username: string; readonly password: string }
}

/** The personal-paper store behind the exchange platform's adapter: log in, list a person's papers, read a file. */
export function personalStoreEndpoints(
  parts: PersonalStoreParts,
): Record<'store-login' | 'store-list' | 'store-file', Handler> {
  const { store, tokens, credentials } = parts

  function throughAdapter(call: Call): void {
    if ((call.query.get('dstcode') ?? call.headers['dstcode']) !== STORE_MEMBER) throw new Refusal(400, 'Sai dstcode')
  }

  return {
    'store-login'(call) {
      throughAdapter(call)
      const { username, password } = parsed(storeLoginRequest, call.body)
      if (username !== credentials.username || password !== credentials.password) {
        throw new Refusal(401, 'Sai tài khoản hoặc mật khẩu')
      }
      return json(200, { accessToken: tokens.issue().token })
    },

    'store-list'(call) {
      throughAdapter(call)
      tokens.check(call)
      const request = parsed(storeListRequest, call.body)
      const wanted = new Set(request.DanhSachDanhMucKetQua.map(result => result.MaKetQua))
      const papers = store
        .papers()
        .filter(paper => paper.personalNumber === request.SoDinhDanhChuSoHuu)
        .filter(paper => wanted.size === 0 || wanted.has(paper.resultCode))
        .filter(paper => !store.cancellation(paper.dossierNumber))
      return json(200, {
        errorCode: 0,
        message: 'Thành công',
        signature: null,
        result: {
          DanhSachGiayToKetQua: papers.map(paper => ({
            MaKetQua: paper.resultCode,
            TenGiayTo: paper.title,
            SoKyHieu: paper.symbol,
            CoQuanChuQuan: paper.unit,
            DanhSachTepDinhKem: [{ TenTep: store.file(paper.fileId)?.name ?? '', DuongDan: `/kho/${paper.id}` }],
          })),
        },
      })
    },

    'store-file'(call) {
      throughAdapter(call)
      tokens.check(call)
      const request = parsed(storeFileRequest, call.body)
      const paper = store.papers().find(p => `/kho/${p.id}` === request.DuongDan && p.unit === request.CoQuanChuQuan)
      if (!paper) throw new Refusal(404, 'Không tìm thấy tệp')
      return json(200, Buffer.from(store.fileBytes(paper.fileId)).toString('base64'))
    },
  }
}
