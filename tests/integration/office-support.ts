import { fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { uuidV7 } from '../../electron/identifiers.ts'
import { createOffice } from '../../electron/office/office.ts'
import type { OfficeParts } from '../../electron/office/parts.ts'
import { loadOfficeRules } from '../../electron/office/rules.ts'
import type { OfficeService } from '../../electron/office/service.ts'
import type { PreparedSignature, SigningChoice, SigningEngine } from '../../electron/office/signing/engine.ts'
import type { Actor, CopyRef, CopyView, NewRequest } from '../../electron/office/types.ts'
import { openBlobs } from '../../electron/store/blobs.ts'
import { makeStore } from '../../electron/store/store.ts'
import type { SignatureValue, SignatureVerdict } from '../../native-signing/types.ts'

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')

/** A certificate as far as the office looks at one. */
export function certificateOf(name: string): SigningChoice['certificate'] {
  return {
    der: new TextEncoder().encode(name),
    sha256: sha256(name),
    subject: `CN=${name}`,
    commonName: name,
    issuer: 'CN=CA tập dượt (mẫu)',
    serialNumber: '01',
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2040-01-01T00:00:00Z'),
  }
}

export function choiceOf(name: string): SigningChoice {
  return { certificate: certificateOf(name), chain: [], scheme: 'RSA-PKCS1', hash: 'SHA-256' }
}

const markSchema = z.strictObject({ field: z.string(), certificate: z.string(), digest: z.string() })
const MARK = '\n%SIGNATURE '

/**
 * A signing engine whose signature is a line with the hash of all that stands before it: enough for the office's rules, and a changed byte
 * shows. The real engine is tested with the office where both meet, in the demo's tests.
 */
export const lineEngine: SigningEngine = {
  timestamps: true,
  prepare: async (input, request, { workFile }) => {
    const bytes = await readFile(input)
    await copyFile(input, workFile)
    return {
      kind: 'to-be-signed',
      workFile,
      inputBytes: bytes.length,
      inputSha256: sha256(bytes),
      fieldName: request.fieldName,
      byteRange: [0, bytes.length, bytes.length, 0],
      documentDigest: sha256(bytes),
      signedAttributes: new TextEncoder().encode(sha256(bytes)),
      certificate: request.certificate,
      chain: request.chain,
      scheme: request.scheme,
      hash: request.hash,
    }
  },
  complete: async (toBeSigned, value, { output }) => {
    const mark = {
      field: toBeSigned.fieldName,
      certificate: value.certificateSha256,
      digest: toBeSigned.documentDigest,
    }
    const bytes = await readFile(toBeSigned.workFile)
    await writeFile(output, Buffer.concat([bytes, Buffer.from(`${MARK}${JSON.stringify(mark)}`)]))
  },
  verify: async file => {
    const text = await readFile(file, 'latin1')
    const starts = [...text.matchAll(new RegExp(MARK, 'g'))].map(match => match.index)
    const signatures = starts.map((start, index): SignatureVerdict => {
      const end = starts[index + 1] ?? text.length
      const mark = markSchema.parse(JSON.parse(text.slice(start + MARK.length, end)))
      const intact = sha256(Buffer.from(text.slice(0, start), 'latin1')) === mark.digest
      const last = end === text.length
      return {
        field: mark.field,
        kind: 'signature',
        signer: { ...certificateOf('?'), sha256: mark.certificate },
        signerName: '?',
        claimedTime: null,
        provenTime: null,
        level: 'B-T',
        integrity: intact ? 'intact' : 'broken',
        coverage: last ? 'whole-file' : 'whole-revision',
        changesAfter: last ? 'none' : 'permitted',
        changes: [],
        indication: intact ? 'TOTAL-PASSED' : 'TOTAL-FAILED',
        subIndication: intact ? null : 'HASH_FAILURE',
        messages: [],
        revisionEnd: end,
      }
    })
    const valid = signatures.length > 0 && signatures.every(each => each.indication === 'TOTAL-PASSED')
    return { file, valid, signatures }
  },
}

/** An archiver that adds a line. */
export const lineArchiver: OfficeParts['archiver'] = async (input, { output }) => {
  await writeFile(output, Buffer.concat([await readFile(input), Buffer.from('\n%ARCHIVED')]))
  return { lastsUntil: new Date('2030-01-01T00:00:00Z') }
}

/** A composer that writes its request as text: the same request, the same bytes. */
export const textComposer: OfficeParts['compose'] = async (request, out) => {
  const parts = await Promise.all(
    request.pages.map(async page => `${page.rotation} ${sha256(await readFile(page.path))}`),
  )
  await writeFile(
    out,
    JSON.stringify({
      statement: request.statement,
      chain: request.chain,
      title: request.title,
      at: request.createdAt,
      parts,
    }),
  )
  return {
    pageCount: request.pages.length,
    statementPage: request.pages.length,
    signatureRectangle: { x: 300, y: 100, width: 120, height: 60 },
    sealRectangle: { x: 240, y: 80, width: 102, height: 102 },
  }
}

const composedSchema = z.object({
  statement: z.object({
    number: z.string(),
    book: z.string(),
    date: z.string(),
    officeName: z.string(),
    signerName: z.string(),
  }),
  chain: z.object({ sequence: z.int(), hash: z.string() }),
  parts: z.array(z.string()),
})

/** Reads what `textComposer` has written, as the audit reads a real copy. */
export const inspectText: OfficeParts['inspectFile'] = async (path, as) => {
  const bytes = await readFile(path).catch(() => null)
  if (!bytes) return { sha256: null, copy: null }
  const [text = ''] = bytes.toString('utf8').split('\n')
  const composed = as === 'copy' && text.startsWith('{') ? composedSchema.safeParse(JSON.parse(text)).data : undefined
  if (!composed) return { sha256: sha256(bytes), copy: null }
  const { statement, chain, parts } = composed
  const metadata = { ...statement, pageCount: parts.length, chain }
  return {
    sha256: sha256(bytes),
    copy: {
      form: 1,
      metadata,
      metadataNow: metadata,
      statement: { ...statement, originalPages: parts.length, places: [] },
      statementCovered: false,
      pageCount: parts.length,
    },
  }
}

/** Witnesses bytes by their hash and its own time, which a test can move. */
export function lineNotary(time: { readonly now: Date }): NonNullable<OfficeParts['notary']> {
  const tokenSchema = z.strictObject({ time: z.string(), sha256: z.string() })
  return {
    stamp: async bytes => Buffer.from(JSON.stringify({ time: time.now.toISOString(), sha256: sha256(bytes) })),
    judge: async (token, bytes) => {
      const told = tokenSchema.parse(JSON.parse(Buffer.from(token).toString('utf8')))
      return { time: new Date(told.time), problem: told.sha256 === sha256(bytes) ? null : 'imprint-differs' }
    },
  }
}

/** What a token gives: any bytes, here the certificate's name of who signed. */
export function signedBy(name: string): SignatureValue {
  return { kind: 'signature-value', certificateSha256: sha256(name), signature: new Uint8Array([1]) }
}

export const SIGNER = 'Nguyễn Văn An (mẫu)'
export const CLERK = 'Trần Thị Bình (mẫu)'
export const OFFICER = 'Lê Văn Cường (mẫu)'
export const OFFICE = 'UBND xã Thanh Bình (mẫu)'

export interface TestOffice extends AsyncDisposable {
  readonly office: OfficeService
  readonly parts: OfficeParts
  /** The office's clock; set `now` to move it. */
  readonly time: { now: Date }
  readonly admin: Actor
  readonly officer: Actor
  readonly signer: Actor
  readonly clerk: Actor
  readonly folder: string
}

export type PartChanges = Partial<
  Pick<
    OfficeParts,
    'compose' | 'engine' | 'archiver' | 'leastLevel' | 'authorityTime' | 'blobs' | 'store' | 'pause' | 'notary'
  >
>

/** Parts over real files and a real database in `folder`. */
export async function testParts(folder: string, time: { now: Date }, changes: PartChanges = {}): Promise<OfficeParts> {
  return {
    store: changes.store ?? (await makeStore(join(folder, 'office.sqlite'))),
    blobs: changes.blobs ?? openBlobs(join(folder, 'blobs')),
    clock: () => time.now,
    pause: changes.pause ?? (async () => {}),
    newId: () => uuidV7(time.now, randomBytes),
    compose: changes.compose ?? textComposer,
    engine: changes.engine ?? lineEngine,
    archiver: changes.archiver ?? lineArchiver,
    notary: changes.notary === undefined ? lineNotary(time) : changes.notary,
    inspectFile: inspectText,
    leastLevel: changes.leastLevel ?? 'B-B',
    authorityTime: changes.authorityTime,
    workFolder: join(folder, 'work'),
    rules: loadOfficeRules(),
  }
}

/** An office with one person for each role and an open book. Friday 20 November 2026, nine in the morning in Vietnam. */
export async function testOffice(
  folder: string,
  changes: PartChanges = {},
  now = new Date('2026-11-20T02:00:00Z'),
): Promise<TestOffice> {
  const time = { now }
  const parts = await testParts(folder, time, changes)
  const office = createOffice(parts)
  const admin = await office.people.found({ name: OFFICE }, { name: 'Quản trị (mẫu)' })
  const person = async (...[input]: [Parameters<typeof office.people.add>[1]]): Promise<Actor> => ({
    officeId: admin.officeId,
    personId: (await office.people.add(admin, input)).id,
  })
  const officer = await person({ name: OFFICER, roles: ['officer'] })
  const signer = await person({
    name: SIGNER,
    roles: ['signer'],
    signerTitle: ['CHỦ TỊCH'],
    certificateSha256: sha256(SIGNER),
  })
  const clerk = await person({ name: CLERK, roles: ['clerk'] })
  await office.people.setSeal(admin, { certificateSha256: sha256(OFFICE), png: null })
  await office.register.openBook(officer)
  return {
    office,
    parts,
    time,
    admin,
    officer,
    signer,
    clerk,
    folder,
    [Symbol.asyncDispose]: () => parts.store.close(),
  }
}

/** Nothing was done until then; whoever comes first says that the clock is right. */
export async function closedUntil(test: TestOffice, moment: Date): Promise<void> {
  test.time.now = moment
  await test.office.audit.acceptClock(test.officer, null)
}

export function requestOf(titles: readonly string[] = ['Giấy khai sinh']): NewRequest {
  return {
    requester: { name: 'Phạm Thị Dung (mẫu)', personalNumber: '001190000001', email: null, phone: null },
    originals: titles.map(title => ({ title, kind: 'Hộ tịch', issuer: 'UBND xã Mẫu', copyCount: 1 })),
  }
}

/** A page image file of its own content. */
export async function pageFile(
  folder: string,
  text = 'trang',
): Promise<Parameters<OfficeService['copies']['addPages']>[2][0]> {
  const path = join(folder, `${sha256(text).slice(0, 12)}.jpg`)
  await mkdir(folder, { recursive: true })
  await writeFile(path, text)
  return { path, mediaType: 'image/jpeg', widthPx: 1654, heightPx: 2339, dpi: 200 }
}

/** receive → page → submit. */
export async function submitted(test: TestOffice, title = 'Giấy khai sinh'): Promise<CopyView> {
  const { office, officer } = test
  const request = await office.requests.receive(officer, requestOf([title]))
  const [draft] = request.copies
  if (!draft) throw new Error('no copy')
  const scanned = await office.copies.addPages(officer, draft, [await pageFile(test.folder, title)])
  return office.copies.submit(officer, scanned, { comparedWithOriginal: true, allPagesPresent: true })
}

export async function prepared(test: TestOffice, copy: CopyRef): Promise<PreparedSignature> {
  return test.office.signing.prepareSignature(test.signer, copy, choiceOf(SIGNER))
}

export async function signed(test: TestOffice, copy: CopyRef): Promise<CopyView> {
  return test.office.signing.completeSignature(test.signer, await prepared(test, copy), signedBy(SIGNER))
}

export async function sealed(test: TestOffice, copy: CopyRef): Promise<CopyView> {
  const seal = await test.office.signing.prepareSeal(test.clerk, copy, choiceOf(OFFICE))
  return test.office.signing.completeSeal(test.clerk, seal, signedBy(OFFICE))
}

/** A copy from the desk to the outbox. */
export async function certified(test: TestOffice, title?: string): Promise<CopyView> {
  return sealed(test, await signed(test, await submitted(test, title)))
}

/** Another program that certifies `copies` copies in the same office. @returns its exit code */
export async function dayOfAnother(test: TestOffice, copies: number, name: string): Promise<number | null> {
  const people = [test.officer, test.signer, test.clerk].map(({ personId }) => personId)
  const words = [test.folder, test.admin.officeId, ...people, String(copies), name]
  const child = fork(join(import.meta.dirname, 'office-day-process.ts'), words)
  const [code] = await once(child, 'exit')
  return z.number().nullable().parse(code)
}
