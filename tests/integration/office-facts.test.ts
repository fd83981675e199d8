import { describe, expect, it } from 'vitest'
import {
  archiveFacts,
  bookFacts,
  copyFacts,
  deliveryFacts,
  FACTS_OF_EVENTS,
  type Facts,
  type FactsKind,
  foldFacts,
  numberFacts,
  officeFacts,
  pagesFacts,
  personFacts,
  registeredFacts,
  requestFacts,
  seriesFacts,
  settingFacts,
} from '../../electron/office/audit/facts.ts'
import type { AuditEvent } from '../../electron/office/types.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  certified,
  choiceOf,
  OFFICE,
  prepared,
  requestOf,
  sealed,
  signed,
  submitted,
  type TestOffice,
  testOffice,
} from './office-support.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** An office in which everything happens once that changes a row of the register. */
async function busyYear(test: TestOffice): Promise<void> {
  const { office, admin, officer, signer, clerk } = test
  await office.people.setSignatureImage(admin, signer.personId, PNG)
  await office.people.setPassword(admin, clerk.personId, { current: null, next: 'mật khẩu dài' })
  await office.people.change(admin, officer.personId, { name: 'Lê Văn Cương (mẫu)', signerTitle: ['CÔNG CHỨC'] })
  await office.people.setSeal(admin, { certificateSha256: 'ab'.repeat(32), png: PNG })
  await office.people.rename(admin, 'UBND xã Thanh Bình mới (mẫu)')
  await office.people.changeSettings(admin, { claimMinutes: 20 })
  await office.people.setSeal(admin, { certificateSha256: choiceOf(OFFICE).certificate.sha256 })
  const request = await office.requests.receive(officer, requestOf(['Một', 'Hai']))
  const dueAt = new Date(request.dueAt.getTime() + 3_600_000)
  await office.requests.extend(officer, request.id, { dueAt, reason: 'many-pages', writtenAgreement: true })
  await office.copies.refuse(signer, await numbered(test, 'Ba'), 3, 'Bản chính bị tẩy xóa')
  await office.copies.withdraw(officer, await submitted(test, 'Bốn'), 'Không cần nữa')
  await office.copies.returnForMending(clerk, await signed(test, await submitted(test, 'Năm')), 'Thiếu trang')
  await office.register.nextBook(officer)
  const delivered = await certified(test, 'Sáu')
  await office.archive.renew(clerk, delivered.id)
  await office.delivery.run(admin.officeId, {
    name: 'test',
    deliver: async () => ({ receipt: 'H01-1', confirmedAt: test.time.now }),
    cancel: async () => null,
  })
  const wrong = await certified(test, 'Bảy')
  await office.copies.cancel(signer, wrong, { number: '12/QĐ-UBND', date: '2026-11-20' })
  const late = await numbered(test, 'Tám')
  test.time.now = new Date('2026-11-21T02:00:00Z')
  await prepared(test, await office.copies.read(officer, late.id))
  test.time.now = new Date('2026-11-22T02:00:00Z')
  await sealed(test, await signed(test, await submitted(test, 'Chín')))
}

/** Submitted, its number taken. */
async function numbered(test: TestOffice, title: string) {
  const copy = await submitted(test, title)
  await prepared(test, copy)
  return test.office.copies.read(test.officer, copy.id)
}

function told(events: readonly AuditEvent[], kind: FactsKind, key: (event: AuditEvent) => boolean, row: Facts): Facts {
  const kinds: Readonly<Record<string, readonly FactsKind[]>> = FACTS_OF_EVENTS
  const about = events.filter(event => kinds[event.action]?.includes(kind) && key(event))
  return foldFacts(
    Object.keys(row),
    about.map(event => event.data),
  )
}

type Table = 'office' | 'person' | 'setting' | 'request' | 'copy' | 'certification_number' | 'book' | 'archive'

const all = (test: TestOffice, table: Table) => test.parts.store.reader.selectFrom(table).selectAll().execute()

