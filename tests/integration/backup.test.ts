import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, cp, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import SqliteDatabase from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { auditFindings } from '../../electron/backup/audit-copy.ts'
import { requireNoLostCopies } from '../../electron/backup/lost-copies.ts'
import { generationName, generationNames, readGeneration } from '../../electron/backup/manifest.ts'
import { verifyBackup } from '../../electron/backup/verify-backup.ts'
import { openDesk, thisMachine } from '../../electron/desk.ts'
import { writeDeskSettings } from '../../electron/desk-settings.ts'
import { createOffice } from '../../electron/office/office.ts'
import { hashFile, openBlobs, unreferencedBlobs } from '../../electron/store/blobs.ts'
import { readHeads } from '../../electron/store/heads.ts'
import { openStore } from '../../electron/store/store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { BACKUP_TIME, backUp, officeToLose, RESTORE_TIME, readNumberOfLines, restore } from './backup-support.ts'
import {
  certified,
  closedUntil,
  dayOfAnother,
  prepared,
  sealed,
  signed,
  submitted,
  type TestOffice,
  testParts,
} from './office-support.ts'

const YEAR = ['2026-01-01', '2026-12-31'] as const

/** The office's people at the restored data, as they come back the next day. */
async function comeBack(test: Omit<TestOffice, typeof Symbol.asyncDispose>): Promise<TestOffice> {
  const time = { now: new Date(RESTORE_TIME.getTime() + 3_600_000) }
  const parts = await testParts(test.folder, time)
  return { ...test, parts, time, office: createOffice(parts), [Symbol.asyncDispose]: () => parts.store.close() }
}

const registerOf = (test: TestOffice) => test.office.register.rows(test.officer, ...YEAR)

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}

const seconds = (count: number): Date => new Date(BACKUP_TIME.getTime() + count * 1000)

