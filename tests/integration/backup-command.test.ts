import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ctdesk } from '../support/ctdesk.ts'
import { openPractice, type Practice } from '../support/practice.ts'

/** Runs a command of the office. @returns its exit status and what it printed for programs */
async function office(folder: string | null, ...words: readonly string[]) {
  const done = await ctdesk(['office', ...words, ...(folder === null ? [] : ['--office', folder]), '--json'])
  return { status: done.status, data: z.record(z.string(), z.unknown()).parse(JSON.parse(done.stdout)) }
}

const error = (code: string) => ({ status: 2, data: { error: { code, message: expect.any(String) } } })

describe('ctdesk office backup and restore', () => {
  let practice: Practice
  let place: string
  beforeAll(async () => {
    practice = await openPractice(false)
    place = practice.folder.file('second')
  })
  afterAll(() => practice[Symbol.asyncDispose]())

  async function certify(): Promise<string> {
    const submitted = await practice.submitted(1)
    await practice.sign(submitted, 'signature')
    const clerk = await practice.actor('clerk')
    const { copies } = practice.desk.office
    const [id] = submitted.map(each => each.id)
    await practice.sign([await copies.read(clerk, id ?? '')], 'seal')
    return copies.file(clerk, id ?? '', 'sealed')
  }

  test('bring an office back on another disk, with the numbers that its given-out copies bear', async () => {
    await certify()
    expect(await office(practice.officeFolder, 'backup')).toEqual(error('backup-not-set'))
    expect(await office(practice.officeFolder, 'backup', '--to', place)).toEqual(error('backup-place-missing'))
    mkdirSync(place)
    const made = await office(practice.officeFolder, 'backup', '--to', place)
    expect(made).toMatchObject({ status: 0, data: { lost: [], leftOut: expect.arrayContaining(['practice']) } })
    expect(await office(null, 'backup', 'verify', place)).toMatchObject({ status: 0, data: { valid: true } })

    const brought = practice.folder.file('brought')
    mkdirSync(brought)
    copyFileSync(await certify(), join(brought, 'hai.pdf'))
    copyFileSync(await certify(), join(brought, 'ba.pdf'))
    writeFileSync(join(brought, 'ghi-chu.txt'), 'không phải bản sao')
    const forged = readFileSync(join(brought, 'ba.pdf'))
    writeFileSync(join(brought, 'cat-cut.pdf'), forged.subarray(0, forged.length / 2))

    const again = practice.folder.file('again')
    const words = ['restore', '--from', place, '--evidence', brought, '--used-until', '04/2026'] as const
    const year = new Date().getUTCFullYear()
    const restored = await office(again, ...words.map(word => word.replace('2026', String(year))))
    expect(restored).toMatchObject({
      status: 0,
      data: {
        used: [
          { number: 2, year, source: 'file' },
          { number: 3, year, source: 'file' },
          { number: 4, year, source: 'person' },
        ],
        ...{ doubtful: [], lost: [], findings: [], deliveriesHeld: 1 },
      },
    })
    expect(await office(again, 'audit')).toMatchObject({ status: 0, data: { intact: true } })
    const out = practice.folder.file('prints')
    expect(
      await office(again, 'register', '--from', `${year}-01-01`, '--to', `${year}-12-31`, '--out', out),
    ).toMatchObject({ status: 0 })
    expect(await office(again, ...words)).toEqual(error('restore-not-needed'))
  })

  test('an old database put back with its head is stopped by the copies that lie among the files', async () => {
    const { officeFolder, folder } = practice
    const old = new SqliteDatabase(join(officeFolder, 'office.sqlite'))
    old.prepare('vacuum into ?').run(folder.file('old.sqlite'))
    old.close()
    copyFileSync(join(officeFolder, 'office.head.json'), folder.file('old.head.json'))
    await certify()
    const older = folder.file('older')
    cpSync(officeFolder, older, { recursive: true })
    for (const suffix of ['-wal', '-shm']) rmSync(join(older, `office.sqlite${suffix}`), { force: true })
    copyFileSync(folder.file('old.sqlite'), join(older, 'office.sqlite'))
    copyFileSync(folder.file('old.head.json'), join(older, 'office.head.json'))
    expect(await office(older, 'list')).toEqual(error('store-older-than-files'))
    expect(await office(older, 'restore', '--from', place)).toMatchObject({
      status: 0,
      data: { used: [{ number: 2 }, { number: 3 }, { number: 4 }] },
    })
    expect(await office(older, 'list')).toMatchObject({ status: 0 })
  })

  test('tell a place that lies within the office, and wrong words', async () => {
    const inside = join(practice.officeFolder, 'second')
    expect(await office(practice.officeFolder, 'backup', '--to', inside)).toEqual(error('backup-place-wrong'))
    expect(await office(null, 'backup', 'verify', practice.folder.path)).toEqual(error('backup-not-found'))
    expect(await office(practice.folder.file('x'), 'restore', '--from', place, '--used-until', 'bốn')).toEqual(
      error('argument-invalid'),
    )
  })

  test('say what to do where the settings or the database are gone, and never make a new one', async () => {
    const again = practice.folder.file('again')
    for (const [file, code] of [
      ['office.sqlite', 'store-missing'],
      ['settings.json', 'settings-missing'],
    ] as const) {
      rmSync(join(again, file))
      const said = await office(again, 'list')
      expect(said).toEqual(error(code))
      expect(JSON.stringify(said.data)).toContain('ctdesk office restore')
      expect(existsSync(join(again, file))).toBe(false)
    }
    expect(await office(again, 'init', '--name', 'Mới (mẫu)', '--admin', 'Mới (mẫu)')).toEqual(error('store-missing'))
    expect(await office(again, 'restore', '--from', place)).toMatchObject({ status: 0 })
    expect(await office(again, 'list')).toMatchObject({ status: 0 })
  })

  test('head-renew sets an unreadable head aside, and the chain says that it was made anew', async () => {
    const again = practice.folder.file('again')
    writeFileSync(join(again, 'office.head.json'), '{')
    expect(await office(again, 'list')).toEqual(error('head-unreadable'))
    expect(await office(again, 'head-renew')).toMatchObject({ status: 0 })
    expect(await office(again, 'list')).toMatchObject({ status: 0 })
    expect(readdirSync(again).filter(name => name.startsWith('office.head.unreadable-'))).toHaveLength(1)
  })
})
