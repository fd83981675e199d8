// Makes the golden copies of the newest form, once, before it is released: `node tests/golden/make.ts`. docs/copy-forms.md says why.
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { composeCertifiedCopy, NEWEST_FORM } from '../../electron/document/forms.ts'
import type { PageImage } from '../../electron/document/types.ts'
import type { Archiver, SigningEngine } from '../../electron/office/signing/engine.ts'
import type { Actor, CopyView } from '../../electron/office/types.ts'
import { createPki, revocationList } from '../../electron/sandbox/pki.ts'
import { startTimestampAuthority } from '../../electron/sandbox/timestamp-authority.ts'
import {
  completeSignature,
  createStatusFetcher,
  createTimestamper,
  extendPdf,
  prepareSignature,
  readCertificate,
  signWithToken,
  verifyPdf,
} from '../../native-signing/index.ts'
import { scannedPage } from '../integration/document-support.ts'
import { OFFICE, requestOf, type TestOffice, testOffice } from '../integration/office-support.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type TestSigner, testSigner } from '../unit/signing/support.ts'
import { goldenFolder, goldenVerdict, pagePath, TRUST } from './golden.ts'

/** Every vowel with every tone, and đ. */
const LETTERS = [...'aăâeêioôơuưyAĂÂEÊIOÔƠUƯY']
  .flatMap(vowel => ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'].map(tone => vowel + tone))
  .join(' ')

/** What each copy shows of the form. */
const COPIES = [
  { name: 'on-the-original', title: 'Giấy khai sinh', filled: [0.4], signer: 'Nguyễn Văn An (mẫu)', as: ['CHỦ TỊCH'] },
  {
    name: 'own-page',
    title: 'Bằng tốt nghiệp đại học',
    filled: [0.5, 0.98],
    signer: 'Nguyễn Văn An (mẫu)',
    as: ['CHỦ TỊCH'],
  },
  {
    name: 'for-the-chairman',
    title: 'Giấy chứng nhận kết hôn',
    filled: [0.3],
    signer: 'Lê Thị Ước Mơ (mẫu)',
    as: ['KT. CHỦ TỊCH', 'PHÓ CHỦ TỊCH'],
  },
  {
    name: 'many-letters',
    title: `Bảng chữ “${LETTERS}” đ Đ & <số>`.normalize('NFD'),
    filled: [0.98],
    signer: 'Công Tằng Tôn Nữ Đặng Quỳnh Ỷ Nhi Phước Hậu Trường Yến Vỹ Khuê Ngọ Sầm (mẫu)'.normalize('NFD'),
    as: ['TM. ỦY BAN NHÂN DÂN', 'CHỦ TỊCH'],
  },
] as const

const picture = (width: number, height: number, background: string): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background } })
    .png()
    .toBuffer()

const form = NEWEST_FORM
const out = goldenFolder(form)
await mkdir(out)
await mkdir(join(out, 'pages'))
using folder = temporaryFolder('golden-')
const now = new Date()
const pki = createPki({ now })
const chain = [readCertificate(pki.subCa.certificate)]
const trust = {
  trustAnchors: [readCertificate(pki.root.certificate)],
  intermediates: chain,
  crls: (['root', 'subCa'] as const).map(authority => revocationList(pki, authority, now)),
}
const authority = await startTimestampAuthority({ identity: pki.timestampAuthority, chain: [pki.subCa.certificate] })
const timestamper = createTimestamper({ url: authority.url, timeout: 60_000, tries: 1 })
const engine: SigningEngine = {
  timestamps: true,
  prepare: (input, request, { workFile }) =>
    prepareSignature(input, request, { workFile, timestampBytes: timestamper.expectedBytes?.() }),
  complete: async (toBeSigned, value, { output }) => {
    await completeSignature(toBeSigned, value, { timestamper, trust, output })
  },
  verify: file => verifyPdf(file, trust),
}
const archiver: Archiver = async (input, { output }) => {
  await extendPdf(input, { level: 'B-LTA', timestamper, trust, output, fetcher: createStatusFetcher() })
  return { lastsUntil: now }
}
await using test = await testOffice(folder.file('office'), { engine, archiver, compose: composeCertifiedCopy }, now)
const seal = testSigner(pki, { kind: 'organisation', commonName: OFFICE })
await test.office.people.setSeal(test.admin, {
  certificateSha256: seal.certificate.sha256,
  png: await picture(60, 60, '#c0000050'),
})