describe('a backup', () => {
  test('holds everything, and a second one copies only what is new', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    const place = folder.file('second')
    for (const copy of [1, 2, 3]) await certified(office, `Giấy tờ ${copy}`)
    const first = await backUp(office.folder, place)
    expect(first.copied).toBe(first.manifest.blobs.count)
    expect(first.manifest.head.numbers).toEqual([{ kind: 'copy', year: 2026, highest: 3 }])

    await certified(office, 'Giấy tờ 4')
    const second = await backUp(office.folder, place, { at: seconds(1) })
    expect(second.copied).toBe(4)
    expect(second.manifest.blobs.count).toBe(first.manifest.blobs.count + 4)
    expect(await generationNames(place)).toEqual([second.name, first.name])
    for (const { name } of [first, second]) expect((await verifyBackup(place, { name })).findings).toEqual([])
  })

  test('holds what only the events name: the signed file of a copy that was returned for mending', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    const copy = await signed(office, await submitted(office))
    await office.office.copies.returnForMending(office.clerk, copy, 'Thiếu trang')
    await backUp(office.folder, folder.file('second'))
    await restore(folder.file('again'), folder.file('second'))
    await openBlobs(join(folder.file('again'), 'blobs')).verified(copy.signedSha256 ?? '')
  })

  test('of which the newest are kept, and nobody else’s is touched', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    const place = folder.file('second')
    await certified(office)
    const foreign = join(place, '2020-01-01T00-00-00.000Z')
    await mkdir(foreign, { recursive: true })
    await writeFile(join(foreign, 'manifest.json'), '{"format":1,"officeId":"other"}')
    await writeFile(join(place, 'ghi-chu.txt'), 'của người khác')
    for (const at of [1, 2, 3, 4]) await backUp(office.folder, place, { at: seconds(at), keep: 2 })
    const names = await generationNames(place)
    expect(names.map(name => name.slice(0, 19))).toEqual([
      '2026-11-20T04-00-04',
      '2026-11-20T04-00-03',
      '2020-01-01T00-00-00',
    ])
    expect(await readdir(place)).toContain('ghi-chu.txt')
    expect((await verifyBackup(place)).findings).toEqual([])
  })

  test('is made by several PCs at the same time: each of them has a whole one, and the newest stays', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    await using office = await officeToLose(folder)
    await certified(office, 'Giấy tờ 1')
    const times = Array.from({ length: 12 }, (_, index) => seconds(Math.floor(index / 2)))
    const made = await Promise.all(times.map(at => backUp(office.folder, place, { at, keep: 1 })))
    expect(made.every(({ manifest }) => manifest.lost.length === 0)).toBe(true)
    expect(await generationNames(place)).toEqual([generationName(new Date(seconds(5).getTime() + 1))])
    expect((await verifyBackup(place)).findings).toEqual([])
  })

  test('lies neither in the office’s folder nor around it', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    await mkdir(join(office.folder, 'inner'))
    const link = folder.file('link')
    await symlink(join(office.folder, 'inner'), link)
    for (const place of [office.folder, join(office.folder, 'second'), folder.path, link])
      await expect(backUp(office.folder, place)).rejects.toMatchObject({ code: 'backup-place-wrong' })
  })

  test('names what the office had lost already, and saves the rest', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    const copy = await certified(office)
    const gone = copy.signedSha256 ?? ''
    await rm(office.parts.blobs.path(gone))
    const { manifest } = await backUp(office.folder, folder.file('second'))
    expect(manifest.lost).toEqual([gone])
    expect((await verifyBackup(folder.file('second'))).findings).toEqual([{ kind: 'blob-lost-before', subject: gone }])
  })

  test('names as lost what is no file any more, and what no file could be, and waits for neither', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    const { signedSha256, composedSha256 } = await certified(office)
    const paths = [signedSha256, composedSha256].map(sha256 => office.parts.blobs.path(sha256 ?? ''))
    for (const path of paths) await rm(path)
    await mkdir(paths[0] ?? '')
    execFileSync('mkfifo', [paths[1] ?? ''])
    const { manifest } = await backUp(office.folder, folder.file('second'))
    expect(manifest.lost.toSorted()).toEqual([signedSha256, composedSha256].toSorted())
  })

  test('holds the anchors of the journal, so that what is restored can prove itself', async () => {
    using folder = temporaryFolder()
    const office = await officeToLose(folder)
    await certified(office)
    await office.office.audit.anchor(office.admin.officeId, 'asked')
    await backUp(office.folder, folder.file('second'))
    await office[Symbol.asyncDispose]()
    await rm(office.folder, { recursive: true })
    await restore(office.folder, folder.file('second'))
    await using back = await comeBack(office)
    expect(await back.office.audit.verify(back.admin)).toMatchObject({ findings: [], checked: { anchors: 1 } })
  })

  test('with a pipe in the place of its manifest or list is told as damaged, and not waited for', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    const place = folder.file('second')
    for (const part of ['manifest.json', 'blobs.txt']) {
      const { folder: made } = await backUp(office.folder, place, { at: seconds(part.length) })
      await rm(join(made, part))
      execFileSync('mkfifo', [join(made, part)])
      const into = folder.file(part)
      await expect(restore(into, place)).rejects.toMatchObject({ code: 'backup-damaged' })
      await rm(made, { recursive: true })
    }
  })

  test('is not restored into its own place', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    const place = folder.file('second')
    await backUp(office.folder, place)
    await expect(restore(join(place, 'office'), place)).rejects.toMatchObject({ code: 'backup-place-wrong' })
  })

  test('never holds a secret: key files and the portal’s account are named as left out', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    await writeFile(join(office.folder, 'portal.json'), '{"clientSecret":"tối mật"}')
    await writeDeskSettings(office.folder, {
      officeId: office.admin.officeId,
      delivery: { kind: 'dossier-api', settings: {}, credentialsFile: 'portal.json' },
    })
    const { manifest } = await backUp(office.folder, folder.file('second'))
    expect(manifest.leftOut).toEqual(['portal.json'])
    for (const file of await filesBelow(folder.file('second')))
      expect(await readFile(file, 'utf8')).not.toContain('tối mật')
  })

  test('whose file was altered or lost is told by verify, and mended by a recheck', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    const place = folder.file('second')
    const copy = await certified(office)
    const { name, folder: generation } = await backUp(office.folder, place)
    const blobs = openBlobs(join(place, 'blobs'))
    const [altered, lost] = [copy.sealedSha256 ?? '', copy.signedSha256 ?? '']
    await writeFile(blobs.path(altered), 'khác')
    await rm(blobs.path(lost))
    const subjects = async () =>
      (await verifyBackup(place, { name })).findings.map(each => `${each.kind} ${each.subject}`)
    expect((await subjects()).sort()).toEqual([`blob-changed ${altered}`, `blob-missing ${lost}`].sort())
    await backUp(office.folder, place, { at: seconds(1), recheck: true })
    expect(await subjects()).toEqual([])

    await writeFile(join(generation, 'files/settings.json'), '{}')
    await truncate(join(generation, 'blobs.txt'), 64)
    expect(await subjects()).toEqual(['file-changed settings.json', `list-changed ${name}`])
  })

  test('whose database was changed by hand, with its hash, is told by its chain of events', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    await certified(office)
    const { name, folder: generation, manifest } = await backUp(office.folder, folder.file('second'))
    const path = join(generation, 'office.sqlite')
    const file = new SqliteDatabase(path)
    file.exec(
      "drop trigger if exists audit_event_is_not_changed; update audit_event set subject = 'khác' where sequence = 5",
    )
    file.close()
    const forged = { ...manifest, database: { ...manifest.database, sha256: await hashFile(path) } }
    await writeFile(join(generation, 'manifest.json'), JSON.stringify(forged))
    const { findings } = await verifyBackup(folder.file('second'), { name })
    expect(findings).toContainEqual(
      expect.objectContaining({
        kind: 'register-untrue',
        found: expect.objectContaining({ code: 'audit-event-broken', parameters: { sequence: 5 } }),
      }),
    )
  })

  test('made while four programs receive, sign and seal holds a true register, and none of them fails', async () => {
    using folder = temporaryFolder()
    await using office = await officeToLose(folder)
    const place = folder.file('second')
    let left = 4
    const days = ['một', 'hai', 'ba', 'bốn'].map(name =>
      dayOfAnother(office, 6, name).finally(() => {
        left -= 1
      }),
    )
    let made = 0
    while (left > 0) {
      await backUp(office.folder, place, { at: seconds(made) })
      made += 1
    }
    expect(await Promise.all(days)).toEqual([0, 0, 0, 0])
    await backUp(office.folder, place, { at: seconds(made) })
    for (const name of await generationNames(place)) expect((await verifyBackup(place, { name })).findings).toEqual([])
    expect((await readGeneration(place, (await generationNames(place))[0] ?? '')).manifest.head.numbers).toEqual([
      { kind: 'copy', year: 2026, highest: 24 },
    ])
  })

  test('is in the chain of events once it is whole, and the desk knows when that was', async () => {
    using folder = temporaryFolder()
    {
      await using office = await officeToLose(folder)
      await certified(office)
    }
    const desk = await openDesk(folder.file('office'), { ...thisMachine, clock: () => BACKUP_TIME })
    expect(await desk.lastBackup()).toBe(null)
    await expect(desk.backup(folder.file('second'))).rejects.toMatchObject({ code: 'backup-place-missing' })
    expect(await desk.lastBackup()).toBe(null)
    await mkdir(folder.file('second'))
    const { manifestSha256, manifest } = await desk.backup(folder.file('second'))
    expect(await desk.lastBackup()).toEqual(BACKUP_TIME)
    const [person] = await desk.people()
    const events = await desk.office.audit.events({ officeId: desk.officeId, personId: person?.id ?? '' })
    await desk.close()
    const { sequence, hash } = manifest.head
    expect(events.at(-1)).toMatchObject({ action: 'backup-made', data: { manifestSha256, sequence, hash } })
  })
})

