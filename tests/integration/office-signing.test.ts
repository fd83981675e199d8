import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { composeCertifiedCopy } from '../../electron/document/index.ts'
import { signBatch } from '../../electron/office/signing/batch.ts'
import type { SigningChoice, SigningEngine } from '../../electron/office/signing/engine.ts'
import type { CopyView } from '../../electron/office/types.ts'
import { createPki } from '../../electron/sandbox/pki.ts'
import {
  completeSignature,
  prepareSignature,
  readCertificate,
  SigningError,
  signWithToken,
  verifyPdf,
} from '../../native-signing/index.ts'
import { openToken } from '../../native-signing/token/index.ts'
import type { TokenSession } from '../../native-signing/types.ts'
import { createTestToken, userPin } from '../support/sandbox-office.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { requestOf, type TestOffice, testOffice } from './office-support.ts'

/** The office with the real composer, the real engine and two tokens. No time stamps here: they are the engine's own tests. */
const folder = temporaryFolder('office-signing-')
let test: TestOffice
let signer: { readonly session: TokenSession; readonly choice: SigningChoice }
let seal: { readonly session: TokenSession; readonly choice: SigningChoice }

beforeAll(async () => {
  const now = new Date()
  const pki = createPki({ now })
  const trust = {
    trustAnchors: [readCertificate(pki.root.certificate)],
    intermediates: [readCertificate(pki.subCa.certificate)],
    crls: [],
  }
  const engine: SigningEngine = {
    timestamps: false,
    prepare: prepareSignature,
    complete: async (toBeSigned, value, { output }) => {
      await completeSignature(toBeSigned, value, { timestamper: null, trust, output })
    },
    verify: file => verifyPdf(file, trust),
  }
  test = await testOffice(folder.file('office'), { engine, compose: composeCertifiedCopy }, now)
  const opened = async (kind: 'person' | 'organisation') => {
    const token = await createTestToken(folder.file(kind), { pki, kind, label: kind })
    const certificate = readCertificate(token.certificate)
    const session = await openToken({
      module: token.module,
      environment: token.environment,
      pin: new TextEncoder().encode(userPin),
      certificateSha256: certificate.sha256,
    })
    const [scheme] = session.schemes(certificate.sha256)
    if (!scheme) throw new Error('no scheme')
    const chain = [readCertificate(pki.subCa.certificate)]
    return { session, choice: { certificate, chain, scheme, hash: 'SHA-256' } as const }
  }
  signer = await opened('person')
  seal = await opened('organisation')
  const { people } = test.office
  await people.change(test.admin, test.signer.personId, { certificateSha256: signer.choice.certificate.sha256 })
  await people.setSeal(test.admin, { certificateSha256: seal.choice.certificate.sha256, png: null })
})