await writeFile(join(out, TRUST), pem(pki.root.certificate))
for (const { name, title, filled, signer, as } of COPIES) {
  const key = testSigner(pki, { commonName: signer.normalize('NFC') })
  const person = await test.office.people.add(test.admin, {
    name: signer,
    roles: ['signer'],
    signerTitle: as,
    certificateSha256: key.certificate.sha256,
  })
  await test.office.people.setSignatureImage(test.admin, person.id, await picture(80, 40, '#0000b450'))
  const pages: PageImage[] = []
  for (const part of filled)
    pages.push(await scannedPage(folder.file(`${name}-${pages.length}.jpg`), { filled: part, dpi: 72 }))
  const actor = { officeId: test.admin.officeId, personId: person.id }
  const copy = await certified(test, title, pages, { actor, key })
  await keep(name, copy.id, await test.office.copies.file(test.clerk, copy.id, 'sealed'))
  if (name !== 'on-the-original') continue
  await test.office.archive.renew(test.clerk, copy.id)
  await keep('archived', copy.id, await test.office.archive.file(test.clerk, copy.id))
}
await authority.close()

/** A copy on its way from the desk to the seal. */
async function certified(
  { office, officer, clerk }: TestOffice,
  title: string,
  pages: readonly PageImage[],
  signer: { readonly actor: Actor; readonly key: TestSigner },
): Promise<CopyView> {
  const [draft] = (await office.requests.receive(officer, requestOf([title]))).copies
  if (!draft) throw new Error('no copy')
  const scanned = await office.copies.addPages(officer, draft, pages)
  const waiting = await office.copies.submit(officer, scanned, { comparedWithOriginal: true, allPagesPresent: true })
  const choice = ({ certificate }: TestSigner) =>
    ({ certificate, chain, scheme: 'RSA-PKCS1', hash: 'SHA-256' }) as const
  const { actor, key } = signer
  const signature = await office.signing.prepareSignature(actor, waiting, choice(key))
  const signed = await office.signing.completeSignature(
    actor,
    signature,
    await signWithToken(signature.toBeSigned, key.session),
  )
  const mark = await office.signing.prepareSeal(clerk, signed, choice(seal))
  return office.signing.completeSeal(clerk, mark, await signWithToken(mark.toBeSigned, seal.session))
}

/** Puts a file beside what it was composed from and what verify says of it. */
async function keep(name: string, copyId: string, file: string): Promise<void> {
  const { content } = await test.parts.store.reader
    .selectFrom('copy')
    .select('content')
    .where('copy_id', '=', copyId)
    .executeTakeFirstOrThrow()
  const fixed: unknown = JSON.parse(content ?? '')
  await copyFile(file, join(out, `${name}.pdf`))
  await writeFile(join(out, `${name}.content.json`), `${JSON.stringify(fixed, null, 2)}\n`)
  for (const { sha256 } of await test.office.copies.pages(test.clerk, copyId))
    await copyFile(test.parts.blobs.path(sha256), pagePath(form, sha256))
  const at = new Date(now.getTime() + 86_400_000).toISOString()
  const verdict = await goldenVerdict(join(out, `${name}.pdf`), join(out, TRUST), at)
  await writeFile(join(out, `${name}.verdict.json`), `${JSON.stringify(verdict, null, 2)}\n`)
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}
