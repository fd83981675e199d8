import { appendFileSync, chmodSync, readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { verifyCopy } from '../../electron/office/verification/judge-copy.ts'
import { readTrust } from '../../electron/signing-parts.ts'
import { hashFile, unreferencedBlobs } from '../../electron/store/blobs.ts'
import { SigningError, verifyPdf } from '../../native-signing/index.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { openPractice, type Practice } from '../support/practice.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'
import { certified, closedUntil, type TestOffice, testOffice } from './office-support.ts'

describe('the office', () => {
  let folder: TemporaryFolder
  let test_: TestOffice
  beforeEach(async () => {
    folder = temporaryFolder('office-archive-')
    test_ = await testOffice(folder.path)
  })
  afterEach(async () => {
    await test_[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  test('archives what is sealed, once, and again when the archive time-stamp grows old', async () => {
    const { office, clerk, parts } = test_
    const copy = await certified(test_)
    expect(await office.archive.due(clerk)).toEqual([copy.id])
    expect(await office.archive.lastsUntil(clerk, copy.id)).toBeNull()
    expect(await office.archive.renew(clerk, copy.id)).toEqual({ lastsUntil: new Date('2030-01-01T00:00:00Z') })
    expect(await office.archive.due(clerk)).toEqual([])
    expect(await office.archive.lastsUntil(clerk, copy.id)).toEqual(new Date('2030-01-01T00:00:00Z'))

    const first = readFileSync(await office.archive.file(clerk, copy.id))
    const before = readFileSync(await office.copies.file(clerk, copy.id, 'sealed'))
    expect(first.subarray(0, before.length).equals(before)).toBe(true)

    await closedUntil(test_, new Date('2029-08-01T00:00:00Z'))
    expect(await office.archive.due(clerk)).toEqual([copy.id])
    await office.archive.renew(clerk, copy.id)
    const second = await office.archive.file(clerk, copy.id)
    expect(readFileSync(second).subarray(0, first.length).equals(first)).toBe(true)

    const archived = (await office.audit.events(clerk)).filter(({ action }) => action === 'copy-archived')
    expect(archived.map(({ subject, data }) => [subject, data['fileSha256']])).toEqual([
      [copy.id, expect.any(String)],
      [copy.id, await hashFile(second)],
    ])
    expect(await unreferencedBlobs(parts.store.reader, parts.blobs)).not.toContain(await hashFile(second))
    expect((await office.copies.read(clerk, copy.id)).sealedSha256).toBe(copy.sealedSha256)
  })

  test('an archive time-stamp that lasts for less than a year is renewed after half of its time, not at once', async () => {
    const day = 86_400_000
    await using office = await testOffice(folder.file('short'), {
      archiver: async (input, options) => {
        await test_.parts.archiver(input, options)
        return { lastsUntil: new Date(office.time.now.getTime() + 200 * day) }
      },
    })
    const [copy, other] = [await certified(office), await certified(office)]
    const archivedAt = office.time.now.getTime()
    await office.office.archive.renew(office.clerk, copy.id)
    const dueAfter = async (days: number) => {
      office.time.now = new Date(archivedAt + days * day)
      return office.office.archive.due(office.clerk)
    }
    expect(await dueAfter(0)).toEqual([other.id])
    expect(await dueAfter(99)).toEqual([other.id])
    // what was never archived comes first
    expect(await dueAfter(101)).toEqual([other.id, copy.id])
  })

  test('refuses whoever may not, a copy that is not sealed, and changes nothing when the engine fails', async () => {
    const { office, officer, clerk } = test_
    const copy = await certified(test_)
    await expect(office.archive.renew(officer, copy.id)).rejects.toMatchObject({ code: 'role-missing' })
    await expect(office.archive.renew(clerk, 'nothing')).rejects.toMatchObject({ code: 'copy-unknown' })
    await expect(office.archive.file(clerk, copy.id)).rejects.toMatchObject({ code: 'file-missing' })

    await using failing = await testOffice(folder.file('failing'), {
      archiver: () => Promise.reject(Object.assign(new Error('away'), { code: 'timestamp-unavailable' })),
    })
    const other = await certified(failing)
    await expect(failing.office.archive.renew(failing.clerk, other.id)).rejects.toMatchObject({
      code: 'timestamp-unavailable',
    })
    expect(await failing.office.archive.due(failing.clerk)).toEqual([other.id])
  })

  test('a copy that cannot be archived does not hold up the others; an authority that is away ends the round', async () => {
    const faults = new Map([[1, new SigningError('self-check-failed', { reason: 'damaged' })]])
    let asked = 0
    await using office = await testOffice(folder.file('some-bad'), {
      archiver: (input, options) => {
        const fault = faults.get(++asked)
        return fault ? Promise.reject(fault) : test_.parts.archiver(input, options)
      },
    })
    const copies = [await certified(office), await certified(office), await certified(office)].map(({ id }) => id)
    const round = async (signal?: AbortSignal) => {
      const steps: string[] = []
      for await (const { copyId, result } of office.office.archive.renewDue(office.clerk, signal))
        steps.push(`${copies.indexOf(copyId)} ${result}`)
      return steps
    }
    await expect(office.office.archive.renewDue(office.officer).next()).rejects.toMatchObject({ code: 'role-missing' })
    expect(await round(AbortSignal.abort())).toEqual([])
    expect(await round()).toEqual(['0 failed', '1 renewed', '2 renewed'])
    expect(await office.office.archive.due(office.clerk)).toEqual([copies[0]])

    await closedUntil(office, new Date('2029-08-01T00:00:00Z'))
    faults.set(asked + 1, new SigningError('timestamp-unavailable'))
    expect(await round()).toHaveLength(1)
    expect(await round()).toEqual(['0 renewed', '1 renewed', '2 renewed'])
  })
})

describe('with the real engine', () => {
  let practice: Practice
  beforeAll(async () => {
    practice = await openPractice()
  })
  afterAll(() => practice[Symbol.asyncDispose]())

  test('the archived copy is B-LTA, still a good copy, and renewed it has one time-stamp more', {
    timeout: 180_000,
  }, async () => {
    const { desk, officeFolder } = practice
    const [copy] = await practice.submitted(1)
    if (!copy) throw new Error('no copy')
    await practice.sign([copy], 'signature')
    const clerk = await practice.actor('clerk')
    await practice.sign([await desk.office.copies.read(clerk, copy.id)], 'seal')
    await desk.office.archive.renew(clerk, copy.id)
    const trust = await readTrust(officeFolder, desk.settings.trust)
    const file = await desk.office.archive.file(clerk, copy.id)
    const report = await verifyPdf(file, trust)
    expect(report.valid).toBe(true)
    expect(report.signatures.map(({ kind, level }) => level ?? kind)).toEqual(['B-LTA', 'B-LTA', 'document-timestamp'])
    expect(verifyCopy(file, report)).toMatchObject({ good: true, number: '01' })

    await desk.office.archive.renew(clerk, copy.id)
    const renewed = await verifyPdf(await desk.office.archive.file(clerk, copy.id), trust)
    expect(renewed.valid).toBe(true)
    expect(renewed.signatures.filter(({ kind }) => kind === 'document-timestamp')).toHaveLength(2)
  })

  test('from a terminal: a damaged copy is named and does not hold up the others, nor end as if all were done', {
    timeout: 180_000,
  }, async () => {
    const { desk, officeFolder } = practice
    const copies = await practice.submitted(2)
    await practice.sign(copies, 'signature')
    const clerk = await practice.actor('clerk')
    await practice.sign(await Promise.all(copies.map(({ id }) => desk.office.copies.read(clerk, id))), 'seal')
    const [damaged, good] = await desk.office.archive.due(clerk)
    const blob = await desk.office.copies.file(clerk, damaged ?? '', 'sealed')
    chmodSync(blob, 0o600)
    appendFileSync(blob, '%')
    const { status, stdout } = await ctdesk(['office', 'archive', '--office', officeFolder, '--json'])
    expect([status, JSON.parse(stdout)]).toMatchObject([
      2,
      {
        error: { code: 'blob-damaged' },
        copies: [
          { copyId: damaged, result: 'failed', error: { code: 'blob-damaged' } },
          { copyId: good, result: 'renewed' },
        ],
      },
    ])
    expect(await desk.office.archive.due(clerk)).toEqual([damaged])
  })
})
