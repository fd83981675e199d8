import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Checkpoint, Parcel } from '../../../electron/portal/adapter.ts'
import { createManualPackageAdapter } from '../../../electron/portal/manual-package.ts'
import { metadataCsv, packageFileName, packageName } from '../../../electron/portal/package-metadata.ts'
import { attempt } from '../../support/delivery-attempt.ts'

let folder: string
let parcel: Parcel
const now = new Date('2026-11-20T02:00:00.000Z')
const packages = () => join(folder, 'packages')
const adapter = (clock = () => now) => createManualPackageAdapter({ directory: packages(), clock })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manual-package-test-'))
  const path = join(folder, 'sealed.pdf')
  const bytes = Buffer.from('%PDF-1.7 sealed')
  writeFileSync(path, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  parcel = {
    copyId: 'copy-1',
    title: 'Bằng tốt nghiệp (mẫu)',
    number: '07',
    book: '01/2026-SCT/BS',
    requester: { name: 'Nguyễn Thị Mẫu', personalNumber: null, email: 'mau@example.test', phone: null },
    receivedAt: now,
    signedAt: now,
    sealedAt: now,
    dueAt: now,
    officerName: 'Trần Văn Thử (mẫu)',
    signerName: 'Lê Thị Ký (mẫu)',
    file: {
      path,
      sha256,
      bytes: bytes.length,
      name: 'Bản sao: Bằng tốt nghiệp/đại học (mẫu) – năm 2026, quyển số 01.pdf',
    },
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('what can go wrong', () => {
  test('a file changed since it was sealed is not packed, and nothing half-made stays', async () => {
    writeFileSync(parcel.file.path, 'changed')
    await expect(adapter().deliver(parcel, attempt())).rejects.toMatchObject({ code: 'parcel-file-changed' })
    expect(readdirSync(packages())).toEqual([])
  })

  test('a file that is gone is named as the trouble, not the folder', async () => {
    rmSync(parcel.file.path)
    await expect(adapter().deliver(parcel, attempt())).rejects.toMatchObject({ code: 'parcel-file-missing' })
  })

  test('what a kill left behind is swept away', async () => {
    const partial = join(packages(), `.${packageName(parcel)}.partial`)
    mkdirSync(partial, { recursive: true })
    writeFileSync(join(partial, 'half.pdf'), '%PD')
    const { receipt } = await adapter().deliver(parcel, attempt())
    expect(readdirSync(packages())).toEqual([receipt])
    expect(readdirSync(join(packages(), receipt)).sort()).toEqual(
      ['metadata.csv', 'metadata.json', packageFileName(parcel)].sort(),
    )
  })

  test('a package whose PDF was changed, or a foreign folder of that name, is not taken for ours', async () => {
    const { receipt } = await adapter().deliver(parcel, attempt())
    writeFileSync(join(packages(), receipt, packageFileName(parcel)), 'changed')
    await expect(adapter().deliver(parcel, attempt())).rejects.toMatchObject({
      code: 'package-conflict',
      retriable: false,
    })
    rmSync(join(packages(), receipt, 'metadata.json'))
    await expect(adapter().deliver(parcel, attempt())).rejects.toMatchObject({ code: 'package-conflict' })
  })

  test('a place that is no folder', async () => {
    writeFileSync(packages(), 'a file')
    await expect(adapter().deliver(parcel, attempt())).rejects.toMatchObject({
      code: 'package-folder-unwritable',
      retriable: false,
    })
  })
})

describe('the package', () => {
  test('asked again, even much later, it is the same package with the same time', async () => {
    const checkpoints: Checkpoint[] = []
    const first = await adapter().deliver(
      parcel,
      attempt({}, async c => void checkpoints.push(c)),
    )
    const later = adapter(() => new Date('2027-01-01T00:00:00.000Z'))
    expect(await later.deliver(parcel, attempt())).toEqual(first)
    expect(readdirSync(packages())).toEqual([first.receipt])
    expect(checkpoints).toEqual([{ package: first.receipt, confirmedAt: now.toISOString() }])
  })

  test("the PDF is byte for byte the sealed one, and no name tells the citizen's name", async () => {
    const { receipt } = await adapter().deliver(parcel, attempt())
    const file = packageFileName(parcel)
    expect(readFileSync(join(packages(), receipt, file))).toEqual(readFileSync(parcel.file.path))
    expect(receipt).toMatch(/^01-2026-SCT-BS-so-07-[0-9a-f]{12}$/)
    expect(file).toBe('Ban-sao-Bang-tot-nghiep-dai-hoc-mau-nam-2026-q.pdf')
    const metadata: unknown = JSON.parse(readFileSync(join(packages(), receipt, 'metadata.json'), 'utf8'))
    expect(metadata).toMatchObject({
      ChuHoSo: 'Nguyễn Thị Mẫu',
      SoDinhDanh: '',
      NgayKyChungThuc: '2026-11-20 09:00:00',
    })
  })

  test('every name is one that every system takes, at most 50 characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), name => {
        expect(packageFileName({ ...parcel, file: { ...parcel.file, name } })).toMatch(
          /^[A-Za-z0-9][A-Za-z0-9.-]{0,45}\.pdf$/,
        )
      }),
    )
  })

  test('a spreadsheet shows the values and runs none', () => {
    expect(metadataCsv({ Ten: '=HYPERLINK("x")', So: 'a,"b"' })).toBe(
      '\uFEFF"Ten","So"\r\n"\'=HYPERLINK(""x"")","a,""b"""\r\n',
    )
  })
})
