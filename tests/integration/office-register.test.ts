import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { registerRows } from '../../electron/office/register/rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  certified,
  closedUntil,
  pageFile,
  prepared,
  requestOf,
  sealed,
  signed,
  submitted,
  type TestOffice,
  testOffice,
} from './office-support.ts'

const fails = (code: string) => expect.objectContaining({ code })
const at = (text: string): Date => new Date(text)

/** Numbers of a year as "01", "02 void" … */
async function numbers(test: TestOffice, year: number): Promise<string[]> {
  const rows = await registerRows(test.parts.store.reader, test.admin.officeId, { year })
  return rows.map(row => (row.state === 'void' ? `${row.number} void` : row.number))
}

describe('numbers', () => {
  it('run on over books, and start at 01 in the new year of Vietnam', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    await certified(test)
    await certified(test)
    expect((await test.office.register.nextBook(test.officer)).label).toBe('02/2026-SCT/BS')
    expect((await certified(test)).certification).toMatchObject({ number: '03', book: '02/2026-SCT/BS' })
    await closedUntil(test, at('2026-12-31T16:59:59Z'))
    expect((await certified(test)).certification).toMatchObject({ number: '04', date: '2026-12-31' })
    test.time.now = at('2026-12-31T17:00:00Z')
    const copy = await submitted(test)
    await expect(prepared(test, copy)).rejects.toMatchObject({ code: 'no-open-book', parameters: { year: 2027 } })
    await test.office.register.openBook(test.officer)
    expect((await signed(test, copy)).certification).toEqual({
      number: '01',
      book: '01/2027-SCT/BS',
      date: '2027-01-01',
    })
    expect(await numbers(test, 2026)).toEqual(['01', '02', '03', '04'])
  })

  it('are one per original, not per visitor', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const { office, officer } = test
    const request = await office.requests.receive(
      officer,
      requestOf(['Giấy khai sinh', 'Bằng tốt nghiệp', 'Sổ hộ khẩu']),
    )
    const given: (string | undefined)[] = []
    for (const draft of request.copies) {
      const scanned = await office.copies.addPages(officer, draft, [await pageFile(folder.path, draft.title)])
      const copy = await office.copies.submit(officer, scanned, { comparedWithOriginal: true, allPagesPresent: true })
      given.push((await signed(test, copy)).certification?.number)
    }
    expect(given).toEqual(['01', '02', '03'])
  })

  it('stay with their copy over failed signatures and over mending', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await submitted(test)
    const first = await prepared(test, copy)
    const again = await prepared(test, first.copy)
    expect([again.number, again.copy.version]).toEqual([first.number, first.copy.version])
    expect(again.toBeSigned.inputSha256).toBe(first.toBeSigned.inputSha256)

    const back = await test.office.copies.returnForMending(test.signer, again.copy, 'Trang 1 mờ')
    await certified(test, 'Bản khác')
    const mended = await test.office.copies.addPages(test.officer, back, [await pageFile(folder.path, 'rõ hơn')])
    const resubmitted = await test.office.copies.submit(test.officer, mended, {
      comparedWithOriginal: true,
      allPagesPresent: true,
    })
    const done = await signed(test, resubmitted)
    expect(done.certification?.number).toBe('01')
    expect(done.composedSha256).not.toBe(first.toBeSigned.inputSha256)
    expect(await numbers(test, 2026)).toEqual(['01', '02'])
  })

  it('become void with their reason, and are never given again', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const refused = await prepared(test, await submitted(test, 'Bị từ chối'))
    const withdrawn = await prepared(test, await submitted(test, 'Bị rút'))
    await test.office.copies.refuse(test.signer, refused.copy, 3, 'Đóng dấu mật')
    await test.office.copies.withdraw(test.officer, withdrawn.copy, 'Không cần nữa')
    expect((await certified(test)).certification?.number).toBe('03')
    const rows = await test.office.register.rows(test.officer, '2026-11-01', '2026-11-30')
    expect(rows.map(({ number, state, note, fee, copyCount }) => ({ number, state, note, fee, copyCount }))).toEqual([
      { number: '01', state: 'void', note: 'Hủy số: hồ sơ bị từ chối chứng thực', fee: 0, copyCount: 0 },
      { number: '02', state: 'void', note: 'Hủy số: người yêu cầu rút hồ sơ', fee: 0, copyCount: 0 },
      { number: '03', state: 'certified', note: '', fee: 2000, copyCount: 1 },
    ])
  })

  it('carried over the year’s end are void, and the copy takes one of the new year', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const start = await prepared(test, await submitted(test))
    const returned = await submitted(test, 'Đã ký, bị trả lại')
    const back = await test.office.copies.returnForMending(test.clerk, await signed(test, returned), 'Sai trang')
    await closedUntil(test, at('2027-01-04T02:00:00Z'))
    await test.office.register.openBook(test.officer)
    expect((await signed(test, start.copy)).certification).toMatchObject({ number: '01', book: '01/2027-SCT/BS' })
    const again = await test.office.copies.submit(test.officer, back, {
      comparedWithOriginal: true,
      allPagesPresent: true,
    })
    expect((await signed(test, again)).certification).toMatchObject({ number: '02', book: '01/2027-SCT/BS' })
    expect(await numbers(test, 2026)).toEqual(['01 void', '02 void'])
  })

  it('are not taken without an open book, nor by a clock that went back', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await submitted(test)
    const now = test.time.now
    test.time.now = new Date(now.getTime() - 3 * 60_000)
    await expect(prepared(test, copy)).rejects.toEqual(fails('clock-went-back'))
    test.time.now = new Date(now.getTime() - 60_000)
    expect((await prepared(test, copy)).number).toBe('01')
    test.time.now = now
    await test.office.register.closeBook(test.officer)
    await expect(prepared(test, await submitted(test))).rejects.toEqual(fails('no-open-book'))
    expect(await numbers(test, 2026)).toEqual(['01'])
  })

  it('can be taken again once an administrator vouches for a clock that had run ahead', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await submitted(test)
    const now = test.time.now
    await closedUntil(test, at('2036-01-01T00:00:00Z'))
    await test.office.requests.receive(test.officer, requestOf())
    test.time.now = now
    await expect(prepared(test, copy)).rejects.toEqual(fails('clock-went-back'))
    await test.office.audit.acceptClock(test.admin, 'Máy chạy sai giờ')
    expect((await prepared(test, copy)).number).toBe('01')
    expect(await test.office.audit.verify(test.admin)).toMatchObject({ intact: true })
  })

  it('taken by two processes, 500 each, are 1000 distinct and continuous', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const page = await pageFile(folder.path)
    const pageSha256 = await test.parts.blobs.putFile(page.path)
    for (let round = 0; round < 5; round += 1) {
      await test.office.requests.receive(
        test.officer,
        requestOf(Array.from({ length: 200 }, (_, n) => `Giấy ${n + 1}`)),
      )
    }
    await test.parts.store.write(async writer => {
      await writer.updateTable('copy').set({ state: 'submitted', original_pages: 1, fee: 2000 }).execute()
      for (const { copy_id } of await writer.selectFrom('copy').select('copy_id').execute()) {
        const common = { media_type: 'image/jpeg', width_px: 10, height_px: 10, dpi: 200, rotation: 0 } as const
        await writer
          .insertInto('page')
          .values({
            ...common,
            office_id: test.admin.officeId,
            copy_id,
            page_id: 'p',
            position: 1,
            blob_sha256: pageSha256,
          })
          .execute()
      }
    })
    const copies = await test.office.copies.list(test.signer, { states: ['submitted'] })
    const script = join(import.meta.dirname, 'office-numbers-process.ts')
    const exits = [0, 1].map(async half => {
      const ids = copies.filter((_, index) => index % 2 === half).map(copy => copy.id)
      const child = fork(script, [folder.path, test.signer.officeId, test.signer.personId])
      child.send(ids)
      const [code] = await once(child, 'exit')
      return [ids.length, code]
    })
    expect(await Promise.all(exits)).toEqual([
      [500, 0],
      [500, 0],
    ])
    const rows = await test.parts.store.reader
      .selectFrom('certification_number')
      .select(['number', 'copy_id'])
      .orderBy('number')
      .execute()
    expect(rows.map(row => row.number)).toEqual(Array.from({ length: 1000 }, (_, index) => index + 1))
    expect(new Set(rows.map(row => row.copy_id)).size).toBe(1000)
    expect(await test.office.audit.verify(test.admin)).toMatchObject({ brokenAt: null })
  })
})

