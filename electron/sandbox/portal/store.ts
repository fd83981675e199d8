import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { z } from 'zod'

/** What the sandbox portal keeps, in a folder of its own: one SQLite file and the uploaded files. Survives a kill at any moment. */

export interface StoredFile {
  readonly id: string
  readonly name: string
  readonly sha256: string
  readonly path: string
}

export interface StoredDossier {
  readonly id: string
  readonly number: string
  readonly personalNumber: string
  readonly ownerName: string
  readonly state: number
  /** ThanhPhanHoSo as sent. */
  readonly components: unknown
}

/** A paper in a citizen's personal store. */
export interface StoredPaper {
  readonly id: string
  readonly dossierNumber: string
  readonly personalNumber: string
  readonly resultCode: string
  readonly title: string
  readonly symbol: string
  readonly unit: string
  readonly fileId: string
  readonly receivedAt: string
}

/** A result taken back by the office's decision. */
export interface StoredCancellation {
  readonly dossierNumber: string
  readonly decisionNumber: string
  readonly decisionDate: string
  readonly receivedAt: string
}

const fileRow = z.object({ id: z.string(), name: z.string(), sha256: z.string() })
const dossierRow = z
  .object({
    id: z.string(),
    number: z.string(),
    personal_number: z.string(),
    owner_name: z.string(),
    state: z.number(),
    components: z.string(),
  })
  .transform(
    (row): StoredDossier => ({
      id: row.id,
      number: row.number,
      personalNumber: row.personal_number,
      ownerName: row.owner_name,
      state: row.state,
      components: JSON.parse(row.components),
    }),
  )
const paperRow = z
  .object({
    id: z.string(),
    dossier_number: z.string(),
    personal_number: z.string(),
    result_code: z.string(),
    title: z.string(),
    symbol: z.string(),
    unit: z.string(),
    file_id: z.string(),
    received_at: z.string(),
  })
  .transform(
    (row): StoredPaper => ({
      id: row.id,
      dossierNumber: row.dossier_number,
      personalNumber: row.personal_number,
      resultCode: row.result_code,
      title: row.title,
      symbol: row.symbol,
      unit: row.unit,
      fileId: row.file_id,
      receivedAt: row.received_at,
    }),
  )
const cancellationRow = z
  .object({
    dossier_number: z.string(),
    decision_number: z.string(),
    decision_date: z.string(),
    received_at: z.string(),
  })
  .transform(
    (row): StoredCancellation => ({
      dossierNumber: row.dossier_number,
      decisionNumber: row.decision_number,
      decisionDate: row.decision_date,
      receivedAt: row.received_at,
    }),
  )
const valueRow = z.object({ value: z.string() })
const countRow = z.object({ value: z.number() })
const bodyRow = z.object({ body: z.string() })

const SCHEMA = `
  create table if not exists setting (name text primary key, value text not null);
  create table if not exists counter (unit text primary key, value integer not null);
  create table if not exists file (id text primary key, name text not null, sha256 text not null);
  create table if not exists dossier (id text primary key, number text not null unique, personal_number text not null,
    owner_name text not null, state integer not null, components text not null);
  create table if not exists progress (position integer primary key, dossier_id text not null references dossier, body text not null);
  create table if not exists paper (position integer primary key, id text not null unique, dossier_id text not null references dossier,
    dossier_number text not null, personal_number text not null, result_code text not null, title text not null, symbol text not null,
    unit text not null, file_id text not null references file, received_at text not null);
  create table if not exists cancellation (dossier_number text primary key, decision_number text not null, decision_date text not null,
    received_at text not null);
`

export class PortalStore {
  readonly #database: Database.Database
  readonly #files: string