afterAll(async () => {
  await signer.session.close()
  await seal.session.close()
  await test[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

async function submitted(title: string): Promise<CopyView> {
  const { office, officer } = test
  const [draft] = (await office.requests.receive(officer, requestOf([title]))).copies
  if (!draft) throw new Error('no copy')
  const path = folder.file(`${draft.id}.jpg`)
  const size = { width: 827, height: 1169 }
  await writeFile(
    path,
    await sharp({ create: { ...size, channels: 3, background: '#f4f0e4' } })
      .jpeg()
      .toBuffer(),
  )
  const page = { path, mediaType: 'image/jpeg', widthPx: size.width, heightPx: size.height, dpi: 100 } as const
  const scanned = await office.copies.addPages(officer, draft, [page])
  return office.copies.submit(officer, scanned, { comparedWithOriginal: true, allPagesPresent: true })
}

describe('office with real tokens', () => {
  it('signs and seals many copies with one PIN each; another program finds both signatures valid', async () => {
    const copies = [await submitted('Giấy khai sinh'), await submitted('Bằng tốt nghiệp đại học')]
    const { signing } = test.office
    const done: CopyView[] = []
    const run = async (batch: ReturnType<typeof signBatch>): Promise<CopyView[]> => {
      const finished: CopyView[] = []
      for await (const outcome of batch) {
        if (outcome.result === 'failed') throw outcome.error
        if (outcome.result === 'done') finished.push(outcome.copy)
      }
      return finished
    }
    const signed = await run(
      signBatch(
        {
          signing,
          actor: test.signer,
          kind: 'signature',
          session: signer.session,
          clock: () => test.time.now,
          ...signer.choice,
        },
        copies,
      ),
    )
    done.push(
      ...(await run(
        signBatch(
          {
            signing,
            actor: test.clerk,
            kind: 'seal',
            session: seal.session,
            clock: () => test.time.now,
            ...seal.choice,
          },
          signed,
        ),
      )),
    )
    expect(done.map(copy => [copy.state, copy.certification?.number])).toEqual([
      ['sealed', '01'],
      ['sealed', '02'],
    ])
    for (const copy of done) {
      const file = await test.office.copies.file(test.clerk, copy.id, 'sealed')
      const verdict = execFileSync('pdfsig', ['-nocert', file], { encoding: 'utf8' })
      expect(verdict.match(/Signature is Valid/g)).toHaveLength(2)
      expect(verdict.match(/Total document signed/g)).toHaveLength(1)
    }
  })

  it('signs the next copies while an authority takes its time, and ends with the token', async () => {
    const copies = [await submitted('Một'), await submitted('Hai'), await submitted('Ba'), await submitted('Bốn')]
    let asked = 0
    const token = signer.session
    const session: TokenSession = {
      token: token.token,
      certificates: token.certificates,
      schemes: certificate => token.schemes(certificate),
      async sign(...what) {
        if (++asked === 3) throw new SigningError('token-removed')
        return token.sign(...what)
      },
      close: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
    const { signing } = test.office
    const slow: typeof signing = {
      ...signing,
      async completeSignature(...what) {
        // the batch would hang here if it waited for each time-stamp
        while (asked < 3) await delay(5)
        return signing.completeSignature(...what)
      },
    }
    const parts = { signing: slow, actor: test.signer, kind: 'signature', session, clock: () => test.time.now } as const
    const outcomes = await Array.fromAsync(signBatch({ ...parts, ...signer.choice }, copies))
    expect(outcomes.map(({ copyId, result }) => [copyId, result])).toEqual(
      copies.map(({ id }, at) => [id, ['done', 'done', 'failed', 'not-tried'][at]]),
    )
  })

  it('ends a batch with an authority that does not answer, and what waits for it when it is stopped', async () => {
    const titles = ['Một', 'Hai', 'Ba', 'Bốn', 'Năm', 'Sáu', 'Bảy', 'Tám', 'Chín', 'Mười']
    const copies = await Promise.all(titles.map(submitted))
    const { signing } = test.office
    const stop = new AbortController()
    const parts = {
      actor: test.signer,
      kind: 'signature',
      session: signer.session,
      clock: () => test.time.now,
    } as const
    const silent: typeof signing = {
      ...signing,
      completeSignature: () => Promise.reject(new SigningError('timestamp-unavailable')),
    }
    const silence = await Array.fromAsync(signBatch({ ...parts, ...signer.choice, signing: silent }, copies))
    expect(silence.at(-1)?.result).toBe('not-tried')
    const numbered = await Promise.all(copies.map(({ id }) => test.office.copies.read(test.signer, id)))
    const hanging: typeof signing = {
      ...signing,
      completeSignature: (_actor, _prepared, _value, signal) =>
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(new SigningError('signing-cancelled')))
          stop.abort()
        }),
    }
    const stopped = await Array.fromAsync(
      signBatch({ ...parts, ...signer.choice, signing: hanging }, numbered, stop.signal),
    )
    expect(stopped.map(({ result }) => result)).not.toContain('done')
    expect(stopped.at(-1)?.result).toBe('not-tried')
  })

  it('gives the same file again after a signature that never came', async () => {
    const copy = await submitted('Hộ chiếu')
    const first = await test.office.signing.prepareSignature(test.signer, copy, signer.choice)
    const second = await test.office.signing.prepareSignature(test.signer, first.copy, signer.choice)
    expect([second.number, second.toBeSigned.inputSha256]).toEqual([first.number, first.toBeSigned.inputSha256])
    const value = await signWithToken(second.toBeSigned, signer.session)
    const done = await test.office.signing.completeSignature(test.signer, second, value)
    await expect(test.office.signing.completeSignature(test.signer, first, value)).rejects.toMatchObject({
      code: 'copy-changed-meanwhile',
    })
    expect(done.state).toBe('signed')
  })

  it('completes at one desk what was prepared before another desk prepared its own', async () => {
    const { signing } = test.office
    const [ours, theirs] = [await submitted('Giấy khai tử'), await submitted('Học bạ')]
    const prepared = await signing.prepareSignature(test.signer, ours, signer.choice)
    const value = await signWithToken(prepared.toBeSigned, signer.session)
    await signing.prepareSignature(test.signer, theirs, signer.choice)
    expect((await signing.completeSignature(test.signer, prepared, value)).state).toBe('signed')
  })

  it('keeps nothing of a file that was changed between preparing and completing', async () => {
    const copy = await submitted('Sổ hộ khẩu')
    const start = await test.office.signing.prepareSignature(test.signer, copy, signer.choice)
    const value = await signWithToken(start.toBeSigned, signer.session)
    const bytes = await readFile(start.toBeSigned.workFile)
    bytes[bytes.indexOf('/MediaBox') + 12] = 0x39
    await writeFile(start.toBeSigned.workFile, bytes)
    await expect(test.office.signing.completeSignature(test.signer, start, value)).rejects.toMatchObject({
      code: expect.stringMatching(/self-check-failed|signature-value-invalid|signed-file-wrong/),
    })
    expect(await test.office.copies.read(test.signer, copy.id)).toMatchObject({
      state: 'submitted',
      signedSha256: null,
    })
  })
})
