import { execFile } from 'node:child_process'
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { vietnamDay } from '../../electron/office/calendar.ts'
import { PRACTICE } from '../../electron/sandbox/practice-office.ts'
import { hashFile } from '../../electron/store/blobs.ts'
import { ctdesk } from '../support/ctdesk.ts'
import { openPractice } from '../support/practice.ts'
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts'

const run = promisify(execFile)
let folder: TemporaryFolder
beforeAll(() => {
  folder = temporaryFolder('ctdesk-test-')
})
afterAll(() => folder[Symbol.dispose]())

const reportSchema = z.object({
  copies: z.array(
    z.object({
      number: z.string(),
      book: z.string(),
      requester: z.string(),
      title: z.string(),
      sha256: z.string(),
      file: z.string(),
      steps: z.array(z.object({ name: z.string(), ms: z.number() })),
      delivery: z.object({ receipt: z.string(), retrievedSha256: z.string() }),
    }),
  ),
})

describe('ctdesk demo', () => {
  it('takes copies from the paper to the citizen, and other programs find them sound', {
    timeout: 180_000,
  }, async () => {
    const out = folder.file('demo')
    const done = await ctdesk(['demo', '--out', out, '--copies', '2', '--json'])
    expect(done.stderr).toContain('deliver')
    expect(done.status).toBe(0)
    expect(reportSchema.parse(JSON.parse(done.stdout)).copies).toHaveLength(2)

    const { copies } = reportSchema.parse(JSON.parse(await readFile(join(out, 'report.json'), 'utf8')))
    expect(copies.map(copy => copy.number)).toEqual(['01', '02'])
    for (const copy of copies) {
      const file = join(out, copy.file)
      expect(await hashFile(file)).toBe(copy.sha256)
      expect(copy.delivery.retrievedSha256).toBe(copy.sha256)
      expect(copy.steps.map(step => step.name)).toEqual([
        'receive',
        'scan',
        'submit',
        'sign',
        'seal',
        'deliver',
        'retrieve',
      ])
      await run('qpdf', ['--check', file])
      const { stdout: signatures } = await run('pdfsig', ['-nocert', file])
      expect(signatures.match(/Signature is Valid/g)).toHaveLength(2)
      expect(signatures.match(/Common Name: .*/g)).toEqual([
        `Common Name: ${PRACTICE.people.signer}`,
        `Common Name: ${PRACTICE.office}`,
      ])
      expect(signatures.split('Signature #2')[1]).toContain('Total document signed')
      const { stdout: text } = await run('pdftotext', ['-layout', file, '-'])
      const last = text.split('\f').at(-2) ?? ''
      expect(last).toContain('CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH')
      expect(last).toMatch(new RegExp(`Số chứng thực ${copy.number} quyển số ${copy.book}`))

      const trust = join(out, 'office', 'practice', 'pki')
      const verified = await ctdesk([
        'verify',
        file,
        '--trust',
        join(trust, 'root.crt'),
        '--crl',
        join(trust, 'root.crl'),
        '--crl',
        join(trust, 'sub-ca.crl'),
        '--json',
      ])
      expect(JSON.parse(verified.stdout)).toMatchObject({
        results: [
          {
            valid: true,
            copy: { number: copy.number, book: copy.book, statementMatches: true, good: true },
            signatures: [
              { role: 'signer', level: 'B-T' },
              { role: 'organisation', coverage: 'whole-file' },
            ],
          },
        ],
      })
      expect(verified.status).toBe(0)
    }
    expect((await run('pdftotext', [join(out, 'register.pdf'), '-'])).stdout).toContain('SỔ CHỨNG THỰC BẢN SAO')
    expect((await readFile(join(out, 'register.xlsx'))).subarray(0, 2).toString()).toBe('PK')

    const again = await ctdesk(['demo', '--out', out, '--copies', '1', '--json'])
    expect(again.status).toBe(0)
  })

  it('does not touch a folder that holds something else', async () => {
    await writeFile(folder.file('mine.txt'), 'mine')
    const { status, stdout } = await ctdesk(['demo', '--out', folder.path, '--json'])
    expect(status).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'output-not-ours' } })
    expect(await readFile(folder.file('mine.txt'), 'utf8')).toBe('mine')
  })
})

