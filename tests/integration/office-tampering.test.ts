import { copyFileSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createOffice } from '../../electron/office/office.ts'
import type { AuditVerdict, KnownHead } from '../../electron/office/types.ts'
import { HEAD_FILE } from '../../electron/store/store.ts'
import { rechain } from '../support/rechained.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  certified,
  prepared,
  requestOf,
  signed,
  submitted,
  type TestOffice,
  testOffice,
  testParts,
} from './office-support.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const unanswered = async () => {
  throw new Error('no answer')
}

/**
 * Every kind of row there is: copies 01 to 03 delivered, sealed and cancelled, 04 void, 05 signed, 06 archived, 07 cancelled while its delivery
 * was tried; a draft; anchors between.
 */
async function workedOffice(test: TestOffice): Promise<void> {
  const { office, admin, officer, signer, clerk } = test
  await office.people.setSignatureImage(admin, signer.personId, PNG)
  await office.people.changeSettings(admin, { claimMinutes: 20 })
  await certified(test, 'Một')
  await office.delivery.run(admin.officeId, {
    name: 'test',
    deliver: async () => ({ receipt: 'H01-1', confirmedAt: test.time.now }),
    cancel: async () => null,
  })
  await office.audit.anchor(admin.officeId, 'asked')
  await certified(test, 'Hai')
  await office.copies.cancel(signer, await certified(test, 'Ba'), { number: '12/QĐ-UBND', date: '2026-11-20' })
  const returned = await submitted(test, 'Bốn')
  await prepared(test, returned)
  await office.copies.withdraw(officer, await office.copies.read(officer, returned.id), 'Không cần nữa')
  await signed(test, await submitted(test, 'Năm'))
  await office.archive.renew(clerk, (await certified(test, 'Sáu')).id)
  await office.requests.receive(officer, requestOf(['Bảy']))
  const tried = await certified(test, 'Tám')
  await office.delivery.run(
    admin.officeId,
    { name: 'test', deliver: unanswered, cancel: unanswered },
    { copyId: tried.id },
  )
  await office.copies.cancel(signer, await office.copies.read(signer, tried.id), {
    number: '13/QĐ-UBND',
    date: '2026-11-20',
  })
  test.time.now = new Date('2026-11-23T02:00:00Z')
  await office.audit.anchor(admin.officeId, 'daily')
}

/** Somebody with the office's files in hand. */
interface Hand {
  readonly folder: string
  readonly database: SqliteDatabase.Database
  /** One value of the database. */
  one(sql: string): string
  blob(sha256: string): string
  /** A copy's id by its number. */
  copy(number: number): string
}

const text = z.union([z.string(), z.number()]).transform(String)

function handOn(folder: string): Hand {
  const database = new SqliteDatabase(join(folder, 'office.sqlite'))
  database.pragma('foreign_keys = OFF')
  const guards = z
    .array(z.string())
    .parse(database.prepare("select name from sqlite_schema where type = 'trigger'").pluck().all())
  const triggers = z
    .array(z.string())
    .parse(database.prepare("select sql from sqlite_schema where type = 'trigger'").pluck().all())
  // Whoever can write to the file takes the fence down, does the deed and puts it up again.
  for (const guard of guards) database.exec(`drop trigger ${guard}`)
  const close = database.close.bind(database)
  database.close = () => {
    for (const trigger of triggers) database.exec(trigger)
    return close()
  }
  const one = (sql: string): string => text.parse(database.prepare(sql).pluck().get())
  return {
    folder,
    database,
    one,
    blob: sha256 => join(folder, 'blobs', sha256.slice(0, 2), sha256),
    copy: number => one(`select copy_id from certification_number where number = ${number}`),
  }
}

interface Tampering {
  readonly kind: string
  readonly deed: (hand: Hand) => void
  /** Codes of which one must be found. */
  readonly found: readonly string[]
  /** What the sentence's parameters must name. */
  readonly names?: Readonly<Record<string, string | number>>
}