describe('an office that lost its data', () => {
  test('has it back on another disk: nothing missing, nothing changed', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    const copies = [await certified(office, 'Giấy tờ 1'), await certified(office, 'Giấy tờ 2')]
    const before = await registerOf(office)
    await backUp(office.folder, place)
    await office[Symbol.asyncDispose]()
    await rm(office.folder, { recursive: true })

    const restored = await restore(office.folder, place)
    expect(restored).toMatchObject({ used: [], lost: [], findings: [], sealedSince: [] })
    await using back = await comeBack(office)
    expect(await registerOf(back)).toEqual(before)
    for (const copy of copies) await back.office.copies.file(back.officer, copy.id, 'sealed')
    expect((await certified(back, 'Giấy tờ 3')).certification?.number).toBe('03')
    expect(await auditFindings(back.parts.store.reader, back.admin.officeId)).toEqual([])
  })

  test('has what the authority witnessed: every anchor is in the backup, and no sweep takes one for a leftover', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    await certified(office, 'Giấy tờ 1')
    const { fileSha256 } = await office.office.audit.anchor(office.admin.officeId, 'asked')
    expect(await unreferencedBlobs(office.parts.store.reader, office.parts.blobs)).toEqual([])
    await backUp(office.folder, place)
    await office[Symbol.asyncDispose]()
    await rm(office.folder, { recursive: true })

    await restore(office.folder, place)
    await using back = await comeBack(office)
    await back.parts.blobs.verified(fileSha256)
    expect((await back.office.audit.verify(back.admin)).findings).toEqual([])
  })

  test('is not contradicted for ever by a witness of the events that it lost: it is set aside', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    await certified(office, 'Giấy tờ 1')
    await backUp(office.folder, place)
    await certified(office, 'Giấy tờ 2')
    const { fileSha256 } = await office.office.audit.anchor(office.admin.officeId, 'asked')
    await office[Symbol.asyncDispose]()
    for (const name of ['office.sqlite', 'office.sqlite-wal', 'office.sqlite-shm'])
      await rm(join(office.folder, name), { force: true })

    const { setAside } = await restore(office.folder, place)
    await using back = await comeBack(office)
    await certified(back, 'Giấy tờ 3')
    expect((await back.office.audit.verify(back.admin)).findings).toEqual([])
    expect(await back.parts.blobs.has(fileSha256)).toBe(false)
    const aside = openBlobs(join(office.folder, setAside, 'blobs'))
    await aside.verified(fileSha256)
  })

  test('never gives again the numbers that it used since the backup, and its register says so', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    for (let copy = 1; copy <= 7; copy += 1) await certified(office, `Giấy tờ ${copy}`)
    const { folder: generation } = await backUp(office.folder, place)
    const lost = [await certified(office, 'Giấy tờ 8'), await certified(office, 'Giấy tờ 9')]
    await office[Symbol.asyncDispose]()

    // The old file is put back by hand: the program stops.
    for (const suffix of ['-wal', '-shm']) await rm(`${join(office.folder, 'office.sqlite')}${suffix}`, { force: true })
    await copyFile(join(generation, 'office.sqlite'), join(office.folder, 'office.sqlite'))
    await expect(openDesk(office.folder)).rejects.toMatchObject({ code: 'store-older-than-head' })

    const restored = await restore(office.folder, place)
    expect(restored.used.map(({ number, source, fileSha256 }) => ({ number, source, fileSha256 }))).toEqual([
      { number: 8, source: 'file', fileSha256: lost[0]?.sealedSha256 },
      { number: 9, source: 'file', fileSha256: lost[1]?.sealedSha256 },
    ])
    expect(await readdir(join(office.folder, restored.setAside))).toContain('office.sqlite')

    await using back = await comeBack(office)
    const rows = await registerOf(back)
    expect(rows.map(row => row.number)).toEqual(['01', '02', '03', '04', '05', '06', '07', '08', '09'])
    expect(rows.slice(7)).toMatchObject([
      {
        state: 'void',
        copyId: null,
        book: '01/2026-SCT/BS',
        note: expect.stringContaining(lost[0]?.sealedSha256 ?? '?'),
      },
      { state: 'void', copyId: null, book: '01/2026-SCT/BS', note: expect.stringContaining('khôi phục') },
    ])
    expect((await certified(back, 'Giấy tờ mới')).certification?.number).toBe('10')
    expect(await back.office.register.books(back.officer)).toMatchObject([{ firstNumber: 1, lastNumber: 10 }])
    expect(await back.office.register.countYear(back.officer, 2026)).toMatchObject({ numbers: 10, voided: 2 })
    const events = await back.office.audit.events(back.admin, 0, 1000)
    expect(events.filter(each => each.action === 'number-restored').map(each => each.subject)).toEqual([
      '8/2026',
      '9/2026',
    ])
    expect(events.find(each => each.action === 'office-restored')?.data).toMatchObject({ numbers: 2 })
    expect(await auditFindings(back.parts.store.reader, back.admin.officeId)).toEqual([])
    // what was given out stays among the files that the next backup saves
    const next = await backUp(back.folder, place, { at: new Date(RESTORE_TIME.getTime() + 7_200_000) })
    expect((await verifyBackup(place, { name: next.name })).findings).toEqual([])
  })

  test('is told by the files alone that an old database came back, together with its head', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    await certified(office, 'Giấy tờ 1')
    const { folder: generation } = await backUp(office.folder, place)
    await certified(office, 'Giấy tờ 2')
    const check = (store: TestOffice['parts']['store']) =>
      requireNoLostCopies(office.folder, store.reader, office.admin.officeId, readNumberOfLines)
    await check(office.parts.store)
    await office[Symbol.asyncDispose]()
    await copyFile(join(generation, 'office.sqlite'), join(office.folder, 'office.sqlite'))
    await copyFile(join(generation, 'files/office.head.json'), join(office.folder, 'office.head.json'))
    const store = await openStore(join(office.folder, 'office.sqlite'))
    await expect(check(store)).rejects.toMatchObject({
      code: 'store-older-than-files',
      parameters: { number: 2, year: 2026 },
    })
    await store.close()
    expect((await restore(office.folder, place)).used).toMatchObject([{ number: 2, source: 'file' }])
    await using back = await comeBack(office)
    await check(back.parts.store)
  })

  test('is told by people and by copies given back where nothing else is left; a stranger’s file tells nothing', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    await certified(office, 'Giấy tờ 1')
    await backUp(office.folder, place)
    const given = await certified(office, 'Giấy tờ 2')
    const brought = folder.file('brought')
    await mkdir(brought)
    await copyFile(office.parts.blobs.path(given.sealedSha256 ?? ''), join(brought, 'ban-sao.pdf'))
    const foreign = (await readFile(join(brought, 'ban-sao.pdf'), 'utf8')).replace('xã Thanh Bình', 'xã Khác')
    await writeFile(join(brought, 'cua-xa-khac.pdf'), foreign)
    await office[Symbol.asyncDispose]()
    await rm(office.folder, { recursive: true })

    const restored = await restore(office.folder, place, {
      evidence: [brought],
      usedUntil: [{ year: 2026, number: 4 }],
    })
    expect(restored.used.map(({ number, source }) => [number, source])).toEqual([
      [2, 'file'],
      [3, 'person'],
      [4, 'person'],
    ])
    expect(restored.doubtful.map(each => each.path)).toEqual([join(brought, 'cua-xa-khac.pdf')])
    await using back = await comeBack(office)
    expect((await certified(back, 'Giấy tờ 5')).certification?.number).toBe('05')
    await back.parts.blobs.verified(given.sealedSha256 ?? '')
  })

  test('goes on in the new year’s series though its book was opened after the backup', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    await certified(office, 'Giấy tờ 1')
    await backUp(office.folder, place)
    await closedUntil(office, new Date('2027-01-04T02:00:00Z'))
    await office.office.register.openBook(office.officer)
    await certified(office, 'Giấy tờ năm mới')
    await office[Symbol.asyncDispose]()
    await rm(join(office.folder, 'office.sqlite'))

    const restored = await restore(office.folder, place, { at: new Date('2027-01-05T01:00:00Z') })
    expect(restored.used.map(({ number, year }) => [number, year])).toEqual([[1, 2027]])
    expect(restored.findings).toEqual([])
    await using back = await comeBack(office)
    back.time.now = new Date('2027-01-05T02:00:00Z')
    await back.office.register.openBook(back.officer)
    expect((await certified(back, 'Giấy tờ khác')).certification?.number).toBe('02')
  })

  test('has deliveries looked at by a person first: they may have gone out since', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    const copy = await certified(office)
    await backUp(office.folder, place)
    await office[Symbol.asyncDispose]()
    await rm(office.folder, { recursive: true })
    expect((await restore(office.folder, place)).deliveriesHeld).toBe(1)
    await using back = await comeBack(office)
    expect(await back.office.delivery.waitingForPerson(back.clerk)).toEqual([
      { copyId: copy.id, errorCode: 'delivery-after-restore' },
    ])
  })

  test('never signs a copy again under the number with which it left the house since the backup', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    const view = async (id: string) => office.office.copies.read(office.officer, id)
    const submittedOnly = await submitted(office, 'Giấy tờ 1')
    await prepared(office, submittedOnly)
    const signedOnly = await signed(office, await submitted(office, 'Giấy tờ 2'))
    const left = await submitted(office, 'Giấy tờ 3')
    await prepared(office, left)
    await backUp(office.folder, place)
    await sealed(office, await signed(office, await view(submittedOnly.id)))
    await sealed(office, await view(signedOnly.id))
    // signed, though never sealed: it has not left the house
    await signed(office, await view(left.id))
    await office[Symbol.asyncDispose]()
    await rm(join(office.folder, 'office.sqlite'))

    // Weeks later: the backup's age is no doubt about the clock.
    const restored = await restore(office.folder, place, { at: new Date('2026-12-14T01:00:00Z') })
    expect(restored.sealedSince.map(each => each.number).sort()).toEqual([1, 2])
    expect(restored.used).toEqual([])
    await using back = await comeBack(office)
    back.time.now = new Date('2026-12-14T02:00:00Z')
    const states = await Promise.all(
      [submittedOnly, signedOnly, left].map(async ({ id }) => (await back.office.copies.read(back.officer, id)).state),
    )
    expect(states).toEqual(['draft', 'draft', 'submitted'])
    expect((await registerOf(back)).map(row => [row.number, row.state])).toEqual([
      ['01', 'void'],
      ['02', 'void'],
      ['03', 'pending'],
    ])
    const again = await back.office.copies.submit(
      back.officer,
      await back.office.copies.read(back.officer, signedOnly.id),
      {
        comparedWithOriginal: true,
        allPagesPresent: true,
      },
    )
    expect((await sealed(back, await signed(back, again))).certification?.number).toBe('04')
    expect(await auditFindings(back.parts.store.reader, back.admin.officeId)).toEqual([])
  })

  test('keeps its sound data: a restore over it is refused, and another office’s backup always', async () => {
    using folder = temporaryFolder()
    using other = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    await certified(office)
    await backUp(office.folder, place)
    await expect(restore(office.folder, place)).rejects.toMatchObject({ code: 'store-busy' })
    await office[Symbol.asyncDispose]()
    await expect(restore(office.folder, place)).rejects.toMatchObject({ code: 'restore-not-needed' })
    const stranger = await officeToLose(other)
    await stranger[Symbol.asyncDispose]()
    await expect(restore(stranger.folder, place, { replace: true })).rejects.toMatchObject({
      code: 'backup-other-office',
    })
    expect((await restore(office.folder, place, { replace: true })).used).toEqual([])
  })

  test('is not mistaken for another office whose backups lie in the same place', async () => {
    using folder = temporaryFolder()
    using other = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    await certified(office)
    const own = await backUp(office.folder, place)
    await office[Symbol.asyncDispose]()
    const neighbour = await officeToLose(other)
    await backUp(neighbour.folder, place, { at: seconds(60) })
    await neighbour[Symbol.asyncDispose]()

    await expect(restore(folder.file('new'), place)).rejects.toMatchObject({ code: 'backup-several-offices' })
    await rm(join(office.folder, 'office.sqlite'))
    expect((await restore(office.folder, place)).name).toBe(own.name)
    await rm(join(office.folder, 'settings.json'))
    expect((await restore(office.folder, place)).name).toBe(own.name)
    expect((await restore(folder.file('new'), place, { name: own.name })).name).toBe(own.name)
  })

  test('writes nowhere else, whatever a manifest says', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    const { folder: generation, manifest } = await backUp(office.folder, place)
    await office[Symbol.asyncDispose]()
    for (const path of ['../outside.json', '/tmp/outside.json', 'a/../../outside.json', 'c:outside.json']) {
      const files = manifest.files.map(file => ({ ...file, path }))
      await writeFile(join(generation, 'manifest.json'), JSON.stringify({ ...manifest, files }))
      await expect(restore(folder.file('new'), place)).rejects.toMatchObject({ code: 'backup-damaged' })
    }
  })

  test('is not restored from a damaged backup, nor from a place without one', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    await certified(office)
    await office[Symbol.asyncDispose]()
    await expect(restore(folder.file('new'), place)).rejects.toMatchObject({ code: 'backup-not-found' })
    const { folder: generation } = await backUp(office.folder, place)
    await truncate(join(generation, 'office.sqlite'), 4096)
    await expect(restore(folder.file('new'), place)).rejects.toMatchObject({ code: 'backup-damaged' })
    expect(await generationNames(folder.file('new'))).toEqual([])
  })
})

