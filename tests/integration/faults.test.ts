import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Desk, openDesk } from '../../electron/desk.ts'
import { readDeskSettings, writeDeskSettings } from '../../electron/desk-settings.ts'
import { explain } from '../../electron/messages.ts'
import { openPki } from '../../electron/sandbox/pki.ts'
import { PRACTICE, practiceActor } from '../../electron/sandbox/practice-office.ts'
import { softTokenEnvironment } from '../../electron/sandbox/soft-token.ts'
import { importFiles } from '../../electron/scanners.ts'
import { buildFakeModule, type FakeBehaviour, fakeToken } from '../support/fake-token.ts'
import { openPractice, type Practice } from '../support/practice.ts'
import { createTestToken } from '../support/sandbox-office.ts'

let practice: Practice
let fakeModule: string
beforeAll(async () => {
  practice = await openPractice()
  fakeModule = buildFakeModule(practice.folder.path)
})
afterAll(() => practice[Symbol.asyncDispose]())

/** What the person reads, in Vietnamese. */
const said = (error: unknown): string => Object.values(explain(error, 'vi')).join(' | ')

async function failing(work: () => Promise<unknown>): Promise<string> {
  try {
    await work()
  } catch (error) {
    return said(error)
  }
  throw new Error('nothing failed')
}

/** A second desk on the same office with other devices or another clock. */
async function otherDesk(tokens: {
  modules: readonly string[]
  environment: Readonly<Record<string, string>>
}): Promise<Desk> {
  const settings = await readDeskSettings(practice.officeFolder)
  await writeDeskSettings(practice.officeFolder, {
    ...settings,
    tokens: { modules: [...tokens.modules], environment: { ...tokens.environment } },
  })
  try {
    return await openDesk(practice.officeFolder)
  } finally {
    await writeDeskSettings(practice.officeFolder, settings)
  }
}

let fakes = 0
/** The practice tokens behind the misbehaving module. */
async function misbehaving(
  behaviours: readonly FakeBehaviour[],
  more: Readonly<Record<string, string>> = {},
): Promise<Desk> {
  const { modules, environment } = practice.desk.settings.tokens
  fakes += 1
  const fake = fakeToken(
    fakeModule,
    { module: modules[0] ?? '', environment },
    practice.folder.file(`fake-${fakes}`),
    behaviours,
    more,
  )
  return otherDesk({ modules: [fake.module], environment: fake.environment })
}

async function states(copies: readonly { readonly id: string }[]): Promise<readonly string[]> {
  const officer = await practice.actor('officer')
  return Promise.all(copies.map(async copy => (await practice.desk.office.copies.read(officer, copy.id)).state))
}