const sql =
  (statement: string) =>
  ({ database }: Hand): void => {
    if (database.prepare(statement).run().changes === 0) throw new Error(`nothing was changed by: ${statement}`)
  }

const ofNumber = (number: number) => `(select copy_id from certification_number where number = ${number})`

const differs = (row: string, field: string) => ({ found: ['audit-row-differs'], names: { row, field } })
const second = '02 (01/2026-SCT/BS)'

const TAMPERINGS: readonly Tampering[] = [
  // events
  {
    kind: 'an event’s actor changed',
    deed: sql('update audit_event set actor_id = null where sequence = 3'),
    found: ['audit-event-broken'],
    names: { sequence: 3 },
  },
  {
    kind: 'an event’s facts changed',
    deed: sql(`update audit_event set data = '{"number":9}' where sequence = 20`),
    found: ['audit-event-broken'],
    names: { sequence: 20 },
  },
  {
    kind: 'an event’s facts made unreadable',
    deed: sql(`update audit_event set data = 'không phải JSON' where sequence = 4`),
    found: ['audit-event-broken'],
    names: { sequence: 4 },
  },
  {
    kind: 'an event’s time changed',
    deed: sql(`update audit_event set at = '2026-11-01T00:00:00.000Z' where sequence = 20`),
    found: ['audit-event-broken'],
    names: { sequence: 20 },
  },
  {
    kind: 'an event removed from the middle',
    deed: sql('delete from audit_event where sequence = 15'),
    found: ['audit-event-broken'],
    names: { sequence: 15 },
  },
  {
    kind: 'the last four events removed',
    deed: sql('delete from audit_event where sequence > (select max(sequence) - 4 from audit_event)'),
    found: ['audit-head-differs'],
  },
  {
    kind: 'the last four events removed and the recorded end set back',
    deed: hand => {
      sql('delete from audit_event where sequence > (select max(sequence) - 4 from audit_event)')(hand)
      sql(
        'update audit_head set (sequence, hash) = (select sequence, hash from audit_event order by sequence desc limit 1)',
      )(hand)
    },
    found: ['audit-row-unknown', 'audit-row-differs', 'audit-anchor-unknown'],
  },
  {
    kind: 'two events exchanged',
    deed: ({ database }) =>
      database.exec(`update audit_event set sequence = -1 where sequence = 10; update audit_event set sequence = 10 where sequence = 11;
        update audit_event set sequence = 11 where sequence = -1`),
    found: ['audit-event-broken'],
  },
  {
    kind: 'an event’s actor changed and the chain hashed anew',
    deed: ({ database }) => {
      database.exec('update audit_event set actor_id = null where sequence = 14')
      rechain(database)
    },
    found: ['audit-page-chain', 'audit-anchor-differs'],
  },
  {
    kind: 'an event put in and the chain hashed anew',
    deed: ({ database }) => {
      database.exec(`update audit_event set sequence = -sequence where sequence >= 12;
        update audit_event set sequence = 1 - sequence where sequence < 0;
        insert into audit_event select office_id, 12, at, actor_id, 'delivery-retried', subject, '{}', '', '' from audit_event where sequence = 11`)
      rechain(database)
    },
    found: ['audit-page-chain'],
  },
  {
    kind: 'the clock moved back in all events and the chain hashed anew',
    deed: ({ database }) => {
      database.exec(`update audit_event set at = replace(at, '2026-11-20', '2026-11-19')`)
      rechain(database)
    },
    found: ['audit-page-chain', 'audit-anchor-differs'],
  },
  {
    kind: 'an event that never was, added at the end',
    deed: ({ database }) => {
      database.exec(`insert into audit_event select office_id, sequence + 1, at, null, 'copy-deliver', subject, '{"state":"delivered"}', hash, 'ab'
        from audit_event order by sequence desc limit 1`)
    },
    found: ['audit-event-broken', 'audit-head-differs'],
  },
  {
    kind: 'the recorded end changed',
    deed: sql(`update audit_head set hash = '${'ab'.repeat(32)}'`),
    found: ['audit-head-differs'],
  },
  // numbers
  {
    kind: 'a number changed to another',
    deed: sql('update certification_number set number = 99 where number = 4'),
    found: ['audit-row-missing'],
    names: { kind: 'number' },
  },
  {
    kind: 'a number’s row deleted',
    deed: sql('delete from certification_number where number = 4'),
    found: ['audit-row-missing'],
    names: { kind: 'number' },
  },
  {
    kind: 'a number that was never taken',
    deed: ({ database }) =>
      database.exec(
        'insert into certification_number select office_id, kind, year, 50, book_id, copy_id, state, void_reason, taken_at, day from certification_number where number = 4',
      ),
    found: ['audit-row-unknown'],
    names: { kind: 'number' },
  },
  {
    kind: 'two numbers exchanged',
    deed: ({ database }) =>
      database.exec(
        'update certification_number set number = -1 where number = 1; update certification_number set number = 1 where number = 2; update certification_number set number = 2 where number = -1',
      ),
    found: ['audit-row-differs'],
    names: { field: 'copyId' },
  },
  {
    kind: 'a void number made used',
    deed: sql(`update certification_number set state = 'used', void_reason = null where number = 4`),
    found: ['audit-row-differs'],
    names: { field: 'numberState' },
  },
  {
    kind: 'a used number made void',
    deed: sql(`update certification_number set state = 'void', void_reason = 'refused' where number = 2`),
    found: ['audit-row-differs'],
    names: { field: 'numberState' },
  },
  {
    kind: 'the reason of a void number changed',
    deed: sql(`update certification_number set void_reason = 'refused' where number = 4`),
    found: ['audit-row-differs'],
    names: { field: 'voidReason' },
  },
  {
    kind: 'the day of a number changed',
    deed: sql(`update certification_number set day = '2026-11-18' where number = 2`),
    ...differs(second, 'day'),
  },
  {
    kind: 'the series set back to 1',
    deed: sql('update number_series set last_number = 1'),
    found: ['audit-row-differs'],
    names: { kind: 'series', field: 'lastNumber' },
  },
  {
    kind: 'the series removed',
    deed: sql('delete from number_series'),
    found: ['audit-row-missing'],
    names: { kind: 'series' },
  },
  { kind: 'a book removed', deed: sql('delete from book'), found: ['audit-row-missing'], names: { kind: 'book' } },
  {
    kind: 'a book’s label changed',
    deed: sql(`update book set label = '02/2026-SCT/BS'`),
    found: ['audit-row-differs'],
    names: { kind: 'book', field: 'book' },
  },
  {
    kind: 'a second book put in',
    deed: ({ database }) =>
      database.exec(
        `insert into book select office_id, 'other', kind, year, 2, '02/2026-SCT/BS', opened_at, opened_by, opened_at, opened_by from book`,
      ),
    found: ['audit-row-unknown'],
    names: { kind: 'book' },
  },
  // copies
  {
    kind: 'a whole sealed copy removed with all its rows',
    deed: ({ database, copy }) => {
      const id = copy(2)
      for (const table of ['outbox', 'exchange', 'page', 'archive', 'certification_number', 'copy'])
        database.prepare(`delete from ${table} where copy_id = ?`).run(id)
    },
    found: ['audit-row-missing'],
    names: { kind: 'copy' },
  },
  {
    kind: 'a whole sealed copy removed with rows, files and events, and the chain hashed anew',
    deed: hand => {
      const id = hand.copy(2)
      rmSync(hand.blob(hand.one(`select sealed_sha256 from copy where copy_id = '${id}'`)))
      for (const table of ['outbox', 'exchange', 'page', 'archive', 'certification_number', 'copy'])
        hand.database.prepare(`delete from ${table} where copy_id = ?`).run(id)
      hand.database.prepare('delete from audit_event where subject = ?').run(id)
      rechain(hand.database)
    },
    found: ['audit-page-chain'],
  },
  {
    kind: 'a copy that never was',
    deed: ({ database }) =>
      database.exec(
        `insert into copy select office_id, 'other', request_id, 9, version, 'draft', title, kind, issuer, copy_count, null, null, null, null, null, null, officer_id, null, null, null, null, null, null, null, null, null, null, null, null, search_text from copy limit 1`,
      ),
    found: ['audit-row-unknown'],
    names: { kind: 'copy' },
  },
  {
    kind: 'a delivered copy back to draft',
    deed: sql(`update copy set state = 'draft' where copy_id = ${ofNumber(1)}`),
    ...differs('01 (01/2026-SCT/BS)', 'state'),
  },
  {
    kind: 'a cancelled copy back to delivered',
    deed: sql(`update copy set state = 'delivered' where copy_id = ${ofNumber(3)}`),
    ...differs('03 (01/2026-SCT/BS)', 'state'),
  },
  {
    kind: 'a sealed copy marked as delivered',
    deed: sql(`update copy set state = 'delivered' where copy_id = ${ofNumber(2)}`),
    ...differs(second, 'state'),
  },
  {
    kind: 'a copy’s title changed',
    deed: sql(`update copy set title = 'Khác' where copy_id = ${ofNumber(2)}`),
    ...differs(second, 'titleSha256'),
  },
  {
    kind: 'a copy’s issuer changed',
    deed: sql(`update copy set issuer = 'Khác' where copy_id = ${ofNumber(2)}`),
    ...differs(second, 'issuerSha256'),
  },
  {
    kind: 'a copy’s fee changed',
    deed: sql(`update copy set fee = 0 where copy_id = ${ofNumber(2)}`),
    ...differs(second, 'fee'),
  },
  {
    kind: 'a copy’s signer changed',
    deed: sql(`update copy set signer_id = clerk_id where copy_id = ${ofNumber(2)}`),
    ...differs(second, 'signerId'),
  },
  {
    kind: 'the time of a seal changed',
    deed: sql(`update copy set sealed_at = '2026-11-19T02:00:00.000Z' where copy_id = ${ofNumber(2)}`),
    ...differs(second, 'sealedAt'),
  },
  {
    kind: 'a decision’s date changed',
    deed: sql(`update copy set decision_date = '2026-11-21' where copy_id = ${ofNumber(3)}`),
    ...differs('03 (01/2026-SCT/BS)', 'decisionDate'),
  },
  {
    kind: 'what was signed changed',
    deed: sql(
      `update copy set content = replace(content, '"number":"02"', '"number":"07"') where copy_id = ${ofNumber(2)}`,
    ),
    ...differs(second, 'contentTextSha256'),
  },
  {
    kind: 'the sealed files of two copies exchanged',
    deed: ({ database, copy, one }) => {
      const [first, other] = [copy(1), copy(2)]
      const files = [first, other].map(id => one(`select sealed_sha256 from copy where copy_id = '${id}'`))
      database.prepare('update copy set sealed_sha256 = ? where copy_id = ?').run(files[1], first)
      database.prepare('update copy set sealed_sha256 = ? where copy_id = ?').run(files[0], other)
    },
    ...differs(second, 'sealedSha256'),
  },
  {
    kind: 'two copies exchanged, in rows and events, and the chain hashed anew',
    deed: ({ database, copy, one }) => {
      const [first, other] = [copy(1), copy(2)].map(id => one(`select sealed_sha256 from copy where copy_id = '${id}'`))
      database.exec(`update copy set sealed_sha256 = case sealed_sha256 when '${first}' then '${other}' when '${other}' then '${first}' else sealed_sha256 end;
        update audit_event set data = replace(replace(replace(data, '${first}', 'X'), '${other}', '${first}'), 'X', '${other}')`)
      rechain(database)
    },
    found: ['audit-page-differs'],
    names: { field: 'number' },
  },
  {
    kind: 'a page’s turn changed',
    deed: sql(`update page set rotation = 90 where copy_id = ${ofNumber(2)}`),
    found: ['audit-row-differs'],
    names: { kind: 'pages' },
  },
  {
    kind: 'the pages of a copy removed',
    deed: sql(`delete from page where copy_id = ${ofNumber(2)}`),
    found: ['audit-row-missing'],
    names: { kind: 'pages' },
  },
  {
    kind: 'a receipt changed',
    deed: sql(`update outbox set receipt = 'H01-2' where receipt is not null`),
    found: ['audit-row-differs'],
    names: { kind: 'delivery', field: 'receipt' },
  },
  {
    kind: 'a receipt taken away',
    deed: sql('update outbox set receipt = null where receipt is not null'),
    found: ['audit-row-missing'],
    names: { kind: 'delivery' },
  },
  {
    kind: 'a copy taken out of the deliveries',
    deed: sql(`delete from outbox where copy_id = ${ofNumber(2)}`),
    found: ['audit-delivery-differs'],
  },
  {
    kind: 'a delivery marked as dropped',
    deed: sql(`update outbox set state = 'dropped' where copy_id = ${ofNumber(2)}`),
    found: ['audit-delivery-differs'],
  },
  {
    kind: 'the notice of a cancellation taken out of the deliveries',
    deed: sql(`delete from outbox where kind = 'cancel'`),
    found: ['audit-cancellation-differs'],
    names: { row: '07 (01/2026-SCT/BS)' },
  },
  {
    kind: 'a notice of a cancellation marked as given',
    deed: sql(`update outbox set state = 'done' where kind = 'cancel'`),
    found: ['audit-cancellation-differs'],
  },
  {
    kind: 'the time of the last event moved, against which the clock is held',
    deed: sql(`update audit_head set at = '2099-01-01T00:00:00.000Z'`),
    found: ['audit-seen-time-differs'],
    names: { field: 'lastAt' },
  },
  {
    kind: 'the authority’s time forgotten, against which the clock is held',
    deed: sql('update audit_head set witnessed_at = null'),
    found: ['audit-seen-time-differs'],
    names: { field: 'witnessedAt' },
  },
  {
    kind: 'what was signed made unreadable',
    deed: sql(`update copy set content = '{' where copy_id = ${ofNumber(2)}`),
    ...differs(second, 'contentTextSha256'),
  },
  {
    kind: 'the name of a sealed file made none',
    deed: sql(`update copy set sealed_sha256 = '../x' where copy_id = ${ofNumber(2)}`),
    found: ['audit-file-missing'],
    names: { row: second, use: 'sealed' },
  },
  {
    kind: 'the name of a page’s file made none',
    deed: sql(`update page set blob_sha256 = '' where copy_id = ${ofNumber(2)}`),
    found: ['audit-file-missing'],
    names: { row: second, use: 'page' },
  },
  {
    kind: 'the roles of the administrator made unreadable',
    deed: sql(`update person set roles = '[' where roles like '%officer%'`),
    found: ['audit-row-differs'],
    names: { kind: 'person', field: 'roles' },
  },
  // requests, people, office
  {
    kind: 'a requester’s name changed',
    deed: sql(`update request set requester_name = 'Người khác (mẫu)'`),
    found: ['audit-row-differs'],
    names: { kind: 'request', field: 'requesterSha256' },
  },
  {
    kind: 'a requester’s number changed',
    deed: sql(`update request set personal_number = '001190000002'`),
    found: ['audit-row-differs'],
    names: { field: 'requesterSha256' },
  },
  {
    kind: 'the time of receipt changed',
    deed: sql(`update request set received_at = '2026-11-20T09:00:00.000Z'`),
    found: ['audit-row-differs'],
    names: { field: 'receivedAt' },
  },
  {
    kind: 'a deadline changed',
    deed: sql(`update request set due_at = '2026-12-20T09:00:00.000Z'`),
    found: ['audit-row-differs'],
    names: { field: 'dueAt' },
  },
  {
    kind: 'a request removed',
    deed: sql(`delete from request where request_id = (select request_id from copy where state = 'draft')`),
    found: ['audit-row-missing'],
    names: { kind: 'request' },
  },
  {
    kind: 'a person’s name changed',
    deed: sql(`update person set name = 'Khác (mẫu)' where roles like '%signer%'`),
    found: ['audit-row-differs'],
    names: { kind: 'person', field: 'nameSha256' },
  },
  {
    kind: 'a person’s title changed',
    deed: sql(`update person set signer_title = '["PHÓ CHỦ TỊCH"]' where roles like '%signer%'`),
    found: ['audit-row-differs'],
    names: { field: 'titleSha256' },
  },
  {
    kind: 'a role given',
    deed: sql(`update person set roles = '["officer","signer"]' where roles like '%officer%'`),
    found: ['audit-row-differs'],
    names: { field: 'roles' },
  },
  {
    kind: 'a password taken away or set',
    deed: sql(`update person set password_hash = 'x' where roles like '%admin%'`),
    found: ['audit-row-differs'],
    names: { field: 'passwordSha256' },
  },
  {
    kind: 'a person put in',
    deed: ({ database }) =>
      database.exec(
        `insert into person (office_id, person_id, name, roles, signer_title, active) select office_id, 'other', 'Lạ (mẫu)', '["admin"]', '[]', 1 from office`,
      ),
    found: ['audit-row-unknown'],
    names: { kind: 'person' },
  },
  {
    kind: 'the office renamed',
    deed: sql(`update office set name = 'UBND xã Khác (mẫu)'`),
    found: ['audit-row-differs'],
    names: { kind: 'office', field: 'name' },
  },
  {
    kind: 'the office’s certificate changed',
    deed: sql(`update office set seal_certificate_sha256 = '${'cd'.repeat(32)}'`),
    found: ['audit-row-differs'],
    names: { field: 'sealCertificateSha256' },
  },
  {
    kind: 'a setting changed',
    deed: sql(`update setting set value = '21'`),
    found: ['audit-row-differs'],
    names: { kind: 'setting', row: 'claimMinutes' },
  },
  {
    kind: 'a setting put in',
    deed: ({ database }) => database.exec(`insert into setting select office_id, 'sealDiameterMm', '99' from office`),
    found: ['audit-row-unknown'],
    names: { kind: 'setting' },
  },
  // files
  {
    kind: 'a sealed file deleted',
    deed: hand => rmSync(hand.blob(hand.one(`select sealed_sha256 from copy where copy_id = ${ofNumber(2)}`))),
    found: ['audit-file-missing'],
    names: { row: second, use: 'sealed' },
  },
  {
    kind: 'a sealed file altered',
    deed: hand =>
      writeFileSync(hand.blob(hand.one(`select sealed_sha256 from copy where copy_id = ${ofNumber(2)}`)), 'khác'),
    found: ['audit-file-damaged'],
    names: { row: second, use: 'sealed' },
  },
  {
    kind: 'a signed file altered by one bit',
    deed: hand => flip(hand.blob(hand.one(`select signed_sha256 from copy where copy_id = ${ofNumber(5)}`))),
    found: ['audit-file-damaged'],
    names: { use: 'signed' },
  },
  {
    kind: 'a composed file deleted',
    deed: hand => rmSync(hand.blob(hand.one(`select composed_sha256 from copy where copy_id = ${ofNumber(2)}`))),
    found: ['audit-file-missing'],
    names: { use: 'composed' },
  },
  {
    kind: 'a long-term file deleted',
    deed: hand => rmSync(hand.blob(hand.one('select file_sha256 from archive'))),
    found: ['audit-file-missing'],
    names: { use: 'archive' },
  },
  {
    kind: 'a page’s picture altered',
    deed: hand => flip(hand.blob(hand.one(`select blob_sha256 from page where copy_id = ${ofNumber(2)}`))),
    found: ['audit-file-damaged'],
    names: { use: 'page' },
  },
  {
    kind: 'the picture of a signature deleted',
    deed: hand =>
      rmSync(hand.blob(hand.one('select signature_image_sha256 from person where signature_image_sha256 is not null'))),
    found: ['audit-file-missing'],
    names: { use: 'picture' },
  },
  {
    kind: 'two stored files exchanged',
    deed: hand => {
      const [first, other] = [1, 2].map(number =>
        hand.blob(hand.one(`select sealed_sha256 from copy where copy_id = ${ofNumber(number)}`)),
      )
      if (!first || !other) throw new Error('no files')
      renameSync(first, `${first}.away`)
      renameSync(other, first)
      renameSync(`${first}.away`, other)
    },
    found: ['audit-file-damaged'],
  },
  // anchors
  {
    kind: 'an anchor removed',
    deed: hand => rmSync(hand.blob(anchorOf(hand))),
    found: ['audit-file-missing', 'audit-anchor-missing'],
    names: { use: 'anchor' },
  },
  {
    kind: 'an anchor altered',
    deed: hand => flip(hand.blob(anchorOf(hand))),
    found: ['audit-file-damaged', 'audit-anchor-missing'],
  },
  {
    kind: 'an anchor’s event removed and the chain hashed anew',
    deed: ({ database }) => {
      database.exec(`delete from audit_event where action = 'head-anchored'`)
      rechain(database)
    },
    found: ['audit-page-chain', 'audit-anchor-unknown'],
  },
  // the fence itself
  {
    kind: 'a guard of the database taken away',
    deed: hand => {
      const close = hand.database.close.bind(hand.database)
      hand.database.close = () => {
        close()
        const database = new SqliteDatabase(join(hand.folder, 'office.sqlite'))
        database.exec('drop trigger copy_is_not_removed')
        return database.close()
      }
    },
    found: ['audit-guard-missing'],
    names: { guard: 'copy_is_not_removed' },
  },
  {
    kind: 'a guard of the database made harmless',
    deed: hand => {
      const close = hand.database.close.bind(hand.database)
      hand.database.close = () => {
        close()
        const database = new SqliteDatabase(join(hand.folder, 'office.sqlite'))
        database.exec(
          'drop trigger copy_is_not_removed; create trigger copy_is_not_removed before delete on copy when false begin select 1; end',
        )
        return database.close()
      }
    },
    found: ['audit-guard-missing'],
  },
]

