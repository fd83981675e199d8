import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Checkpoint } from '../../electron/portal/adapter.ts'
import { createDossierAdapter } from '../../electron/portal/dossier-api.ts'
import { dossierSettings } from '../../electron/portal/dossier-settings.ts'
import { startSandboxPortal } from '../../electron/sandbox/portal/portal.ts'
import { createPersonalStoreClient } from '../../electron/sandbox/portal-store-client.ts'
import { type HttpClient, HttpFault } from '../../native-signing/http/index.ts'
import { attempt } from '../support/delivery-attempt.ts'
import {
  ORGANISATION,
  openPortalBench,
  ownHttp,
  type PortalBench,
  parcelIn,
  readMarkedSignatures,
  temporaryFolder,
} from './portal-support.ts'

const envelope = z.object({ code: z.union([z.string(), z.number()]), message: z.string(), data: z.unknown() })

describe('the sandbox portal takes nothing on trust', () => {
  let bench: PortalBench
  let token: string
  beforeEach(async () => {
    bench = await openPortalBench()
    const { clientId, clientSecret } = bench.portal.credentials
    const answer = await post('/DvcSync/GetToken', { client_id: clientId, client_secret: clientSecret })
    token = z.object({ access_token: z.string() }).parse(answer.data).access_token
  })
  afterEach(() => bench[Symbol.asyncDispose]())

  async function send(path: string, init: RequestInit) {
    const response = await fetch(bench.portal.url + path, init)
    return { status: response.status, ...envelope.parse(await response.json()) }
  }
  const post = (path: string, body: unknown, bearer = token) =>
    send(path, { method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${bearer}` } })

  async function uploadPdf(): Promise<{ IdTepTin: string; HashTepTin: string }> {
    const body = new FormData()
    body.append('files', new Blob(['%PDF-1.7 one']), 'mot.pdf')
    const answer = await send('/DvcSync/UploadFile', {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}` },
    })
    return z.tuple([z.object({ IdTepTin: z.string(), HashTepTin: z.string() })]).parse(answer.data)[0]
  }

  /** A dossier that it accepts, to be spoilt in one place. */
  async function goodDossier(): Promise<Record<string, unknown>> {
    const file = await uploadPdf()
    const paper = { IdGiayTo: file.IdTepTin, MaKetQua: 'KQ.DVC.KETQUA', TenGiayTo: 'Giấy', HashTepTin: file.HashTepTin }
    return {
      MaHoSo: 'H99.01-20261120-7654321',
      MaTTHC: '2.000815',
      MaDichVuCong: '',
      ChuHoSo: 'Nguyễn Thị Mẫu',
      LoaiDoiTuong: 0,
      MaDonViTiepNhan: 'H99.01',
      NgayNop: '2026-11-20 08:00:00',
      NgayTiepNhan: '2026-11-20 08:00:00',
      EformThongTinChiTiet: {},
      ThanhPhanHoSo: [
        { MaThanhPhanHoSo: 'X', TenThanhPhanHoSo: 'Bản chính', SoLuong: 1, LoaiBan: 2, GiayToDinhKem: [paper] },
      ],
      ThongTinNguoiNop: {
        LoaiDoiTuong: 0,
        ThongTinChiTiet: {
          TenNguoiNop: 'Nguyễn Thị Mẫu',
          SoDinhDanh: '012345678901',
          TenChuHs: 'Nguyễn Thị Mẫu',
          SoDinhDanhChuHs: '012345678901',
        },
      },
    }
  }

  test('without a valid token nothing is done', async () => {
    for (const bearer of ['', 'made-up']) {
      expect((await post('/DvcSync/NoiHoSo', await goodDossier(), bearer)).status).toBe(401)
    }
    bench.clock.advance(3_600_000)
    expect((await post('/DvcSync/NoiHoSo', {})).status).toBe(401)
    expect(bench.portal.inspect().dossiers).toEqual([])
  })

  test('a missing, too long or impossible field is refused by its name', async () => {
    const spoilt: readonly (readonly [string, Record<string, unknown>])[] = [
      ['MaHoSo', { MaHoSo: '' }],
      ['ChuHoSo', { ChuHoSo: 'N'.repeat(101) }],
      ['NgayNop', { NgayNop: '2026-11-31 08:00:00' }],
      ['NgayNop', { NgayNop: '20/11/2026' }],
      ['LoaiDoiTuong', { LoaiDoiTuong: 3 }],
      ['ThanhPhanHoSo', { ThanhPhanHoSo: [] }],
      ['ThongTinNguoiNop', { ThongTinNguoiNop: undefined }],
    ]
    for (const [field, change] of spoilt) {
      const answer = await post('/DvcSync/NoiHoSo', { ...(await goodDossier()), ...change })
      expect({ field, status: answer.status }).toEqual({ field, status: 400 })
      expect(answer.message).toContain(field)
    }
    expect((await post('/DvcSync/NoiHoSo', await goodDossier())).code).toBe(0)
  })

  test('the same number a second time "exists already", and nothing is added', async () => {
    await post('/DvcSync/NoiHoSo', await goodDossier())
    const again = await post('/DvcSync/NoiHoSo', await goodDossier())
    expect(again).toMatchObject({ status: 200, code: '3' })
    expect(again.message).toContain('đã tồn tại')
    expect(bench.portal.inspect().dossiers).toHaveLength(1)
  })

  test('more than ten progress items in one call, or progress of an unknown dossier', async () => {
    const { data } = await post('/DvcSync/NoiHoSo', await goodDossier())
    const { idHoSo } = z.object({ idHoSo: z.string() }).parse(data)
    const item = {
      IDHoSo: idHoSo,
      MaHoSo: 'H99.01-20261120-7654321',
      NguoiXuLy: 'Ai (mẫu)',
      ThoiDiemXuLy: '2026-11-20T08:00:00.000',
      PhongBanXuLy: 'UBND',
      NoiDungXuLy: 'x',
      TrangThai: 2,
      NgayBatDau: '2026-11-20T08:00:00.000',
      NgayKetThucTheoQuyDinh: '2026-11-20T17:00:00.000',
    }
    expect((await post('/DvcSync/CapNhatTienTrinh', Array(11).fill(item))).status).toBe(400)
    expect((await post('/DvcSync/CapNhatTienTrinh', [{ ...item, NguoiXuLy: 'A'.repeat(51) }])).status).toBe(400)
    expect((await post('/DvcSync/CapNhatTienTrinh', [{ ...item, MaHoSo: 'unknown' }])).status).toBe(400)
    expect((await post('/DvcSync/CapNhatTienTrinh', Array(10).fill(item))).code).toBe(0)
  })

  test("the personal store is closed to a wrong password, and to a citizen asking for another's papers", async () => {
    const { storeUsername: username, storePassword: password } = bench.portal.credentials
    const intruder = createPersonalStoreClient({ url: bench.portal.url, username, password: 'wrong' })
    await expect(intruder.papers('012345678901', '')).rejects.toMatchObject({ code: 'portal-login-failed' })
    const prying: HttpClient = request =>
      ownHttp({
        ...request,
        ...(typeof request.body === 'string' && {
          body: request.body.replace(
            '"SoDinhDanhNguoiYeuCau":"012345678901"',
            '"SoDinhDanhNguoiYeuCau":"098765432109"',
          ),
        }),
      })
    const store = createPersonalStoreClient({ url: bench.portal.url, username, password }, prying)
    await expect(store.papers('012345678901', '')).rejects.toMatchObject({ code: 'portal-refused' })
  })

  test('faults can be set over HTTP, for trying by hand', async () => {
    const fault = { answer: 'bad-gateway' }
    await post('/sandbox/faults', [{ endpoint: 'create', call: 1, fault }])
    const response = await fetch(`${bench.portal.url}/DvcSync/NoiHoSo`, { method: 'POST', body: '{}' })
    expect(response.status).toBe(502)
  })
})