it('a number taken by a clock that ran ahead into the next year is void for that reason', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const { register, audit } = test.office
  await closedUntil(test, at('2027-01-04T03:00:00Z'))
  await register.openBook(test.officer)
  const copy = await submitted(test)
  await prepared(test, copy)
  test.time.now = at('2026-11-20T03:00:00Z')
  await audit.acceptClock(test.admin, 'Máy chạy sai giờ')
  await prepared(test, await test.office.copies.read(test.signer, copy.id))
  expect((await register.rows(test.officer, '2026-01-01', '2027-12-31')).map(row => [row.number, row.note])).toEqual([
    ['01', 'Đang xử lý'],
    ['01', 'Hủy số: số của năm khác được lấy do đồng hồ máy chạy sai, lấy lại số của năm này'],
  ])
})

describe('books', () => {
  it('are open one at a time, and none is opened in a closed year', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const { register } = test.office
    await expect(register.openBook(test.officer)).rejects.toEqual(fails('book-already-open'))
    await certified(test)
    expect(await register.closeBook(test.officer)).toMatchObject({ firstNumber: 1, lastNumber: 1 })
    await expect(register.closeBook(test.officer)).rejects.toEqual(fails('no-open-book'))
    await register.openBook(test.officer)
    await closedUntil(test, at('2026-12-31T03:00:00Z'))
    await register.closeYear(test.signer, 2026)
    await expect(register.openBook(test.officer)).rejects.toEqual(fails('year-closed'))
    expect((await register.books(test.officer)).map(book => [book.label, book.closedAt !== null])).toEqual([
      ['01/2026-SCT/BS', true],
      ['02/2026-SCT/BS', true],
    ])
  })

  it('carry the symbol of the office’s settings', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    await test.office.people.changeSettings(test.admin, { bookSymbol: 'SCTĐT/BS' })
    expect((await test.office.register.nextBook(test.officer)).label).toBe('02/2026-SCTĐT/BS')
  })

  it('close with a count in which every number is explained', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const { office } = test
    await certified(test, 'Một')
    const wrong = await certified(test, 'Hai')
    await office.copies.cancel(test.signer, wrong, { number: '05/QĐ-UBND', date: '2026-11-20' })
    await prepared(test, await submitted(test, 'Ba'))
    const unsealed = await signed(test, await submitted(test, 'Bốn'))
    await expect(office.register.closeYear(test.signer, 2026)).rejects.toEqual(fails('year-not-over'))
    await closedUntil(test, at('2026-12-31T01:00:00Z'))
    await expect(office.register.closeYear(test.signer, 2026)).rejects.toMatchObject({
      code: 'year-unfinished',
      parameters: { count: 1 },
    })
    await sealed(test, unsealed)
    const count = await office.register.closeYear(test.signer, 2026)
    expect(count).toEqual({
      year: 2026,
      numbers: 4,
      certified: 3,
      cancelled: 1,
      voided: 1,
      pending: 0,
      copies: 3,
      fees: 6000,
    })
    expect(await office.register.countYear(test.admin, 2026)).toEqual(count)
    await expect(office.register.closeYear(test.signer, 2026)).rejects.toEqual(fails('year-closed'))
    const notes = (await office.register.rows(test.officer, '2026-01-01', '2026-12-31')).map(row => row.note)
    expect(notes).toEqual([
      '',
      'Đã hủy bỏ theo Quyết định số 05/QĐ-UBND ngày 2026-11-20',
      'Hủy số: hết năm chưa chứng thực, lấy số của năm mới',
      '',
    ])
  })
})
