import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDesk } from '../../electron/desk.ts'
import { readDeskSettings, writeDeskSettings } from '../../electron/desk-settings.ts'
import type { Actor } from '../../electron/office/types.ts'
import { openPractice, type Practice } from '../support/practice.ts'
import { rechain } from '../support/rechained.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** The practice office's own time-stamp authority, certificates and real copies. */
describe('the journal of a working office', () => {
  let practice: Practice
  let admin: Actor

  beforeAll(async () => {
    practice = await openPractice()
    admin = await practice.actor('admin')
    await practice.sign(await practice.submitted(2), 'signature')
    const signed = await practice.desk.office.copies.list(admin, { states: ['signed'] })
    await practice.sign(signed, 'seal')
  })
  afterAll(() => practice[Symbol.asyncDispose]())

  const verify = async () => (await practice.desk.office.audit.verify(admin)).findings

  test('is true from the events to the pages of the sealed copies', async () => {
    const { office } = practice.desk
    expect(await office.audit.verify(admin)).toMatchObject({ intact: true, checked: { numbers: 2, copies: 2 } })
  })

  test('is witnessed by the authority: asked, once a day, and with each print of the register', async () => {
    const { office, officeId } = practice.desk
    const anchor = await office.audit.anchor(officeId, 'asked', { actorId: admin.personId })
    expect(Math.abs(anchor.time.getTime() - Date.now())).toBeLessThan(300_000)
    expect(await office.audit.anchorDaily(officeId)).toBeNull()
    using out = temporaryFolder()
    await practice.desk.printRegister(admin, '2026-01-01', '2027-12-31', out.path)
    const events = await office.audit.events(admin)
    const anchors = events.filter(({ action }) => action === 'head-anchored')
    expect(anchors.map(({ actorId, data }) => [actorId, data['occasion']])).toEqual([
      [admin.personId, 'asked'],
      [admin.personId, 'register-print'],
    ])
    const last = anchors.at(-1)
    expect(last?.data['hash']).toBe(events.find(each => each.sequence === last?.data['sequence'])?.hash)
    expect(await verify()).toEqual([])
  })

  test('is printed also where the authority is away', async () => {
    const settings = await readDeskSettings(practice.officeFolder)
    const timestamp = { ...settings.timestamp, url: 'http://127.0.0.1:9/', attempts: 1 }
    await writeDeskSettings(practice.officeFolder, { ...settings, timestamp })
    const desk = await openDesk(practice.officeFolder)
    try {
      using out = temporaryFolder()
      const files = await desk.printRegister(admin, '2026-01-01', '2027-12-31', out.path)
      expect(readFileSync(files.pdf).subarray(0, 5).toString()).toBe('%PDF-')
      await expect(desk.office.audit.anchor(desk.officeId, 'asked')).rejects.toMatchObject({
        code: 'timestamp-unavailable',
      })
    } finally {
      await desk.close()
      await writeDeskSettings(practice.officeFolder, settings)
    }
  })

  test('is not believed where somebody else made the witness, or wrote the journal anew', async () => {
    const database = new SqliteDatabase(join(practice.officeFolder, 'office.sqlite'))
    try {
      const settings = await readDeskSettings(practice.officeFolder)
      await writeDeskSettings(practice.officeFolder, { ...settings, trust: { ...settings.trust, anchors: [] } })
      const trusting = await openDesk(practice.officeFolder)
      const { findings } = await trusting.office.audit.verify(admin)
      await trusting.close()
      await writeDeskSettings(practice.officeFolder, settings)
      expect(findings).toContainEqual(
        expect.objectContaining({
          code: 'audit-anchor-untrusted',
          parameters: expect.objectContaining({ problem: 'no-chain' }),
        }),
      )

      const triggers = database.prepare("select name, sql from sqlite_schema where type = 'trigger'").all() as {
        name: string
        sql: string
      }[]
      for (const { name } of triggers) database.exec(`drop trigger ${name}`)
      database.exec('update audit_event set actor_id = null where sequence = 5')
      rechain(database)
      for (const trigger of triggers) database.exec(trigger.sql)
      const found = await verify()
      expect(found).toContainEqual(expect.objectContaining({ code: 'audit-anchor-differs' }))
      expect(found.filter(({ code }) => code === 'audit-page-chain')).toHaveLength(2)
    } finally {
      database.close()
    }
  })

  test('shows a sealed file that says another number than the register', async () => {
    using folder = temporaryFolder()
    const [copy] = await practice.desk.office.copies.list(admin)
    const path = await practice.desk.office.copies.file(admin, copy?.id ?? '', 'sealed')
    const other = folder.file('other.pdf')
    writeFileSync(other, readFileSync(path))
    const { inspectHere } = await import('../../electron/file-inspection.ts')
    expect(inspectHere(other, 'copy').copy).toMatchObject({
      statement: { number: copy?.certification?.number, book: copy?.certification?.book },
      metadata: { chain: { sequence: expect.any(Number), hash: expect.any(String) } },
    })
    expect(inspectHere(folder.file('none'), 'copy')).toEqual({ sha256: null, copy: null })
  })
})
