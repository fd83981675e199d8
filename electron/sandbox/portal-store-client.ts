import { createHash } from 'node:crypto'
import { z } from 'zod'
import { createHttpClient, type HttpClient } from '../../native-signing/http/index.ts'
import { PortalError } from '../portal/errors.ts'
import { exchange, publicReason, readJson } from '../portal/http.ts'

/** The citizen's view: what lies in somebody's personal-paper store, and the file itself. */

export interface PersonalStoreAccess {
  /** Base URL of the sandbox portal. */
  readonly url: string
  readonly username: string
  readonly password: string
}

export interface PersonalPaper {
  readonly resultCode: string
  readonly title: string
  /** Number and symbol (số, ký hiệu). */
  readonly symbol: string
  readonly owner: string
  readonly fileName: string
  readonly path: string
}

export interface RetrievedFile {
  readonly bytes: Uint8Array
  readonly sha256: string
}

export interface PersonalStoreClient {
  /** Papers of the person with this 12-digit number, in the order in which they came. */
  papers(personalNumber: string, name: string): Promise<readonly PersonalPaper[]>
  file(paper: PersonalPaper): Promise<RetrievedFile>
}

const STORE_PATH = '/VXPAdapter/RestService/forward/bndp/public/v1'
const MEMBER = 'VN:GOV:000.00.00.G22:vpcpdvcprovider'
const PROVIDER = 'https://apigiaytocanhan.dichvucong.gov.vn'
const TIMEOUT_MS = 60_000
/** A file comes as text of a third more than its 30 MiB. */
const MAXIMUM_FILE_BYTES = 48 * 1_048_576

const listSchema = z.object({
  result: z.object({
    DanhSachGiayToKetQua: z.array(
      z.object({
        MaKetQua: z.string(),
        TenGiayTo: z.string(),
        SoKyHieu: z.string(),
        CoQuanChuQuan: z.string(),
        DanhSachTepDinhKem: z.tuple([z.object({ TenTep: z.string(), DuongDan: z.string() })]),
      }),
    ),
  }),
})

/**
 * Reads the personal store as the citizen's portal does; logs in at the first question.
 * @throws PortalError (from its methods) as `exchange` and `readJson`; portal-login-failed, portal-refused
 */
export function createPersonalStoreClient(
  access: PersonalStoreAccess,
  http: HttpClient = createHttpClient(),
): PersonalStoreClient {
  const query = new URLSearchParams({ dstcode: MEMBER, providerurl: PROVIDER })
  let session: Promise<string> | null = null

  async function post<T>(step: string, path: string, body: unknown, schema: z.ZodType<T>, token?: string): Promise<T> {
    const answer = await exchange(http, {
      step,
      method: 'POST',
      url: `${access.url}${STORE_PATH}${path}?${query}`,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
      timeoutMilliseconds: TIMEOUT_MS,
      maximumBytes: MAXIMUM_FILE_BYTES,
    })
    if (answer.status === 401) throw new PortalError('portal-login-failed', { step })
    if (answer.status >= 500) throw new PortalError('portal-unavailable', { step, status: answer.status })
    if (answer.status >= 400) {
      const { message } = readJson(step, answer, z.object({ message: z.string() }))
      throw new PortalError('portal-refused', {
        step,
        status: answer.status,
        reason: publicReason(message, [access.password, token ?? null]),
      })
    }
    return readJson(step, answer, schema)
  }

  async function logIn(): Promise<string> {
    const login = { username: access.username, password: access.password }
    const schema = z.object({ accessToken: z.string().min(1) })
    return (await post('store-login', '/login', login, schema)).accessToken
  }

  function token(): Promise<string> {
    session ??= logIn().catch(error => {
      session = null
      throw error
    })
    return session
  }

  return {
    async papers(personalNumber, name) {
      const request = {
        SoDinhDanhChuSoHuu: personalNumber,
        HoTenNguoiYeuCau: name,
        KenhThucHien: '2',
        SoDinhDanhNguoiYeuCau: personalNumber,
        MaThuTuc: '2.000815',
        DanhSachDanhMucKetQua: [],
      }
      const { result } = await post('store-list', '/danh-sach-giay-to', request, listSchema, await token())
      return result.DanhSachGiayToKetQua.map(paper => ({
        resultCode: paper.MaKetQua,
        title: paper.TenGiayTo,
        symbol: paper.SoKyHieu,
        owner: paper.CoQuanChuQuan,
        fileName: paper.DanhSachTepDinhKem[0].TenTep,
        path: paper.DanhSachTepDinhKem[0].DuongDan,
      }))
    },

    async file(paper) {
      const request = { CoQuanChuQuan: paper.owner, DuongDan: paper.path }
      const base64 = await post('store-file', '/tep-tin', request, z.base64(), await token())
      const bytes = Buffer.from(base64, 'base64')
      return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
    },
  }
}
