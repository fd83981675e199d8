import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { composeCertifiedCopy } from '../../electron/document/forms.ts'
import { FileInspection } from '../../electron/file-inspection.ts'
import { createOffice } from '../../electron/office/office.ts'
import type { OfficeParts } from '../../electron/office/parts.ts'
import type { SigningEngine } from '../../electron/office/signing/engine.ts'
import { createPki } from '../../electron/sandbox/pki.ts'
import { hashFile } from '../../electron/store/blobs.ts'
import { DATABASE_FILE } from '../../electron/store/store.ts'
import {
  completeSignature,
  prepareSignature,
  readCertificate,
  signWithToken,
  type VerificationReport,
  verifyPdf,
} from '../../native-signing/index.ts'
import { scannedPage } from '../integration/document-support.ts'
import { requestOf, type TestOffice, testOffice, testParts } from '../integration/office-support.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type TestSigner, testSigner } from '../unit/signing/support.ts'

/**
 * What it costs to prove the register of an office of so many certified copies, each signed and sealed for real, one page: the whole audit beside
 * one reading and hashing of all its files, which nothing can do without.
 * @param kept the office's folder, made where there is none and kept for the next run; null: made for this run alone
 */
export async function benchAudit(copies: number, kept: string | null, say: (line: string) => void) {
  using own = kept === null ? temporaryFolder('bench-audit-') : null
  const folder = kept ?? own?.path ?? ''
  if (!existsSync(join(folder, DATABASE_FILE))) await makeOffice(folder, copies, say)
  const parts = await testParts(folder, { now: new Date() })
  try {
    return await measured(parts, join(folder, 'blobs'), say)
  } finally {
    await parts.store.close()
  }
}

async function measured(parts: OfficeParts, blobs: string, say: (line: string) => void) {
  const administrator = await parts.store.reader
    .selectFrom('person')
    .select(['office_id', 'person_id'])
    .where('roles', 'like', '%admin%')
    .executeTakeFirstOrThrow()
  const actor = { officeId: administrator.office_id, personId: administrator.person_id }
  const files = await filesBelow(blobs)
  const limits: number[] = []
  const audits: number[] = []
  let checked = {}
  for (const _ of [1, 2, 3]) {
    const limit = performance.now()
    for (const { path } of files) await hashFile(path)
    limits.push(performance.now() - limit)
    await using inspection = new FileInspection()
    const office = createOffice({ ...parts, inspectFile: inspection.inspect })
    const start = performance.now()
    const verdict = await office.audit.verify(actor)
    audits.push(performance.now() - start)
    if (!verdict.intact) throw new Error(`the audit found ${JSON.stringify(verdict.findings[0])}`)
    checked = { events: verdict.events, ...verdict.checked }
  }
  const median = (times: readonly number[]) => Math.round(times.toSorted((a, b) => a - b)[1] ?? 0)
  const figures = {
    ...checked,
    megabytes: Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6),
    limit: median(limits),
    audit: median(audits),
    ratio: Math.round((median(audits) / median(limits)) * 100) / 100,
  }
  say(`audit: ${JSON.stringify(figures)}`)
  return figures
}

async function makeOffice(folder: string, copies: number, say: (line: string) => void): Promise<void> {
  const pki = createPki({ now: new Date() })
  const chain = [readCertificate(pki.subCa.certificate)]
  const trust = { trustAnchors: [readCertificate(pki.root.certificate)], intermediates: chain }
  // One copy after the other: what is asked about is the file just made, which the engine has judged itself.
  let judged: VerificationReport | null = null
  const engine: SigningEngine = {
    timestamps: false,
    prepare: (input, request, { workFile }) => prepareSignature(input, request, { workFile, timestampBytes: 0 }),
    complete: async (toBeSigned, value, { output }) => {
      judged = (await completeSignature(toBeSigned, value, { timestamper: null, trust, output })).report
    },
    verify: async file => judged ?? verifyPdf(file, trust),
  }
  await using test = await testOffice(folder, { engine, compose: composeCertifiedCopy }, new Date())
  const seal = testSigner(pki, { kind: 'organisation', commonName: 'UBND xã Mẫu (mẫu)' })
  const key = testSigner(pki, { commonName: 'Nguyễn Văn An (mẫu)' })
  await test.office.people.setSeal(test.admin, { certificateSha256: seal.certificate.sha256, png: null })
  await test.office.people.change(test.admin, test.signer.personId, { certificateSha256: key.certificate.sha256 })
  const start = performance.now()
  using scans = temporaryFolder('bench-audit-scans-')
  for (let index = 1; index <= copies; index += 1) {
    await certify(test, index, { key, seal, chain, page: scans.file('page.jpg') })
    if (index % 500 === 0) say(`audit: ${index} of ${copies} copies made`)
  }
  say(`audit: ${copies} copies made in ${Math.round((performance.now() - start) / 1000)} s`)
}

interface Hands {
  readonly key: TestSigner
  readonly seal: TestSigner
  readonly chain: readonly TestSigner['certificate'][]
  readonly page: string
}

async function certify({ office, officer, signer, clerk }: TestOffice, index: number, hands: Hands): Promise<void> {
  const [draft] = (await office.requests.receive(officer, requestOf([`Giấy tờ ${index} (mẫu)`]))).copies
  if (!draft) throw new Error('no copy')
  // Another filling gives another picture, as another paper would.
  const page = await scannedPage(hands.page, { filled: 0.3 + (index % 997) / 2000, dpi: 100 })
  const scanned = await office.copies.addPages(officer, draft, [page])
  const waiting = await office.copies.submit(officer, scanned, { comparedWithOriginal: true, allPagesPresent: true })
  const choice = ({ certificate }: TestSigner) =>
    ({ certificate, chain: hands.chain, scheme: 'RSA-PKCS1', hash: 'SHA-256' }) as const
  const signature = await office.signing.prepareSignature(signer, waiting, choice(hands.key))
  const value = await signWithToken(signature.toBeSigned, hands.key.session)
  const signed = await office.signing.completeSignature(signer, signature, value)
  const mark = await office.signing.prepareSeal(clerk, signed, choice(hands.seal))
  await office.signing.completeSeal(clerk, mark, await signWithToken(mark.toBeSigned, hands.seal.session))
}

async function filesBelow(folder: string) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return Promise.all(paths.map(async path => ({ path, bytes: (await stat(path)).size })))
}
