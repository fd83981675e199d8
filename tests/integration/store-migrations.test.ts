import { createHash } from 'node:crypto'
import SqliteDatabase from 'better-sqlite3'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { expect, test } from 'vitest'
import { exchangesOf } from '../../electron/office/delivery/evidence.ts'
import { openSqliteDialect } from '../../electron/store/sqlite/dialect.ts'
import { MIGRATIONS, openStore } from '../../electron/store/store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Makes or lifts a store as the program did whose last migration this was. */
async function migrateTo(path: string, last: string): Promise<void> {
  const database = new Kysely<unknown>({ dialect: await openSqliteDialect(path) })
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => MIGRATIONS } })
  const { error } = await migrator.migrateTo(last)
  await database.destroy()
  if (error !== undefined) throw error
}

function withDatabase<T>(path: string, work: (database: SqliteDatabase.Database) => T): T {
  const database = new SqliteDatabase(path)
  try {
    return work(database)
  } finally {
    database.close()
  }
}

/** A delivered copy and a draft, with what that time's tables held of them. */
const PEOPLE_AND_COPIES = `
  insert into office values ('office', 'UBND xã Mẫu', null, null, '2026-01-01T00:00:00.000Z');
  insert into person values ('office', 'officer', 'Trần Thị Bình (mẫu)', '["officer"]', '[]', null, null, 1);
  insert into request (office_id, request_id, requester_name, received_at, received_by, due_at, appointment_needed, written_agreement)
    values ('office', 'request', 'Nguyễn Đình Đạt (mẫu)', '2026-11-20', 'officer', '2026-11-20', 0, 0);
  insert into copy (office_id, copy_id, request_id, position, version, state, title, kind, issuer, copy_count, officer_id, content)
    values ('office', 'delivered', 'request', 1, 7, 'delivered', 'Bằng tốt nghiệp', 'Văn bằng', 'Trường Mẫu', 1, 'officer',
      '{"statement":{"number":"01","book":"01/2026-SCT/BS","date":"2026-11-20"}}'),
    ('office', 'draft', 'request', 2, 1, 'draft', 'Giấy khai sinh', 'Hộ tịch', 'UBND xã Mẫu', 1, 'officer', null);
  insert into outbox (office_id, copy_id, kind, state, next_at, receipt)
    values ('office', 'delivered', 'delivery', 'done', '2026-11-20', 'H99.1');`

const EXCHANGES = `
  insert into exchange (office_id, copy_id, exchange_id, step, method, address, sent_at, milliseconds, status) values
    ('office', 'delivered', 'c', 'submit', 'POST', 'https://cong.example/nop', '2026-11-20T02:00:02.000Z', 9, 200),
    ('office', 'delivered', 'a', 'upload', 'PUT', 'https://cong.example/tep', '2026-11-20T02:00:00.000Z', 9, 503),
    ('office', 'delivered', 'b', 'upload', 'PUT', 'https://cong.example/tep', '2026-11-20T02:00:01.000Z', 9, 200);`

test('a migration that stores were made with never makes another schema', async () => {
  using folder = temporaryFolder()
  const path = folder.file('office.sqlite')
  const schemas: Record<string, string> = {}
  for (const name of Object.keys(MIGRATIONS)) {
    await migrateTo(path, name)
    const sql = withDatabase(path, each =>
      each.prepare("select sql from sqlite_schema where name not like 'kysely%' order by name").pluck().all(),
    )
    schemas[name] = createHash('sha256').update(sql.join('\n')).digest('hex').slice(0, 16)
  }
  expect(schemas).toMatchInlineSnapshot(`
    {
      "0001-office": "ec6de155158bfde0",
      "0002-exchange": "cb9b894141ef4959",
      "0003-passwords": "1192e625110f60a6",
      "0004-archive": "6a4e51b1a03d15c5",
      "0005-search": "cd55b0d66d677ac0",
      "0006-guards": "86c3d08f3c42d931",
      "0007-restored": "4d06a7c7ae7b9f3d",
      "0008-cancellations": "4d06a7c7ae7b9f3d",
      "0009-clock": "459852ad1c782b8e",
      "0010-password-tries": "4f3311bd265814e7",
    }
  `)
})

