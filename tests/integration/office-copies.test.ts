import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { CertifiedCopyRequest } from '../../electron/document/types.ts'
import { createOffice } from '../../electron/office/office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  certified,
  choiceOf,
  lineEngine,
  OFFICE,
  pageFile,
  prepared,
  requestOf,
  SIGNER,
  sealed,
  signed,
  signedBy,
  submitted,
  testOffice,
  textComposer,
} from './office-support.ts'

const fails = (code: string) => expect.objectContaining({ code })

describe('work on a copy', () => {
  it('goes from the desk to the outbox, one number, each step with its audit event', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await certified(test)
    expect(copy).toMatchObject({
      state: 'sealed',
      certification: { number: '01', book: '01/2026-SCT/BS', date: '2026-11-20' },
      fee: 2000,
      originalPages: 1,
    })
    const actions = (await test.office.audit.events(test.admin)).filter(event => event.subject === copy.id)
    expect(actions.map(event => event.action)).toEqual([
      'copy-received',
      'pages-changed',
      'copy-submit',
      'number-taken',
      'content-fixed',
      'copy-composed',
      'copy-sign',
      'copy-seal',
    ])
    expect(await test.office.audit.verify(test.admin)).toMatchObject({ intact: true })
    expect(await test.office.copies.file(test.clerk, copy.id, 'sealed')).toContain(copy.sealedSha256)
  })

  it('signs with the content the end of the chain before its number, once: what happens later changes nothing of it', async () => {
    using folder = temporaryFolder()
    const requests: CertifiedCopyRequest[] = []
    await using test = await testOffice(folder.path, {
      compose: (request, out) => {
        requests.push(request)
        return textComposer(request, out)
      },
    })
    await certified(test, 'Giấy khai sinh')
    const copy = await submitted(test, 'Bằng tốt nghiệp')
    const first = await prepared(test, copy)
    const again = await prepared(test, first.copy)
    expect(again.toBeSigned.inputSha256).toBe(first.toBeSigned.inputSha256)

    const events = await test.office.audit.events(test.admin)
    const before = events.findIndex(({ action, subject }) => action === 'number-taken' && subject === copy.id) - 1
    const { sequence, hash } = events[before] ?? {}
    expect(requests.map(({ form, chain }) => ({ form, chain }))[1]).toEqual({ form: 1, chain: { sequence, hash } })
    const known = requests[1] ? [requests[1].chain] : []
    expect(await test.office.audit.verify(test.admin, { known })).toMatchObject({ intact: true })
    const elsewhere = known.map(({ hash }) => ({ sequence: 1, hash }))
    expect(await test.office.audit.verify(test.admin, { known: elsewhere })).toMatchObject({ intact: false })
  })

  it('is done only by whose work it is', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const { office, officer, signer, clerk, admin } = test
    const wrong = fails('role-missing')
    await expect(office.requests.receive(clerk, requestOf())).rejects.toEqual(wrong)
    await expect(office.people.add(officer, { name: 'Ai đó (mẫu)', roles: ['signer'] })).rejects.toEqual(wrong)
    await expect(office.register.openBook(signer)).rejects.toEqual(wrong)
    await expect(office.register.closeYear(admin, 2026)).rejects.toEqual(wrong)

    const [draft] = (await office.requests.receive(officer, requestOf())).copies
    if (!draft) throw new Error('no copy')
    const page = await pageFile(folder.path)
    await expect(office.copies.addPages(signer, draft, [page])).rejects.toEqual(wrong)
    await expect(office.copies.returnForMending(clerk, draft, 'sai')).rejects.toEqual(fails('copy-state-wrong'))

    const copy = await submitted(test)
    await expect(office.signing.prepareSignature(officer, copy, choiceOf(SIGNER))).rejects.toEqual(wrong)
    await expect(office.signing.prepareSignature(clerk, copy, choiceOf(SIGNER))).rejects.toEqual(wrong)
    const done = await signed(test, copy)
    await expect(office.signing.prepareSeal(signer, done, choiceOf(OFFICE))).rejects.toEqual(wrong)
    await expect(
      office.copies.cancel(clerk, await sealed(test, done), { number: '1', date: '2026-11-20' }),
    ).rejects.toEqual(wrong)
  })

  it('is closed to a person of another office, and to one who left', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await submitted(test)
    const other = await test.office.people.found({ name: 'UBND xã Khác (mẫu)' }, { name: 'Người lạ (mẫu)' })
    await expect(test.office.copies.read(other, copy.id)).rejects.toEqual(fails('copy-unknown'))
    await expect(test.office.copies.read({ ...other, officeId: test.admin.officeId }, copy.id)).rejects.toEqual(
      fails('person-unknown'),
    )
    await test.office.people.change(test.admin, test.signer.personId, { active: false })
    await expect(prepared(test, copy)).rejects.toEqual(fails('person-inactive'))
  })

  it('needs pages and the officer’s word that they were compared', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const { office, officer } = test
    const [draft] = (await office.requests.receive(officer, requestOf())).copies
    if (!draft) throw new Error('no copy')
    const word = { comparedWithOriginal: true, allPagesPresent: true }
    await expect(office.copies.submit(officer, draft, word)).rejects.toEqual(fails('copy-without-pages'))
    const scanned = await office.copies.addPages(officer, draft, [await pageFile(folder.path)])
    for (const missing of [{ comparedWithOriginal: false }, { allPagesPresent: false }]) {
      await expect(office.copies.submit(officer, scanned, { ...word, ...missing })).rejects.toEqual(
        fails('not-compared'),
      )
    }
    const copy = await office.copies.submit(officer, scanned, { ...word, originalPages: 3 })
    expect(copy).toMatchObject({ state: 'submitted', fee: 5000 })
  })

  it('keeps pages in the order asked for, replaces and drops them, in a draft only', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const { office, officer } = test
    const [draft] = (await office.requests.receive(officer, requestOf())).copies
    if (!draft) throw new Error('no copy')
    const files = await Promise.all(['một', 'hai', 'ba'].map(text => pageFile(folder.path, text)))
    let copy = await office.copies.addPages(officer, draft, files)
    const [one, two, three] = await office.copies.pages(officer, copy.id)
    if (!one || !two || !three) throw new Error('no pages')
    await expect(office.copies.addPages(officer, draft, files)).rejects.toEqual(fails('copy-changed-meanwhile'))
    copy = await office.copies.arrangePages(officer, copy, [{ id: three.id, rotation: 90 }, { id: one.id }])
    copy = await office.copies.replacePage(officer, copy, one.id, await pageFile(folder.path, 'bốn'))
    const after = await office.copies.pages(officer, copy.id)
    expect(await Promise.all(after.map(async page => `${page.rotation} ${await readFile(page.path, 'utf8')}`))).toEqual(
      ['90 ba', '0 bốn'],
    )
    await expect(office.copies.arrangePages(officer, copy, [{ id: two.id }])).rejects.toEqual(fails('page-unknown'))
    copy = await office.copies.submit(officer, copy, { comparedWithOriginal: true, allPagesPresent: true })
    await expect(office.copies.addPages(officer, copy, files)).rejects.toEqual(fails('copy-state-wrong'))
  })

  it('takes pages in many small portions, and keeps those before a change as they are', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const { office, officer } = test
    let [copy] = (await office.requests.receive(officer, requestOf())).copies
    if (!copy) throw new Error('no copy')
    const file = await pageFile(folder.path)
    copy = await office.copies.addPages(officer, copy, Array(250).fill(file))
    for (let added = 0; added < 3; added += 1) copy = await office.copies.addPages(officer, copy, [file])
    const before = (await office.copies.pages(officer, copy.id)).map(({ id }) => ({ id }))
    expect(before.length).toBe(253)
    const swapped = [...before.slice(0, 251), ...before.slice(251).reverse()]
    copy = await office.copies.arrangePages(officer, copy, swapped)
    expect((await office.copies.pages(officer, copy.id)).map(({ id }) => ({ id }))).toEqual(swapped)
    copy = await office.copies.arrangePages(officer, copy, [])
    expect(copy.pageCount).toBe(0)
  })

  it('cannot be done by two desks at once', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await submitted(test)
    const results = await Promise.allSettled([
      test.office.copies.returnForMending(test.signer, copy, 'Trang 1 mờ'),
      test.office.copies.refuse(test.officer, copy, 2, 'Rách nát'),
    ])
    expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(results.find(result => result.status === 'rejected')).toMatchObject({
      reason: { code: 'copy-changed-meanwhile' },
    })
  })

  it('stays on the desk that claimed it, until that desk is done or too long away', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await submitted(test)
    await test.office.copies.claim(test.officer, copy.id)
    await expect(prepared(test, copy)).rejects.toEqual(fails('copy-claimed'))
    await expect(test.office.copies.claim(test.signer, copy.id)).rejects.toEqual(fails('copy-claimed'))
    test.time.now = new Date(test.time.now.getTime() + 16 * 60_000)
    expect(await test.office.copies.claim(test.signer, copy.id)).toMatchObject({ claimedBy: test.signer.personId })
    expect(await signed(test, copy)).toMatchObject({ claimedBy: null })
  })

  it('is refused in writing, with the ground in the decree’s words', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await submitted(test)
    await expect(test.office.copies.refuse(test.signer, copy, 1, '  ')).rejects.toEqual(fails('reason-missing'))
    const refused = await test.office.copies.refuse(test.signer, copy, 1, 'Ngày sinh bị tẩy xóa')
    expect(refused).toMatchObject({ state: 'refused', certification: null })
    expect(await test.office.copies.refusalNotice(test.officer, copy.id)).toMatchObject({
      ground: 1,
      groundText: 'Bản chính bị tẩy xóa, sửa chữa, thêm, bớt nội dung không hợp lệ.',
      explanation: 'Ngày sinh bị tẩy xóa',
    })
  })

  it('waits where its next step is, most urgent first', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    test.time.now = new Date('2026-11-20T08:30:00Z')
    const late = await submitted(test, 'Sau 15 giờ')
    test.time.now = new Date('2026-11-20T08:31:00Z')
    const request = await test.office.requests.receive(test.officer, {
      ...requestOf(['Trước 15 giờ']),
      receivedAt: new Date('2026-11-20T03:00:00Z'),
    })
    expect((await test.office.copies.queue(test.officer)).map(each => each.title)).toEqual(['Trước 15 giờ'])
    const [draft] = request.copies
    if (!draft) throw new Error('no copy')
    const scanned = await test.office.copies.addPages(test.officer, draft, [await pageFile(folder.path)])
    await test.office.copies.submit(test.officer, scanned, { comparedWithOriginal: true, allPagesPresent: true })
    expect((await test.office.copies.queue(test.signer)).map(each => each.title)).toEqual([
      'Trước 15 giờ',
      'Sau 15 giờ',
    ])
    await signed(test, late)
    expect((await test.office.copies.queue(test.clerk)).map(each => each.title)).toEqual(['Sau 15 giờ'])
    expect(await test.office.copies.queue(test.admin)).toEqual([])
  })
})

