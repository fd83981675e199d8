import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { hashFile, openBlobs } from '../../electron/store/blobs.ts'
import { makeStore } from '../../electron/store/store.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const founding = { name: 'UBND xã Mẫu', seal_certificate_sha256: null, seal_image_sha256: null, created_at: '2026' }

describe('store', () => {
  it('is made once by programs that start at the same time', async () => {
    using folder = temporaryFolder()
    const script = join(import.meta.dirname, 'store-open-process.ts')
    const codes = [1, 2, 3, 4].map(async () => (await once(fork(script, [folder.file('office.sqlite')]), 'exit'))[0])
    expect(await Promise.all(codes)).toEqual([0, 0, 0, 0])
    const store = await makeStore(folder.file('office.sqlite'))
    expect(await store.reader.selectFrom('office').selectAll().execute()).toHaveLength(4)
    await store.close()
  })

  it('writes a transaction whole or not at all', async () => {
    using folder = temporaryFolder()
    const store = await makeStore(folder.file('office.sqlite'))
    const broken = store.write(async writer => {
      await writer
        .insertInto('office')
        .values({ ...founding, office_id: 'a' })
        .execute()
      throw new Error('power loss')
    })
    await expect(broken).rejects.toThrow('power loss')
    expect(await store.reader.selectFrom('office').selectAll().execute()).toEqual([])
    await store.close()
  })

  it('says that the disk is full, keeps nothing of the transaction, and goes on when there is room again', async () => {
    using folder = temporaryFolder()
    const store = await makeStore(folder.file('office.sqlite'))
    const limit = (pages: number) =>
      store.write(writer => sql`pragma max_page_count = ${sql.lit(pages)}`.execute(writer))
    const found = (id: string, name: string) =>
      store.write(async writer => {
        for (const part of [1, 2]) {
          await writer
            .insertInto('office')
            .values({ ...founding, office_id: `${id}${part}`, name })
            .execute()
        }
      })
    await limit(1)
    await expect(found('a', 'x'.repeat(50_000))).rejects.toMatchObject({ code: 'disk-full' })
    expect(await store.reader.selectFrom('office').selectAll().execute()).toEqual([])
    await limit(100_000)
    await found('b', 'đủ chỗ')
    expect(await store.reader.selectFrom('office').selectAll().execute()).toHaveLength(2)
    await store.close()
  })

  it('lets writers of two handles queue, where both read first', async () => {
    using folder = temporaryFolder()
    const stores = await Promise.all([1, 2].map(() => makeStore(folder.file('office.sqlite'))))
    const [first] = stores
    if (!first) throw new Error('no store')
    await first.write(writer =>
      writer
        .insertInto('office')
        .values({ ...founding, office_id: 'a', name: '0' })
        .execute(),
    )
    for (let round = 0; round < 20; round += 1) {
      for (const store of stores) {
        await store.write(async writer => {
          const { name } = await writer.selectFrom('office').select('name').executeTakeFirstOrThrow()
          await writer
            .updateTable('office')
            .set({ name: String(Number(name) + 1) })
            .execute()
        })
      }
    }
    expect(await first.reader.selectFrom('office').select('name').executeTakeFirst()).toEqual({ name: '40' })
    for (const store of stores) await store.close()
  })

  it('says that the file is damaged, rather than starting afresh', async () => {
    using folder = temporaryFolder()
    await writeFile(folder.file('office.sqlite'), 'x'.repeat(5000))
    await expect(makeStore(folder.file('office.sqlite'))).rejects.toMatchObject({ code: 'store-damaged' })
    expect(await readFile(folder.file('office.sqlite'), 'utf8')).toBe('x'.repeat(5000))
  })

  it('leads every table with the office', async () => {
    using folder = temporaryFolder()
    const store = await makeStore(folder.file('office.sqlite'))
    const tables = await store.reader.introspection.getTables()
    expect(tables.map(table => [table.name, table.columns[0]?.name])).toEqual(
      tables.map(table => [table.name, 'office_id']),
    )
    expect(tables.length).toBe(15)
    await store.close()
  })
})

describe('blobs', () => {
  it('give back what was put, under its hash, however it came', async () => {
    using folder = temporaryFolder()
    const blobs = openBlobs(folder.file('blobs'))
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async bytes => {
        const sha256 = await blobs.put(bytes)
        await writeFile(folder.file('same'), bytes)
        expect(await blobs.putFile(folder.file('same'))).toBe(sha256)
        expect(new Uint8Array(await readFile(await blobs.verified(sha256)))).toEqual(bytes)
        expect(await hashFile(blobs.path(sha256))).toBe(sha256)
      }),
      { numRuns: 20 },
    )
  })

  it('tell a missing file and a damaged one', async () => {
    using folder = temporaryFolder()
    const blobs = openBlobs(folder.file('blobs'))
    await expect(blobs.verified('0'.repeat(64))).rejects.toMatchObject({ code: 'blob-missing' })
    const sha256 = await blobs.put(new Uint8Array([1, 2, 3]))
    await writeFile(blobs.path(sha256), new Uint8Array([1, 2, 4]))
    await expect(blobs.verified(sha256)).rejects.toMatchObject({ code: 'blob-damaged' })
  })

  it('are compared again before they are looked at when anybody has touched them', async () => {
    using folder = temporaryFolder()
    const blobs = openBlobs(folder.file('blobs'))
    await expect(blobs.looked('0'.repeat(64))).rejects.toMatchObject({ code: 'blob-missing' })
    const sha256 = await blobs.put(new Uint8Array([1, 2, 3]))
    const path = await blobs.looked(sha256)
    expect(await blobs.looked(sha256)).toBe(path)
    const { atime, mtime } = await stat(path)
    await writeFile(path, new Uint8Array([1, 2, 4]))
    await utimes(path, atime, mtime)
    await expect(blobs.looked(sha256)).rejects.toMatchObject({ code: 'blob-damaged' })
    await writeFile(path, new Uint8Array([1, 2, 3]))
    expect(await blobs.looked(sha256)).toBe(path)
    await rm(path)
    await expect(blobs.looked(sha256)).rejects.toMatchObject({ code: 'blob-missing' })
  })

  it('leave nothing behind when writing fails', async () => {
    using folder = temporaryFolder()
    const blobs = openBlobs(folder.file('blobs'))
    await expect(blobs.putFile(folder.file('missing'))).rejects.toMatchObject({ code: 'ENOENT' })
    await mkdir(folder.file('blobs'), { recursive: true })
    expect(await readdir(folder.file('blobs'), { recursive: true })).toEqual([])
  })

  it('take no path for a name', () => {
    expect(() => openBlobs('/nowhere').path('../../etc/passwd')).toThrow(TypeError)
  })
})