const anchorOf = ({ one }: Hand): string =>
  one(`select json_extract(data, '$.fileSha256') from audit_event where action = 'head-anchored' limit 1`)

function flip(path: string): void {
  const bytes = readFileSync(path)
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

describe('the register proves itself', () => {
  const home = temporaryFolder()
  let actor: TestOffice['admin']
  let clean: AuditVerdict
  let now: Date

  beforeAll(async () => {
    await using test = await testOffice(home.path)
    await workedOffice(test)
    actor = test.admin
    now = test.time.now
    clean = await test.office.audit.verify(test.admin)
  })
  afterAll(() => home[Symbol.dispose]())

  /** A copy of the office's folder, so that each deed meets the same office. */
  async function audited(
    deed: (hand: Hand) => void,
    { known = [], head = 'kept' }: { readonly known?: readonly KnownHead[]; readonly head?: 'kept' | 'removed' } = {},
  ): Promise<AuditVerdict> {
    using copy = temporaryFolder()
    cpSync(home.path, copy.path, { recursive: true })
    const hand = handOn(copy.path)
    try {
      deed(hand)
    } finally {
      hand.database.close()
    }
    // The file beside the database would stop an older one at the start: whoever knows, takes it away.
    if (head === 'removed') rmSync(copy.file(HEAD_FILE))
    const parts = await testParts(copy.path, { now })
    try {
      return await createOffice(parts).audit.verify(actor, { known })
    } finally {
      await parts.store.close()
    }
  }

  it('finds nothing where nothing was done, and says how much it looked at', async () => {
    expect(clean).toMatchObject({ intact: true, brokenAt: null, findings: [] })
    expect(clean.checked).toMatchObject({ numbers: 7, copies: 8, anchors: 2 })
    expect(clean.checked.files).toBeGreaterThan(20)
    expect(await audited(() => {})).toEqual(clean)
  })

  it.each(TAMPERINGS)('finds $kind', async ({ deed, found, names = {} }) => {
    const { intact, findings } = await audited(deed, { head: 'removed' })
    expect(intact).toBe(false)
    const told = findings.filter(each => found.includes(each.code)).map(each => each.parameters)
    expect(told, JSON.stringify(findings)).toContainEqual(expect.objectContaining(names))
  })

  it('misses the file beside the database that says how far the office has come', async () => {
    expect((await audited(() => {}, { head: 'removed' })).findings).toMatchObject([{ code: 'audit-witness-missing' }])
  })

  it('compares heads that were kept outside', async () => {
    const known = { sequence: clean.events, hash: clean.head }
    expect(await audited(() => {}, { known: [known] })).toMatchObject({ intact: true })
    for (const other of [
      { ...known, sequence: 2 },
      { ...known, sequence: clean.events + 1 },
    ])
      expect((await audited(() => {}, { known: [known, other] })).findings).toMatchObject([
        { code: 'audit-known-differs' },
      ])
  })

  it('finds an older database that was put back beside newer files', async () => {
    using copy = temporaryFolder()
    const older = copy.file('older.sqlite')
    await using test = await testOffice(copy.file('office'))
    await certified(test, 'Một')
    const database = new SqliteDatabase(join(test.folder, 'office.sqlite'))
    await database.backup(older)
    database.close()
    await certified(test, 'Hai')
    await test.parts.store.close()
    for (const name of readdirSync(test.folder).filter(each => /sqlite/.test(each))) rmSync(join(test.folder, name))
    copyFileSync(older, join(test.folder, 'office.sqlite'))
    await expect(testParts(test.folder, test.time)).rejects.toMatchObject({ code: 'store-older-than-head' })
    rmSync(join(test.folder, HEAD_FILE))
    const parts = await testParts(test.folder, test.time)
    try {
      const { findings } = await createOffice(parts).audit.verify(test.admin)
      expect(findings).toContainEqual(
        expect.objectContaining({
          code: 'audit-file-unregistered',
          parameters: expect.objectContaining({ number: '02', book: '01/2026-SCT/BS' }),
        }),
      )
    } finally {
      await parts.store.close()
    }
  })

  it('has more than forty kinds of tampering to its name', () => {
    expect(new Set(TAMPERINGS.map(({ kind }) => kind)).size).toBeGreaterThan(40)
  })
})

describe('the database refuses to change the past', () => {
  it.each([
    'update audit_event set actor_id = null',
    'delete from audit_event',
    'update audit_head set sequence = 1',
    'delete from audit_head',
    'delete from certification_number',
    'update certification_number set number = 99 where number = 1',
    "update certification_number set day = '2026-01-01' where number = 1",
    "update certification_number set state = 'used' where number = 4",
    'update number_series set last_number = 1',
    'delete from number_series',
    'delete from book',
    "update book set label = 'x'",
    'delete from copy',
    "update copy set title = 'x' where state = 'sealed'",
    "update copy set state = 'draft' where state = 'delivered'",
    "update copy set sealed_sha256 = null where state = 'cancelled'",
    "update copy set state = 'draft' where state = 'withdrawn'",
    "update request set requester_name = 'x'",
    'delete from request',
    'delete from page',
    'update page set rotation = 90',
    'delete from person',
    'delete from office',
    'delete from archive',
  ])('%s', async statement => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    await workedOffice(test)
    const database = new SqliteDatabase(join(folder.path, 'office.sqlite'))
    try {
      expect(() => database.exec(statement)).toThrow('refused')
    } finally {
      database.close()
    }
  })
})