describe('ctdesk', () => {
  it('answers wrong usage with 64 and says nothing on stdout', async () => {
    for (const args of [['sing'], ['sign', 'a.pdf'], ['office', 'receive'], []]) {
      const { status, stdout, stderr } = await ctdesk(args)
      expect({ args, status, stdout }).toEqual({ args, status: 64, stdout: '' })
      expect(stderr).not.toBe('')
    }
  })

  it('answers a missing file with 2 and a sentence in the language asked for', async () => {
    const vietnamese = await ctdesk(['verify', folder.file('none.pdf'), '--json'])
    expect(vietnamese.status).toBe(2)
    expect(JSON.parse(vietnamese.stdout)).toMatchObject({
      results: [{ valid: false, error: { code: 'file-not-found' } }],
    })
    expect(vietnamese.stdout).toMatch(/Không tìm thấy/)
    expect((await ctdesk(['verify', folder.file('none.pdf'), '--json', '--language', 'en'])).stdout).not.toMatch(
      /Không/,
    )
  })

  it('takes a PIN from nowhere but a prompt, a file or a variable', async () => {
    const { status, stderr } = await ctdesk(['sign', 'a.pdf', '--out', 'b.pdf', '--pin', '1234'])
    expect(status).toBe(64)
    expect(stderr).toContain('--pin')
  })
})

describe('ctdesk office', () => {
  const office = () => folder.file('office')
  const environment = () => ({
    CTDESK_OFFICE: office(),
    SIGNER_PIN: PRACTICE.tokens.signer.pin,
    ORGANISATION_PIN: PRACTICE.tokens.organisation.pin,
  })
  const json = async (...args: readonly string[]) => {
    const { status, stdout, stderr } = await ctdesk(['office', ...args, '--json'], environment())
    if (stdout === '') throw new Error(stderr)
    return { status, data: z.looseObject({}).parse(JSON.parse(stdout)) }
  }

  it('does the day of officer, chairman and clerk from a terminal', { timeout: 120_000 }, async () => {
    expect((await ctdesk(['sandbox', 'init', '--office', office(), '--json'])).status).toBe(0)
    const received = await json(
      'receive',
      '--requester',
      'Vũ Quốc Khánh (mẫu)',
      '--personal-number',
      '099085000039',
      '--original',
      'Bằng tốt nghiệp (mẫu)',
      '--issuer',
      'Trường Mẫu',
    )
    const { copies } = z.object({ copies: z.array(z.object({ id: z.string() })) }).parse(received.data)
    const id = copies[0]?.id ?? ''

    const early = await json('submit', id, '--compared', '--all-pages')
    expect(early).toMatchObject({ status: 1, data: { error: { code: 'copy-without-pages' } } })
    const scanned = await json(
      'pages',
      id,
      '--scan',
      '--device',
      'sane:test',
      '--source',
      'flatbed',
      '--dpi',
      '75',
      '--paper',
      '100x100',
    )
    expect(scanned).toMatchObject({ status: 0, data: { pages: 1 } })
    // A page that the office has lies nowhere else.
    expect(await readdir(join(office(), 'incoming', id))).toEqual([])
    expect(await json('submit', id)).toMatchObject({ status: 1, data: { error: { code: 'not-compared' } } })
    expect(await json('submit', id, '--compared', '--all-pages')).toMatchObject({
      status: 0,
      data: { state: 'submitted' },
    })

    const wrongRole = await json('sign', id, '--as', 'officer', '--pin-env', 'SIGNER_PIN')
    expect(wrongRole.status).toBe(1)
    const signed = await json('sign', '--pin-env', 'SIGNER_PIN')
    expect(signed).toMatchObject({ status: 0, data: { copies: [{ state: 'signed', number: '01' }] } })
    const sealed = await json('seal', '--pin-env', 'ORGANISATION_PIN')
    expect(sealed).toMatchObject({ status: 0, data: { copies: [{ state: 'sealed' }] } })
    expect(await json('deliver')).toMatchObject({ status: 0, data: { deliveries: [{ result: 'delivered' }] } })
    // This office hands over by package: there was no portal to talk with.
    expect(await json('evidence', id)).toMatchObject({ status: 0, data: { copyId: id, exchanges: [] } })
    expect(await json('audit')).toMatchObject({ status: 0, data: { intact: true } })
    expect(await json('list', '--state', 'delivered')).toMatchObject({ data: { copies: [{ id }] } })
    const cancelled = await json('cancel', id, '--decision', '12/QĐ-UBND', '--date', vietnamDay(new Date()))
    expect(cancelled).toMatchObject({ status: 0, data: { state: 'cancelled' } })
    // Whether the package was uploaded, only a person knows.
    const untold = { result: 'needs-person', errorCode: 'cancellation-by-hand' }
    expect(await json('deliver')).toMatchObject({ status: 1, data: { deliveries: [untold] } })
    expect(await json('deliver', '--told', id)).toMatchObject({ status: 0, data: { deliveries: [] } })
    expect(await json('deliver', '--told', id)).toMatchObject({ data: { error: { code: 'delivery-not-waiting' } } })
    expect(
      await json('register', '--from', '2026-01-01', '--to', '2026-12-31', '--out', folder.file('print')),
    ).toMatchObject({ status: 0 })
  })
})