const KILLS = 10

/** Kills the work at ten random moments spread over how long it takes; now and then it comes to its end. */
async function killedOften(
  words: (round: number) => readonly string[],
  after: (killed: boolean, round: number) => Promise<void>,
): Promise<void> {
  const script = join(import.meta.dirname, 'backup-process.ts')
  let whole = 200
  let kills = 0
  for (let round = 0; kills < KILLS; round += 1) {
    const child = fork(script, [...words(round)])
    const ended = once(child, 'exit')
    await once(child, 'message')
    const begun = performance.now()
    const pause = wait(Math.random() * whole).then(() => child.kill('SIGKILL'))
    const [code] = await ended
    await pause
    if (code === 0) whole = Math.max(20, performance.now() - begun)
    else kills += 1
    await after(code !== 0, round)
  }
}

describe('killed at any moment', () => {
  test('a backup is whole or none, and the next one works', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    await using office = await officeToLose(folder)
    for (let copy = 0; copy < 12; copy += 1) await certified(office, `Giấy tờ ${copy}`)
    await killedOften(
      round => ['backup', office.folder, place, seconds(round).toISOString()],
      async (killed, round) => {
        // every other time from nothing, so that the stored files are killed among too
        for (const name of await generationNames(place))
          expect((await verifyBackup(place, { name })).findings).toEqual([])
        if (killed && round % 3 === 0) await rm(join(place, 'blobs'), { recursive: true, force: true })
        if (killed && round % 3 === 0)
          for (const name of await generationNames(place)) await rm(join(place, name), { recursive: true })
      },
    )
    const { name } = await backUp(office.folder, place, { at: seconds(1000) })
    expect((await verifyBackup(place, { name })).findings).toEqual([])
  }, 180_000)

  test('a restore done again comes to the same, and loses nothing that was there', async () => {
    using folder = temporaryFolder()
    const place = folder.file('second')
    const office = await officeToLose(folder)
    for (let copy = 0; copy < 6; copy += 1) await certified(office, `Giấy tờ ${copy}`)
    await backUp(office.folder, place)
    for (let copy = 6; copy < 8; copy += 1) await certified(office, `Giấy tờ ${copy}`)
    await office[Symbol.asyncDispose]()
    const head = await readFile(join(office.folder, 'office.head.json'), 'utf8')
    await writeFile(join(office.folder, 'office.sqlite'), 'hỏng '.repeat(2000))

    await cp(office.folder, folder.file('try-0'), { recursive: true })
    await killedOften(
      round => ['restore', folder.file(`try-${round}`), place, RESTORE_TIME.toISOString()],
      async (killed, round) => {
        const into = folder.file(`try-${round}`)
        if (killed)
          await restore(into, place).catch(error => expect(error).toMatchObject({ code: 'restore-not-needed' }))
        const store = await openStore(join(into, 'office.sqlite'))
        const rows = await store.reader.selectFrom('restored_number').select('number').orderBy('number').execute()
        expect(rows.map(row => row.number)).toEqual([7, 8])
        await store.close()
        expect((await readHeads(join(into, 'office.head.json')))?.[office.admin.officeId]?.numbers[0]?.highest).toBe(8)
        const aside = await filesBelow(join(into, 'set-aside'))
        const contents = await Promise.all(aside.map(file => readFile(file, 'utf8')))
        expect(contents).toContain(head)
        expect(contents).toContain('hỏng '.repeat(2000))
        await rm(into, { recursive: true })
        await cp(office.folder, folder.file(`try-${round + 1}`), { recursive: true })
      },
    )
    expect((await verifyBackup(place)).findings).toEqual([])
  }, 180_000)
})