describe('what stands in the register', () => {
  it('is what its events say, row by row and fact by fact', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    await busyYear(test)
    const { reader } = test.parts.store
    const events = await test.office.audit.events(test.admin, 0, 10_000)
    const about = (subject: string) => (event: AuditEvent) => event.subject === subject
    const said: Facts[] = []
    const stands: Facts[] = []
    const compare = (kind: FactsKind, key: (event: AuditEvent) => boolean, row: Facts) => {
      said.push(told(events, kind, key, row))
      stands.push(row)
    }
    for (const row of await reader.selectFrom('office').selectAll().execute()) {
      compare('office', about(row.office_id), officeFacts(row))
    }
    for (const row of await reader.selectFrom('person').selectAll().execute()) {
      compare('person', about(row.person_id), personFacts(row))
    }
    for (const row of await reader.selectFrom('setting').selectAll().execute()) {
      compare('setting', about(row.name), settingFacts(row))
    }
    for (const row of await reader.selectFrom('request').selectAll().execute()) {
      compare('request', about(row.request_id), requestFacts(row))
    }
    for (const row of await reader.selectFrom('copy').selectAll().execute()) {
      compare('copy', about(row.copy_id), copyFacts(row))
      const pages = await reader
        .selectFrom('page')
        .selectAll()
        .where('copy_id', '=', row.copy_id)
        .orderBy('position')
        .execute()
      if (pages.length > 0) compare('pages', about(row.copy_id), pagesFacts(pages))
    }
    for (const row of await reader.selectFrom('certification_number').selectAll().execute()) {
      const key = ({ data }: AuditEvent) =>
        data['kind'] === row.kind && data['year'] === row.year && data['number'] === row.number
      compare('number', key, numberFacts(row))
    }
    for (const row of await reader.selectFrom('book').selectAll().execute()) {
      compare('book', about(row.book_id), bookFacts(row))
    }
    for (const row of await reader.selectFrom('archive').selectAll().execute()) {
      compare('archive', about(row.copy_id), archiveFacts(row))
    }
    for (const row of await reader.selectFrom('outbox').selectAll().execute()) {
      compare('delivery', about(row.copy_id), deliveryFacts(row))
    }
    expect(said).toEqual(stands)
    expect(stands.length).toBeGreaterThan(40)
  })

  it('is closed with the year, as the event says', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path, {}, new Date('2026-12-31T02:00:00Z'))
    await certified(test)
    const carried = await numbered(test, 'Chưa ký')
    await test.office.register.closeYear(test.signer, 2026)
    const events = await test.office.audit.events(test.admin, 0, 10_000)
    const row = await test.parts.store.reader.selectFrom('number_series').selectAll().executeTakeFirstOrThrow()
    const closing = ({ data }: AuditEvent) => data['kind'] === row.kind && data['year'] === row.year
    expect(told(events, 'series', closing, seriesFacts(row))).toEqual(seriesFacts(row))
    const copies = await test.parts.store.reader.selectFrom('copy').selectAll().execute()
    for (const copy of copies) {
      const about = (event: AuditEvent) => event.subject === copy.copy_id
      expect(told(events, 'copy', about, copyFacts(copy))).toEqual(copyFacts(copy))
    }
    expect(copies.find(copy => copy.copy_id === carried.id)?.content).toBeNull()
  })

  it('says of requester and title what they were when the number was given', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const { id, requestId } = await certified(test)
    const { reader } = test.parts.store
    const copy = await reader.selectFrom('copy').selectAll().where('copy_id', '=', id).executeTakeFirstOrThrow()
    const request = await reader
      .selectFrom('request')
      .selectAll()
      .where('request_id', '=', requestId)
      .executeTakeFirstOrThrow()
    const fixed = (await test.office.audit.events(test.admin)).find(event => event.action === 'content-fixed')
    expect(fixed?.data).toMatchObject(registeredFacts(request, copy))
  })
})

/** Columns that name their row, or that nothing certified hangs on: claims, versions, what is made anew from other columns. */
const NO_FACTS: Readonly<Record<Table, readonly string[]>> = {
  office: ['office_id'],
  person: ['office_id', 'person_id', 'wrong_passwords'],
  setting: ['office_id', 'name'],
  request: ['office_id', 'request_id'],
  copy: ['office_id', 'copy_id', 'version', 'claimed_by', 'claimed_until', 'search_text'],
  certification_number: ['office_id'],
  book: ['office_id', 'book_id'],
  archive: ['office_id', 'copy_id'],
}

const FACTS = {
  office: officeFacts,
  person: personFacts,
  setting: settingFacts,
  request: requestFacts,
  copy: copyFacts,
  certification_number: numberFacts,
  book: bookFacts,
  archive: archiveFacts,
} as const

it.each(Object.keys(FACTS) as Table[])('no column of %s can be changed without its facts changing', async table => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  await busyYear(test)
  const [row] = await all(test, table)
  if (!row) throw new Error('no row')
  const factsOf = FACTS[table] as (row: object) => Facts
  const columns = Object.keys(row).filter(column => !NO_FACTS[table].includes(column))
  const unguarded = columns.filter(column => {
    const was: unknown = Reflect.get(row, column)
    const other = { ...row, [column]: typeof was === 'number' ? was + 1 : `${was ?? ''}x` }
    return JSON.stringify(factsOf(other)) === JSON.stringify(factsOf(row))
  })
  expect(unguarded).toEqual([])
})