describe('the token', () => {
  it('with a wrong PIN: says so, tries once, touches no file', async () => {
    const copies = await practice.submitted(2)
    expect(await failing(() => practice.sign(copies, 'signature', { pin: '00000000' }))).toMatch(
      /^pin-incorrect \| .*PIN/,
    )
    expect(await states(copies)).toEqual(['submitted', 'submitted'])
    expect((await practice.sign(copies, 'signature')).map(o => o.result)).toEqual(['done', 'done'])
  })

  it('locked by wrong PINs: warns before the last try, then says who can unlock it', async () => {
    const desk = await misbehaving(['locks'])
    const copies = await practice.submitted(1)
    const wrong = (lastTryConfirmed: boolean) => async () => {
      const signer = await practiceActor(desk, 'signer')
      const chosen = await desk.findToken(signer, 'signature')
      for await (const _ of desk.signBatch(signer, copies, 'signature', chosen, Buffer.from('00000000'), {
        lastTryConfirmed,
      }));
    }
    expect(await failing(wrong(false))).toMatch(/^pin-incorrect/)
    expect(await failing(wrong(false))).toMatch(/^pin-incorrect/)
    expect(await failing(wrong(false))).toMatch(/^pin-last-try \| .*khóa/)
    expect(await failing(wrong(true))).toMatch(/^pin-locked \| .*khóa/)
    expect(await failing(wrong(true))).toMatch(/^pin-locked/)
    expect(await states(copies)).toEqual(['submitted'])
    await desk.close()
    // The practice token is not locked: only the module that plays it was.
    rmSync(join(practice.officeFolder, 'pin-attempts.json'))
  })

  it('not plugged in: asks for it', async () => {
    const folder = practice.folder.file('empty')
    mkdirSync(join(folder, 'tokens'), { recursive: true })
    writeFileSync(join(folder, 'softhsm2.conf'), `directories.tokendir = ${join(folder, 'tokens')}\n`)
    const desk = await otherDesk({
      modules: practice.desk.settings.tokens.modules,
      environment: softTokenEnvironment(folder),
    })
    const copies = await practice.submitted(1)
    expect(await failing(() => practice.sign(copies, 'signature', { desk }))).toMatch(/^no-token \| .*[Cc]ắm/)
    expect(await states(copies)).toEqual(['submitted'])
    await desk.close()
  })

  it('beside another one: the right one is found by its certificate, before any PIN', async () => {
    const copies = await practice.submitted(1)
    const signer = await practice.actor('signer')
    expect((await practice.desk.tokens.list()).length).toBeGreaterThanOrEqual(2)
    expect((await practice.desk.findToken(signer, 'signature')).token.label).toBe(PRACTICE.tokens.signer.label)
    expect((await practice.desk.findToken(signer, 'seal')).token.label).toBe(PRACTICE.tokens.organisation.label)
    expect(await failing(() => practice.desk.tokens.findSigner())).toMatch(/^several-tokens \| .*thẻ/)
    expect(await states(copies)).toEqual(['submitted'])
  })

  it('with an expired certificate: refused before the PIN', async () => {
    const day = 86_400_000
    const pki = openPki(join(practice.officeFolder, 'practice', 'pki'))
    const token = await createTestToken(practice.folder.file('expired'), {
      pki,
      notBefore: new Date(Date.now() - 20 * day),
      notAfter: new Date(Date.now() - day),
    })
    const desk = await otherDesk({ modules: [token.module], environment: token.environment })
    const [seen] = await desk.tokens.list()
    if (!seen || 'error' in seen) throw new Error('no token')
    const expired = seen.certificates.find(c => c.notAfter < new Date())
    expect(await failing(() => desk.tokens.find(expired?.sha256 ?? ''))).toMatch(/^certificate-expired \| .*hết hạn/)
    await desk.close()
  })

  it("of another person: the signer's own certificate is asked for, and the office takes no other", async () => {
    const pki = openPki(join(practice.officeFolder, 'practice', 'pki'))
    const token = await createTestToken(practice.folder.file('stranger'), { pki, commonName: 'Người Khác (mẫu)' })
    const desk = await otherDesk({ modules: [token.module], environment: token.environment })
    const copies = await practice.submitted(1)
    expect(await failing(() => practice.sign(copies, 'signature', { desk }))).toMatch(/^certificate-not-found/)

    const signer = await practiceActor(desk, 'signer')
    const [seen] = await desk.tokens.list()
    const certificate =
      seen && 'certificates' in seen ? seen.certificates.find(c => c.commonName === 'Người Khác (mẫu)') : undefined
    if (!certificate || !copies[0]) throw new Error('no certificate')
    const choice = { certificate, chain: [], scheme: 'RSA-PKCS1', hash: 'SHA-256' } as const
    const copy = copies[0]
    expect(await failing(() => desk.office.signing.prepareSignature(signer, copy, choice))).toMatch(
      /^certificate-not-of-person/,
    )
    expect((await desk.office.copies.read(signer, copy.id)).certification).toBeNull()
    await desk.close()
  })

  it('pulled in the middle of a batch: what is done is done, the rest is untouched and named', async () => {
    const desk = await misbehaving([], { FAKE_TOKEN_VANISHES_AFTER: '1' })
    const copies = await practice.submitted(3)
    const outcomes = await practice.sign(copies, 'signature', { desk })
    expect(outcomes.map(o => o.result)).toEqual(['done', 'failed', 'not-tried'])
    const failed = outcomes.find(o => o.result === 'failed')
    expect(failed && 'error' in failed ? said(failed.error) : '').toMatch(/^token-removed \| .*[Cc]ắm/)
    expect(await states(copies)).toEqual(['signed', 'submitted', 'submitted'])
    await desk.close()
    const rest = (
      await practice.desk.office.copies.list(await practice.actor('signer'), { states: ['submitted'] })
    ).filter(c => copies.some(o => o.id === c.id))
    expect((await practice.sign(rest, 'signature')).map(o => o.result)).toEqual(['done', 'done'])
  })
})