test('copies of an early store are found by search, and its exchanges stand in their order', async () => {
  using folder = temporaryFolder()
  const path = folder.file('office.sqlite')
  await migrateTo(path, '0002-exchange')
  withDatabase(path, database => database.exec(PEOPLE_AND_COPIES + EXCHANGES))

  for (const _ of ['lifted', 'opened again']) {
    const store = await openStore(path)
    const texts = store.reader.selectFrom('copy').select(['copy_id', 'search_text']).orderBy('copy_id')
    expect(await texts.execute()).toEqual([
      {
        copy_id: 'delivered',
        search_text: 'nguyen dinh dat (mau)\nbang tot nghiep\ntruong mau\n01/01/2026-sct/bs\nh99.1',
      },
      { copy_id: 'draft', search_text: 'nguyen dinh dat (mau)\ngiay khai sinh\nubnd xa mau' },
    ])
    const exchanges = await exchangesOf(store.reader, 'office', 'delivered')
    expect(exchanges.map(({ step, status }) => [step, status])).toEqual([
      ['upload', 503],
      ['upload', 200],
      ['submit', 200],
    ])
    await store.close()
  }
})

test('a store that was made with both already keeps what it has', async () => {
  using folder = temporaryFolder()
  const path = folder.file('office.sqlite')
  await migrateTo(path, '0002-exchange')
  withDatabase(path, database =>
    database.exec(`
      alter table copy add column search_text text not null default '';
      drop table exchange;
      create table exchange (office_id text, copy_id text, sequence integer, step text, primary key (office_id, copy_id, sequence));
      ${PEOPLE_AND_COPIES}
      update copy set search_text = 'kept';
      insert into exchange values ('office', 'delivered', 1, 'kept');`),
  )
  await (await openStore(path)).close()
  withDatabase(path, database => {
    expect(database.prepare('select distinct search_text from copy').pluck().all()).toEqual(['kept'])
    expect(database.prepare('select step from exchange').pluck().all()).toEqual(['kept'])
  })
})

test('copies cancelled by early programs go out no more, and the portal is told of those that it may have', async () => {
  using folder = temporaryFolder()
  const path = folder.file('office.sqlite')
  await migrateTo(path, '0002-exchange')
  const rows = [
    ['delivered', 'cancelled', 'done', '{"maHoSo":"H-1"}', 1],
    ['begun', 'cancelled', 'waiting', '{"maHoSo":"H-2"}', 3],
    ['untouched', 'cancelled', 'waiting', '{}', 0],
    ['on-its-way', 'sealed', 'waiting', '{"maHoSo":"H-4"}', 1],
  ] as const
  withDatabase(path, database => {
    database.exec(PEOPLE_AND_COPIES.replace(/insert into outbox[^;]*;/, '').replaceAll("'delivered'", "'older'"))
    for (const [index, [id, state, delivery, checkpoint, attempts]] of rows.entries()) {
      database
        .prepare(
          `insert into copy (office_id, copy_id, request_id, position, version, state, title, kind, issuer, copy_count, officer_id)
           values ('office', ?, 'request', ?, 7, ?, 'Bằng', 'Văn bằng', 'Trường Mẫu', 1, 'officer')`,
        )
        .run(id, index + 3, state)
      database
        .prepare(`insert into outbox (office_id, copy_id, kind, state, checkpoint, attempts, next_at)
          values ('office', ?, 'deliver', ?, ?, ?, '2026-11-20')`)
        .run(id, delivery, checkpoint, attempts)
    }
  })
  await (await openStore(path)).close()
  withDatabase(path, database => {
    const found = database.prepare('select kind, copy_id, state, checkpoint from outbox order by kind, copy_id').raw()
    expect(found.all()).toEqual([
      ['cancel', 'begun', 'waiting', '{"maHoSo":"H-2"}'],
      ['cancel', 'delivered', 'waiting', '{"maHoSo":"H-1"}'],
      ['deliver', 'begun', 'dropped', '{"maHoSo":"H-2"}'],
      ['deliver', 'delivered', 'done', '{"maHoSo":"H-1"}'],
      ['deliver', 'on-its-way', 'waiting', '{"maHoSo":"H-4"}'],
      ['deliver', 'untouched', 'dropped', '{}'],
    ])
  })
})