describe('the sandbox portal is durable', () => {
  test('closed and started again it knows everything but the tokens', async () => {
    const folder = temporaryFolder()
    const options = {
      directory: join(folder.path, 'portal'),
      port: 0,
      clock: () => new Date('2026-11-20T02:00:00Z'),
      verify: readMarkedSignatures,
      organisationCertificates: [ORGANISATION],
    }
    try {
      const parcel = parcelIn(folder.path)
      const first = await startSandboxPortal(options)
      const parts = { credentials: first.credentials, http: ownHttp, clock: options.clock }
      await createDossierAdapter(dossierSettings(first.dossierSettings), parts).deliver(parcel, attempt())
      const before = first.inspect()
      await first.close()
      const second = await startSandboxPortal(options)
      expect(second.inspect()).toEqual(before)
      expect(second.credentials).toEqual(first.credentials)
      await second.close()
    } finally {
      folder.remove()
    }
  })

  test('killed at every step of a delivery, portal and adapter together still give exactly one paper', async () => {
    const folder = temporaryFolder()
    const directory = join(folder.path, 'portal')
    mkdirSync(directory)
    const children: ChildProcess[] = []
    const started = z.object({
      credentials: z.object({ clientId: z.string(), clientSecret: z.string() }),
      dossierSettings: z.object({ baseUrl: z.string(), unit: z.unknown() }),
    })
    async function startProcess() {
      const script = join(import.meta.dirname, 'portal-sandbox-process.ts')
      const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
      children.push(child)
      for await (const line of createInterface({ input: child.stdout }))
        return { child, ...started.parse(JSON.parse(line)) }
      throw new Error('the portal process ended')
    }
    try {
      const parcel = parcelIn(folder.path)
      let checkpoint: Checkpoint = {}
      let minutes = 0
      for (const deadly of ['UploadFile', 'NoiHoSo', 'CapNhatTienTrinh', 'CapNhatTrangThai', 'nothing']) {
        const { child, credentials, dossierSettings: own } = await startProcess()
        const killing: HttpClient = async request => {
          const response = await ownHttp(request)
          if (!request.url.includes(deadly)) return response
          const ended = once(child, 'exit')
          child.kill('SIGKILL')
          await ended
          throw new HttpFault('lost')
        }
        minutes += 10
        const now = new Date(Date.parse('2026-11-20T02:00:00Z') + minutes * 60_000)
        const parts = { credentials, http: killing, clock: () => now }
        await createDossierAdapter(dossierSettings(own), parts)
          .deliver(
            parcel,
            attempt(checkpoint, async c => {
              checkpoint = c
            }),
          )
          .catch(() => undefined)
      }
      expect(checkpoint['confirmedAt']).toBeDefined()
      for (const child of children) child.kill('SIGKILL')
      const portal = await startSandboxPortal({
        directory,
        port: 0,
        clock: () => new Date(),
        verify: readMarkedSignatures,
        organisationCertificates: [ORGANISATION],
      })
      const { dossiers, papers } = portal.inspect()
      expect({ dossiers: dossiers.length, papers: papers.length, state: dossiers[0]?.state }).toEqual({
        dossiers: 1,
        papers: 1,
        state: 9,
      })
      await portal.close()
    } finally {
      for (const child of children) child.kill('SIGKILL')
      folder.remove()
    }
  })
})