describe('a copy is found', () => {
  it('by words of requester, paper and issuer without accents, and by its number once it has one; the newest first', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const older = await signed(test, await submitted(test, 'Bằng tốt nghiệp đại học'))
    test.time.now = new Date(test.time.now.getTime() + 60_000)
    const newer = await submitted(test, 'Bằng tốt nghiệp 100%')
    const find = async (search: string, more: object = {}) =>
      (await test.office.copies.list(test.clerk, { search, order: 'newest', ...more })).map(each => each.id)
    expect(await find('NGHIEP bang')).toEqual([newer.id, older.id])
    expect(await find('nghiep', { limit: 1 })).toEqual([newer.id])
    expect(await find('nghiep', { states: ['signed'] })).toEqual([older.id])
    expect(await find('01/2026')).toEqual([older.id])
    expect(await find('100%')).toEqual([newer.id])
    expect(await find('0%0')).toEqual([])
    expect(await find('khong co')).toEqual([])
  })
})

describe('a dossier', () => {
  it('names the wrong field and never repeats what was typed', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const { requester, originals } = requestOf()
    const receive = (change: object) => test.office.requests.receive(test.officer, { ...requestOf(), ...change })
    await expect(receive({ requester: { ...requester, name: ' ' } })).rejects.toEqual(fails('input-invalid'))
    await expect(receive({ requester: { ...requester, email: 'không phải thư' } })).rejects.toMatchObject({
      code: 'input-invalid',
      parameters: { field: 'requester.email' },
      message: expect.not.stringContaining('không phải thư'),
    })
    await expect(receive({ originals: [] })).rejects.toEqual(fails('input-invalid'))
    await expect(receive({ originals: [{ ...originals[0], copyCount: 0 }] })).rejects.toEqual(fails('input-invalid'))
    await expect(receive({ requester: { ...requester, personalNumber: '12345' } })).rejects.toEqual(
      fails('personal-number-invalid'),
    )
    await expect(receive({ receivedAt: new Date('2026-11-21T00:00:00Z') })).rejects.toEqual(fails('received-in-future'))
    await expect(receive({ exemptionId: 'none' })).rejects.toEqual(fails('exemption-unknown'))
    expect(await test.office.copies.list(test.officer)).toEqual([])
  })

  it('is extended by two working days, further only by written agreement', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const request = await test.office.requests.receive(test.officer, requestOf())
    const extend = (dueAt: string, writtenAgreement: boolean) =>
      test.office.requests.extend(test.officer, request.id, {
        dueAt: new Date(dueAt),
        reason: 'many-pages',
        writtenAgreement,
      })
    await expect(extend('2026-11-20T09:00:00Z', false)).rejects.toEqual(fails('extension-not-later'))
    await expect(extend('2026-11-25T10:00:00Z', false)).rejects.toEqual(fails('extension-too-long'))
    expect(await extend('2026-11-24T10:00:00Z', false)).toMatchObject({ appointmentNeeded: true })
    expect((await extend('2026-11-30T10:00:00Z', true)).dueAt).toEqual(new Date('2026-11-30T10:00:00Z'))
  })

  it('costs nothing where the office’s settings say so, with their legal basis', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const { office, officer } = test
    await office.people.changeSettings(test.admin, {
      feeExemptions: [{ id: 'poor', name: 'Hộ nghèo (mẫu)', legalBasis: 'Nghị quyết HĐND (mẫu)' }],
    })
    const [draft] = (await office.requests.receive(officer, { ...requestOf(), exemptionId: 'poor' })).copies
    if (!draft) throw new Error('no copy')
    const scanned = await office.copies.addPages(officer, draft, [await pageFile(folder.path)])
    const copy = await office.copies.submit(officer, scanned, { comparedWithOriginal: true, allPagesPresent: true })
    expect(copy.fee).toBe(0)
  })
})