  constructor(directory: string) {
    this.#files = join(directory, 'files')
    mkdirSync(this.#files, { recursive: true })
    this.#database = new Database(join(directory, 'portal.sqlite'))
    this.#database.pragma('journal_mode = WAL')
    this.#database.pragma('synchronous = FULL')
    this.#database.pragma('foreign_keys = ON')
    this.#database.exec(SCHEMA)
  }

  /** A secret made at the first start and kept. */
  secret(name: string): string {
    const insert = 'insert into setting (name, value) values (?, ?) on conflict do nothing'
    this.#database.prepare(insert).run(name, randomBytes(24).toString('base64url'))
    return valueRow.parse(this.#database.prepare('select value from setting where name = ?').get(name)).value
  }

  nextValue(unit: string): number {
    const next =
      'insert into counter (unit, value) values (?, 1) on conflict (unit) do update set value = value + 1 returning value'
    return countRow.parse(this.#database.prepare(next).get(unit)).value
  }

  addFile(name: string, bytes: Uint8Array): StoredFile {
    const id = randomUUID()
    const path = this.#path(id)
    const descriptor = openSync(`${path}.partial`, 'wx')
    try {
      writeFileSync(descriptor, bytes)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(`${path}.partial`, path)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    this.#database.prepare('insert into file (id, name, sha256) values (?, ?, ?)').run(id, name, sha256)
    return { id, name, sha256, path }
  }

  file(id: string): StoredFile | null {
    const row = this.#database.prepare('select id, name, sha256 from file where id = ?').get(id)
    return row === undefined ? null : { ...fileRow.parse(row), path: this.#path(id) }
  }

  fileBytes(id: string): Uint8Array {
    return readFileSync(this.#path(id))
  }

  /** @returns null when the number is taken */
  addDossier(dossier: Omit<StoredDossier, 'id'>): StoredDossier | null {
    const id = randomUUID()
    const { number, personalNumber, ownerName, state, components } = dossier
    const insert = 'insert into dossier values (?, ?, ?, ?, ?, ?) on conflict (number) do nothing'
    const done = this.#database
      .prepare(insert)
      .run(id, number, personalNumber, ownerName, state, JSON.stringify(components))
    return done.changes === 1 ? { id, ...dossier } : null
  }

  dossier(number: string): StoredDossier | null {
    const row = this.#database.prepare('select * from dossier where number = ?').get(number)
    return row === undefined ? null : dossierRow.parse(row)
  }

  dossiers(): readonly StoredDossier[] {
    return z.array(dossierRow).parse(this.#database.prepare('select * from dossier order by number').all())
  }

  addProgress(items: readonly { readonly dossierId: string; readonly body: unknown }[]): void {
    const insert = this.#database.prepare('insert into progress (dossier_id, body) values (?, ?)')
    this.#database.transaction(() => {
      for (const item of items) insert.run(item.dossierId, JSON.stringify(item.body))
    })()
  }

  progress(dossierId: string): readonly unknown[] {
    const rows = this.#database
      .prepare('select body from progress where dossier_id = ? order by position')
      .all(dossierId)
    return z
      .array(bodyRow)
      .parse(rows)
      .map(row => JSON.parse(row.body))
  }

  /** State and papers change together. Every paper listed becomes a paper of its own: a client that repeats itself is to be seen. */
  setState(dossier: StoredDossier, state: number, papers: readonly Omit<StoredPaper, 'id'>[]): void {
    const insert = this.#database.prepare(
      `insert into paper (id, dossier_id, dossier_number, personal_number, result_code, title, symbol, unit, file_id, received_at)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#database.transaction(() => {
      this.#database.prepare('update dossier set state = ? where id = ?').run(state, dossier.id)
      for (const p of papers) {
        insert.run(
          randomUUID(),
          dossier.id,
          p.dossierNumber,
          p.personalNumber,
          p.resultCode,
          p.title,
          p.symbol,
          p.unit,
          p.fileId,
          p.receivedAt,
        )
      }
    })()
  }

  papers(): readonly StoredPaper[] {
    return z.array(paperRow).parse(this.#database.prepare('select * from paper order by position').all())
  }

  /** The first one stays: a repeated notice changes nothing. */
  cancel({ dossierNumber, decisionNumber, decisionDate, receivedAt }: StoredCancellation): void {
    const insert = 'insert into cancellation values (?, ?, ?, ?) on conflict do nothing'
    this.#database.prepare(insert).run(dossierNumber, decisionNumber, decisionDate, receivedAt)
  }

  cancellation(dossierNumber: string): StoredCancellation | null {
    return this.cancellations().find(each => each.dossierNumber === dossierNumber) ?? null
  }

  cancellations(): readonly StoredCancellation[] {
    const rows = this.#database.prepare('select * from cancellation order by dossier_number').all()
    return z.array(cancellationRow).parse(rows)
  }

  fileCount(): number {
    return countRow.parse(this.#database.prepare('select count(*) as value from file').get()).value
  }

  close(): void {
    this.#database.close()
  }

  #path(id: string): string {
    return join(this.#files, `${z.uuid().parse(id)}.pdf`)
  }
}