describe('ctdesk with files and a token', () => {
  it('scans, composes, signs one and many, and verifies', { timeout: 180_000 }, async () => {
    await using practice = await openPractice()
    const { modules, environment } = practice.desk.settings.tokens
    const pki = join(practice.officeFolder, 'practice', 'pki')
    const call = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await ctdesk([...args, '--json'], {
        ...environment,
        PIN: PRACTICE.tokens.signer.pin,
      })
      if (stdout === '') throw new Error(stderr)
      return { status, data: z.looseObject({}).parse(JSON.parse(stdout)) }
    }
    const file = (name: string) => practice.folder.file(name)
    const token = ['--module', modules[0] ?? '', '--token', PRACTICE.tokens.signer.label, '--pin-env', 'PIN']
    const tsa = ['--tsa', practice.services.timestampAuthority.url]

    const listed = await call('token', 'list', '--module', modules[0] ?? '')
    expect(JSON.stringify(listed.data)).toContain(PRACTICE.people.signer)
    const scan = ['--device', 'sane:test', '--source', 'flatbed', '--dpi', '75', '--paper', '100x100']
    expect((await call('scan', ...scan, '--out', file('scanned'))).data).toMatchObject({ pages: [{ dpi: 75 }] })
    const page = join(file('scanned'), 'page-0001.jpg')
    const input = join(file('inputs'), 'a.pdf')
    expect(await call('compose', page, page, '--out', input)).toMatchObject({ status: 0, data: { pages: 2 } })
    await copyFile(input, join(file('inputs'), 'b.pdf'))
    await writeFile(join(file('inputs'), 'broken.pdf'), 'no PDF')

    const mark = ['--page', '2', '--rect', '20,20,120,60', '--image', file('page.jpg')]
    const out = file('signed.pdf')
    expect(await call('sign', input, '--out', out, ...token, ...tsa, ...mark)).toMatchObject({
      status: 0,
      data: { level: 'B-T' },
    })
    expect(await call('sign', input, '--out', out, ...token, ...tsa)).toMatchObject({
      data: { error: { code: 'file-exists' } },
    })
    const batch = await call('sign-batch', file('inputs'), '--out', file('batch'), ...token, ...tsa)
    expect(batch).toMatchObject({
      status: 2,
      data: {
        files: [
          { result: 'done' },
          { result: 'done' },
          { file: 'broken.pdf', result: 'failed', error: { code: 'pdf-unreadable' } },
        ],
      },
    })
    // A folder with certificates, lists, and keys beside them.
    const trust = ['--trust', pki]
    const verdict = await call('verify', out, join(file('batch'), 'a.pdf'), ...trust)
    expect(verdict).toMatchObject({ status: 0, data: { results: [{ valid: true }, { valid: true }] } })

    const wrong = await ctdesk(['sign', input, '--out', file('never.pdf'), ...token, ...tsa, '--json'], {
      ...environment,
      PIN: '00000000',
    })
    expect(wrong.status).toBe(1)
    expect(JSON.parse(wrong.stdout)).toMatchObject({ error: { code: 'pin-incorrect' } })
    expect(wrong.stdout + wrong.stderr).not.toContain('00000000')
  })
})