describe('the two signatures', () => {
  it('are made with the registered certificates only', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const copy = await submitted(test)
    await expect(test.office.signing.prepareSignature(test.signer, copy, choiceOf('Kẻ khác'))).rejects.toEqual(
      fails('certificate-not-of-person'),
    )
    expect(await test.office.register.rows(test.officer, '2026-01-01', '2026-12-31')).toEqual([])
    const start = await prepared(test, copy)
    await expect(test.office.signing.completeSignature(test.signer, start, signedBy('Kẻ khác'))).rejects.toEqual(
      fails('signed-file-wrong'),
    )
    const done = await test.office.signing.completeSignature(test.signer, start, signedBy(SIGNER))
    await expect(test.office.signing.prepareSeal(test.clerk, done, choiceOf(SIGNER))).rejects.toEqual(
      fails('certificate-not-of-office'),
    )
    const seal = await test.office.signing.prepareSeal(test.clerk, done, choiceOf(OFFICE))
    await expect(test.office.signing.completeSeal(test.clerk, seal, signedBy(SIGNER))).rejects.toEqual(
      fails('signed-file-wrong'),
    )
    expect(await test.office.signing.completeSeal(test.clerk, seal, signedBy(OFFICE))).toMatchObject({
      state: 'sealed',
    })
  })

  it('does not seal a file whose signature no longer holds', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const done = await signed(test, await submitted(test))
    const file = test.parts.blobs.path(done.signedSha256 ?? '')
    await writeFile(file, (await readFile(file, 'utf8')).replace('Giấy', 'Giay'))
    await expect(test.office.signing.prepareSeal(test.clerk, done, choiceOf(OFFICE))).rejects.toEqual(
      fails('blob-damaged'),
    )
  })

  it('refuses the seal where the engine finds the signature not valid', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const done = await signed(test, await submitted(test))
    const office = createOffice({
      ...test.parts,
      engine: {
        ...lineEngine,
        verify: async file => {
          const report = await lineEngine.verify(file)
          const signatures = report.signatures.map(each => ({
            ...each,
            indication: 'INDETERMINATE' as const,
            subIndication: 'REVOKED_NO_POE',
          }))
          return { ...report, valid: false, signatures }
        },
      },
    })
    await expect(office.signing.prepareSeal(test.clerk, done, choiceOf(OFFICE))).rejects.toEqual(
      fails('signature-not-valid'),
    )
    const back = await office.copies.returnForMending(test.clerk, done, 'Chứng thư số bị thu hồi')
    expect(back).toMatchObject({ state: 'draft', signedSha256: null, certification: { number: '01' } })
  })

  it('believes nothing that comes back from another PC and does not fit', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    const start = await prepared(test, await submitted(test, 'Một'))
    const other = await prepared(test, await submitted(test, 'Hai'))
    const wrong = [
      { ...start, toBeSigned: other.toBeSigned },
      { ...start, toBeSigned: { ...start.toBeSigned, fieldName: 'ConDau' } },
      { ...start, toBeSigned: { ...start.toBeSigned, workFile: `${folder.path}/khac.pdf` } },
    ]
    for (const each of wrong) {
      await expect(test.office.signing.completeSignature(test.signer, each, signedBy(SIGNER))).rejects.toEqual(
        fails('prepared-signature-wrong'),
      )
    }
    await writeFile(start.toBeSigned.workFile, 'một văn bản khác')
    await expect(test.office.signing.completeSignature(test.signer, start, signedBy(SIGNER))).rejects.toEqual(
      fails('signed-file-wrong'),
    )
    expect(await test.office.copies.read(test.signer, start.copy.id)).toMatchObject({ state: 'submitted' })
  })

  it('is made on the day that the statement names', async () => {
    using folder = temporaryFolder()
    await using test = await testOffice(folder.path)
    test.time.now = new Date('2026-11-20T16:59:00Z')
    const copy = await submitted(test)
    const start = await prepared(test, copy)
    test.time.now = new Date('2026-11-20T17:01:00Z')
    await expect(test.office.signing.completeSignature(test.signer, start, signedBy(SIGNER))).rejects.toEqual(
      fails('signing-day-changed'),
    )
    const now = await signed(test, await test.office.copies.read(test.signer, copy.id))
    expect(now.certification).toEqual({ number: '01', book: '01/2026-SCT/BS', date: '2026-11-21' })
  })
})

it('a copy is cancelled from its certification on, and by a decision that is made', async () => {
  using folder = temporaryFolder()
  await using test = await testOffice(folder.path)
  const copy = await certified(test)
  test.time.now = new Date('2026-11-23T02:00:00Z')
  const cancel = (date: string) => test.office.copies.cancel(test.signer, copy, { number: '05/QĐ-UBND', date })
  const wrong = expect.objectContaining({
    code: 'decision-day-wrong',
    parameters: { from: '20/11/2026', to: '23/11/2026' },
  })
  for (const date of ['1900-01-01', '2026-11-19', '2026-11-24']) await expect(cancel(date)).rejects.toEqual(wrong)
  expect(await cancel('2026-11-20')).toMatchObject({ state: 'cancelled' })
})
