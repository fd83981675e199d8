import type { CopyItem } from '../../../electron/api/contract/copies.ts'
import type { ScanNews } from '../../../electron/api/contract/scanning.ts'
import type { SigningNews } from '../../../electron/api/contract/signing.ts'
import type { Role } from '../../../electron/office/types.ts'
import { PINS, type SignatureKind } from './at-the-desk.ts'
import { type Client, toldBy, workAs } from './client.ts'
import type { RunningDesk } from './launch.ts'
import { throughTheBridge } from './prepared.ts'
import { soon } from './soon.ts'

/** A furnished office: the ids of the copies that it has for looking at. */
export interface Furnished {
  readonly desk: RunningDesk
  readonly draft: string
  readonly empty: string
  readonly refused: string
  readonly delivered: string
}

const PAPERS = [
  ['driving-licence', 'Giấy phép lái xe', 'Sở Giao thông vận tải Tỉnh Mẫu', 'Đỗ Quốc Huy (mẫu)'],
  ['birth-certificate', 'Giấy khai sinh', 'UBND xã Thanh Bình (mẫu)', 'Hoàng Minh Tuệ (mẫu)'],
  ['transcript', 'Bảng điểm trung học phổ thông', 'Trường THPT Mẫu', 'Vũ Ngọc Ánh (mẫu)'],
  ['diploma', 'Bằng tốt nghiệp trung học phổ thông', 'Sở Giáo dục và Đào tạo Tỉnh Mẫu', 'Vũ Ngọc Ánh (mẫu)'],
  ['marriage-certificate', 'Giấy chứng nhận kết hôn', 'UBND xã Thanh Bình (mẫu)', 'Bùi Thị Hạnh (mẫu)'],
  ['decision', 'Quyết định công nhận tổ hợp tác', 'UBND huyện Mẫu', 'Đặng Văn Lực (mẫu)'],
  ['residence-confirmation', 'Giấy xác nhận cư trú', 'Công an xã Thanh Bình (mẫu)', 'Ngô Thanh Mai (mẫu)'],
  ['course-certificate', 'Chứng chỉ sơ cấp nghề', 'Trường Trung cấp nghề Mẫu', 'Đỗ Quốc Huy (mẫu)'],
] as const

/** How pages come into a draft. */
export type LayPages = (client: Client, copy: CopyItem, paperId: string) => Promise<CopyItem>

/** The practice office's invented papers, to be looked at; drawing them takes seconds. */
export const drawnPapers: LayPages = async (client, copy, paperId) => {
  const told = await toldBy<ScanNews>(observer =>
    client.practice.layPaper.subscribe({ jobId: `lay-${copy.id}`, copy: ref(copy), paperId }, observer),
  )
  const last = told.at(-1)
  if (last?.kind !== 'finished') throw new Error('not finished')
  return last.copy
}

/** Fills the running practice office with copies in every state. */
export function furnish(desk: RunningDesk, lay: LayPages): Promise<Furnished> {
  return throughTheBridge(desk, async client => {
    const as = (role: Role) => workAs(client, role)
    const again = async (id: string): Promise<CopyItem> => (await client.copies.read.query({ copyId: id })).copy
    await as('officer')
    const drafts: CopyItem[] = []
    for (const paper of PAPERS) drafts.push(await lay(client, await received(client, paper), paper[0]))
    const [draft, returned, refused, ...others] = drafts
    if (!draft || !returned || !refused) throw new Error('too few papers')
    await client.copies.refuse.mutate({
      copy: ref(refused),
      ground: 1,
      explanation: 'Bản chính bị tẩy xóa ở phần điểm số.',
    })
    const submitted: CopyItem[] = []
    for (const copy of [returned, ...others])
      submitted.push(
        await client.copies.submit.mutate({ copy: ref(copy), comparedWithOriginal: true, allPagesPresent: true }),
      )
    await as('signer')
    const [back, delivered, sealable, ...waiting] = submitted
    if (!back || !delivered || !sealable || waiting.length < 3) throw new Error('too few papers')
    await client.copies.returnForMending.mutate({ copy: ref(back), reason: 'Ảnh quét mờ, khó đọc' })
    await sign(client, 'signature', [delivered, sealable])
    await as('clerk')
    await sign(client, 'seal', [await again(delivered.id)])
    await soon('the delivery', null, async () => (await again(delivered.id)).state === 'delivered' || undefined)
    await as('officer')
    const empty = await received(client, PAPERS[7])
    return { desk, draft: draft.id, empty: empty.id, refused: refused.id, delivered: delivered.id }
  })
}

const ref = ({ id, version }: CopyItem) => ({ id, version })

async function received(client: Client, [, title, issuer, name]: (typeof PAPERS)[number]): Promise<CopyItem> {
  const { copies } = await client.requests.receive.mutate({
    requester: { name, personalNumber: '099090000017', email: null, phone: null },
    originals: [{ title, kind: title, issuer, copyCount: 2 }],
  })
  const [copy] = copies
  if (!copy) throw new Error('no copy')
  return copy
}

async function sign(client: Client, kind: SignatureKind, copies: readonly CopyItem[]): Promise<void> {
  const told = await toldBy<SigningNews>(observer =>
    client.signing.sign.subscribe(
      { jobId: `furnish-${kind}`, kind, copies: copies.map(ref), pin: PINS[kind] },
      observer,
    ),
  )
  const last = told.at(-1)
  if (last?.kind !== 'finished' || last.failed > 0) throw new Error(`not signed: ${JSON.stringify(told)}`)
}
