import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createOffice } from '../../electron/office/office.ts'
import type { OfficeParts } from '../../electron/office/parts.ts'
import { type BlobStore, unreferencedBlobs } from '../../electron/store/blobs.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  certified,
  choiceOf,
  lineEngine,
  OFFICE,
  SIGNER,
  signedBy,
  submitted,
  type TestOffice,
  testOffice,
  textComposer,
} from './office-support.ts'

/** The parts, each outside effect counted; the one with the given number fails instead, as power loss or a full disk would. */
function failingAt(
  parts: OfficeParts,
  effect: number,
): { readonly parts: OfficeParts; readonly effects: () => number } {
  let count = 0
  const step = (): void => {
    count += 1
    if (count === effect) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
  }
  const around = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    step()
    const result = await work()
    step()
    return result
  }
  const blobs: BlobStore = {
    ...parts.blobs,
    put: bytes => around(() => parts.blobs.put(bytes)),
    putFile: path => around(() => parts.blobs.putFile(path)),
  }
  return {
    effects: () => count,
    parts: {
      ...parts,
      blobs,
      store: {
        ...parts.store,
        write: work =>
          parts.store.write(async writer => {
            const result = await work(writer)
            step()
            return result
          }),
      },
      compose: (request, out) => around(() => textComposer(request, out)),
      engine: {
        timestamps: true,
        prepare: (...given) => around(() => lineEngine.prepare(...given)),
        complete: (...given) => around(() => lineEngine.complete(...given)),
        verify: file => around(() => lineEngine.verify(file)),
      },
    },
  }
}

/** From submitted to sealed, going on from whatever step the copy is at. */
async function finish(test: TestOffice, parts: OfficeParts, copyId: string): Promise<void> {
  const { signing, copies } = createOffice(parts)
  let copy = await copies.read(test.signer, copyId)
  if (copy.state === 'submitted') {
    const start = await signing.prepareSignature(test.signer, copy, choiceOf(SIGNER))
    copy = await signing.completeSignature(test.signer, start, signedBy(SIGNER))
  }
  if (copy.state === 'signed') {
    const seal = await signing.prepareSeal(test.clerk, copy, choiceOf(OFFICE))
    await signing.completeSeal(test.clerk, seal, signedBy(OFFICE))
  }
}

describe('a crash between any two steps', () => {
  it('loses no number, no copy and no file, whichever step it hits', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const probe = failingAt(test.parts, 0)
    await finish(test, probe.parts, (await submitted(test, 'Đo số bước')).id)
    const steps = probe.effects()
    expect(steps).toBeGreaterThan(15)

    for (let effect = 1; effect <= steps; effect += 1) {
      const copy = await submitted(test, `Hỏng ở bước ${effect}`)
      await expect(finish(test, failingAt(test.parts, effect).parts, copy.id)).rejects.toMatchObject({ code: 'ENOSPC' })
      await finish(test, test.parts, copy.id)
    }

    const rows = await test.office.register.rows(test.officer, '2026-01-01', '2026-12-31')
    expect(rows.map(row => Number(row.number))).toEqual(Array.from({ length: steps + 1 }, (_, index) => index + 1))
    expect(new Set(rows.map(row => row.copyId)).size).toBe(steps + 1)
    expect(rows.every(row => row.state === 'certified')).toBe(true)
    expect(await test.office.audit.verify(test.admin)).toMatchObject({ intact: true })

    const audited = new Set((await test.office.audit.events(test.admin)).map(event => event.data['sealedSha256']))
    for (const copy of await test.office.copies.list(test.officer)) {
      expect(audited.has(copy.sealedSha256)).toBe(true)
      await test.parts.blobs.verified(copy.sealedSha256 ?? '')
    }
    const outbox = await test.parts.store.reader.selectFrom('outbox').selectAll().execute()
    expect(outbox.length).toBe(steps + 1)
  })

  it('leaves nothing half-written: stored files are whole or absent', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await certified(test)
    const orphan = await test.parts.blobs.put(new TextEncoder().encode('không ai dùng'))
    expect(await unreferencedBlobs(test.parts.store.reader, test.parts.blobs)).toEqual([orphan])
    await writeFile(test.parts.blobs.path(copy.sealedSha256 ?? ''), 'khác')
    await expect(test.office.copies.file(test.clerk, copy.id, 'sealed')).rejects.toMatchObject({ code: 'blob-damaged' })
    expect(await readdir(join(folder.path, 'work'))).toEqual([])
  })
})

describe('the audit chain', () => {
  it('holds no names, personal numbers or typed reasons', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await submitted(test, 'Giấy khai sinh của Hoa')
    await test.office.copies.refuse(test.officer, copy, 1, 'Chị Dung tẩy ngày sinh')
    const text = JSON.stringify(await test.parts.store.reader.selectFrom('audit_event').selectAll().execute())
    for (const personal of ['Dung', '001190000001', 'Hoa', 'Nguyễn', 'Cường']) expect(text).not.toContain(personal)
  })
})