describe('services', () => {
  it('time-stamp authority away: the number stays with the copy, and the next try goes on', async () => {
    const [copy] = await practice.submitted(1)
    if (!copy) throw new Error('no copy')
    const signer = await practice.actor('signer')
    practice.services.timestampAuthority.setFault({ kind: 'unavailable' })
    try {
      const [outcome] = await practice.sign([copy], 'signature')
      expect(outcome?.result === 'failed' ? said(outcome.error) : '').toMatch(
        /^timestamp-unavailable \| .*dấu thời gian/i,
      )
    } finally {
      practice.services.timestampAuthority.setFault(null)
    }
    const numbered = await practice.desk.office.copies.read(signer, copy.id)
    expect(numbered.state).toBe('submitted')
    const [again] = await practice.sign([numbered], 'signature')
    expect(again?.result === 'done' && again.copy.certification).toEqual(numbered.certification)
  })

  it('portal away: the copy waits sealed, and is delivered once the portal is back', async () => {
    const [copy] = await practice.submitted(1)
    if (!copy) throw new Error('no copy')
    const [signed] = await practice.sign([copy], 'signature')
    if (signed?.result !== 'done') throw new Error('not signed')
    const [sealed] = await practice.sign([signed.copy], 'seal')
    if (sealed?.result !== 'done') throw new Error('not sealed')
    practice.services.portal.setFaults(() => ({ answer: 'bad-gateway', accepted: false, delayMilliseconds: 0 }))
    const [away] = await practice.desk.deliver({ copyId: copy.id })
    practice.services.portal.setFaults(() => null)
    expect(away?.result).toBe('later')
    expect(said({ code: away?.errorCode ?? '' })).toMatch(/Cổng|cổng/)
    expect(await states([copy])).toEqual(['sealed'])
    expect((await practice.desk.deliver({ copyId: copy.id }))[0]?.result).toBe('delivered')
  })

  it('no open book: nothing is taken, and the sentence says to open one', async () => {
    const clerk = await practice.actor('clerk')
    const signer = await practice.actor('signer')
    const [copy] = await practice.submitted(1)
    if (!copy) throw new Error('no copy')
    await practice.desk.office.register.closeBook(clerk)
    const [outcome] = await practice.sign([copy], 'signature')
    expect(outcome?.result === 'failed' ? said(outcome.error) : '').toMatch(/^no-open-book \| .*sổ/)
    expect((await practice.desk.office.copies.read(signer, copy.id)).certification).toBeNull()
    await practice.desk.office.register.openBook(clerk)
    expect((await practice.sign([copy], 'signature'))[0]?.result).toBe('done')
  })

  it('clock gone back: no number is taken until it is right', async () => {
    const yesterday = await openDesk(practice.officeFolder, {
      clock: () => new Date(Date.now() - 20 * 3_600_000),
      random: bytes => globalThis.crypto.getRandomValues(new Uint8Array(bytes)),
    })
    const [copy] = await practice.submitted(1)
    if (!copy) throw new Error('no copy')
    const [outcome] = await practice.sign([copy], 'signature', { desk: yesterday })
    expect(outcome?.result === 'failed' ? said(outcome.error) : '').toMatch(/^clock-went-back \| .*[Đđ]ồng hồ|giờ/)
    expect((await practice.desk.office.copies.read(await practice.actor('signer'), copy.id)).certification).toBeNull()
    await yesterday.close()
  })
})

describe('papers', () => {
  const importing = (files: readonly string[]) => async () => {
    const pages = []
    for await (const page of importFiles(practice.desk.scanner, files, practice.folder.file('papers'))) pages.push(page)
    return pages
  }

  it('damaged, empty, locked by a password: each named, and the pages before it stay', async () => {
    const good = practice.folder.file('page.jpg')
    const empty = practice.folder.file('empty.jpg')
    const damaged = practice.folder.file('damaged.png')
    writeFileSync(empty, '')
    writeFileSync(damaged, Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
    expect(await failing(importing([good, empty]))).toMatch(/^import-file-damaged \| .*empty\.jpg.*: 1\./)
    expect(await failing(importing([good, damaged]))).toMatch(/damaged\.png/)
    expect(await importing([good])()).toHaveLength(1)

    const plain = practice.folder.file('plain.pdf')
    const locked = practice.folder.file('locked.pdf')
    cpSync(await signedFile(), plain)
    execFileSync('qpdf', ['--encrypt', 'bí mật', 'chủ', '256', '--', plain, locked])
    expect(await failing(importing([locked]))).toMatch(/^import-file-locked \| .*mật khẩu/)
  })

  async function signedFile(): Promise<string> {
    const signer = await practice.actor('signer')
    const [copy] = await practice.desk.office.copies.list(signer, { states: ['signed'] })
    return practice.desk.office.copies.file(signer, copy?.id ?? '', 'composed')
  }
})

describe.runIf(process.getuid?.() === 0 && process.platform === 'linux')('a full disk', () => {
  const mountPoint = () => practice.folder.file('small')
  let mounted = false
  beforeAll(() => {
    mkdirSync(mountPoint())
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mountPoint()], { stdio: 'ignore' })
      mounted = true
    } catch {
      // No right to mount here (a container): the same promise is tested with an injected ENOSPC in the office's and scanner's own tests.
    }
  })
  afterAll(() => {
    if (mounted) execFileSync('umount', [mountPoint()])
  })

  it('while pages come in: says so, and keeps the pages that are already there', async context => {
    if (!mounted) return context.skip('mounting is not allowed here')
    const big = practice.folder.file('big.png')
    writeFileSync(big, await noisyPng())
    const pages: unknown[] = []
    const full = async () => {
      for await (const page of importFiles(
        practice.desk.scanner,
        [practice.folder.file('page.jpg'), big],
        join(mountPoint(), 'in'),
      ))
        pages.push(page)
    }
    expect(await failing(full)).toMatch(/^disk-full \| .*hết chỗ/)
    expect(pages).toHaveLength(1)
  })
})

async function noisyPng(): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp')
  return sharp({
    create: {
      width: 1200,
      height: 1200,
      channels: 3,
      background: '#fff',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer()
}
