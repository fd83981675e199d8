import { readFile, stat } from 'node:fs/promises'
import { z } from 'zod'
import { type BlobStore, HEAD_ANCHORED, hasContent, isBlobName } from '../../store/blobs.ts'
import type { Reader, Store } from '../../store/store.ts'
import { canonicalJson } from '../canonical-json.ts'
import type { HighestNumber } from '../types.ts'
import { appendEvent, chainEnd, type Doer, hashAt } from './chain.ts'
import { witnessTime } from './clock.ts'
import { type AuditFinding, finding } from './findings.ts'
import type { Ledger } from './ledger.ts'
import { shown } from './row-names.ts'

/** Lets a time-stamp authority witness bytes, and judges such a token later (RFC 3161). */
export interface Notary {
  /** @returns DER of the TimeStampToken. @throws SigningError timestamp-unavailable, timestamp-refused, timestamp-invalid */
  stamp(bytes: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>
  /** `time` is null where the token says none; `problem` is null where it holds. */
  judge(token: Uint8Array, bytes: Uint8Array): Promise<{ readonly time: Date | null; readonly problem: string | null }>
}

/** Why the head was held fast just then. */
export type AnchorOccasion = 'daily' | 'register-print' | 'backup' | 'asked'

/** The chain's end at a moment, as an authority has witnessed it. */
export interface Anchor {
  readonly sequence: number
  readonly hash: string
  /** SHA-256 of the stored anchor file. */
  readonly fileSha256: string
  readonly time: Date
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const headSchema = z.strictObject({
  officeId: z.string(),
  sequence: z.int().min(0),
  hash: sha256,
  numbers: z.array(z.strictObject({ kind: z.string(), year: z.int(), number: z.int() })),
})

/** An anchor file: the head, and the token over its canonical JSON in UTF-8. Whoever holds a copy of one can prove the chain up to there. */
const anchorSchema = z.strictObject({ head: headSchema, token: z.base64() })

const bytesOf = (head: z.infer<typeof headSchema>): Uint8Array => Buffer.from(canonicalJson(head), 'utf8')

/** The highest number of each register and year. */
export async function highestNumbers(reader: Reader, officeId: string): Promise<readonly HighestNumber[]> {
  const rows = await reader
    .selectFrom('number_series')
    .select(['kind', 'year', 'last_number'])
    .where('office_id', '=', officeId)
    .orderBy('kind')
    .orderBy('year')
    .execute()
  return rows.map(({ kind, year, last_number: number }) => ({ kind, year, number }))
}

export interface AnchorParts {
  readonly store: Store
  readonly blobs: BlobStore
  readonly notary: Notary
  readonly clock: () => Date
}

/**
 * Lets the authority witness the chain's end, keeps the token as a file of its own, and writes down that it exists: an anchor that is taken away
 * is missed, and one whose events were written anew contradicts them.
 * @throws SigningError as `Notary.stamp`
 */
export async function anchorHead(
  { store, blobs, notary, clock }: AnchorParts,
  doer: Doer,
  occasion: AnchorOccasion,
  signal?: AbortSignal,
): Promise<Anchor> {
  const head = await store.snapshot(async reader => ({
    officeId: doer.officeId,
    ...(await chainEnd(reader, doer.officeId)),
    numbers: [...(await highestNumbers(reader, doer.officeId))],
  }))
  const bytes = bytesOf(head)
  const from = clock()
  const token = await notary.stamp(bytes, signal)
  const to = clock()
  const { time } = await notary.judge(token, bytes)
  const anchor = {
    head: { ...head, numbers: head.numbers.map(each => ({ ...each })) },
    token: Buffer.from(token).toString('base64'),
  }
  const fileSha256 = await blobs.put(Buffer.from(canonicalJson(anchor), 'utf8'))
  await store.write(async writer => {
    if (time) await witnessTime(writer, doer.officeId, { from, to, authority: time })
    await appendEvent(writer, doer, {
      action: HEAD_ANCHORED,
      subject: doer.officeId,
      data: { sequence: head.sequence, hash: head.hash, fileSha256, occasion, time: time?.toISOString() ?? null },
    })
  })
  return { sequence: head.sequence, hash: head.hash, fileSha256, time: time ?? doer.at }
}

/** Clocks of office and authority differ by so much at most, before one of them is told to be wrong; milliseconds. */
const CLOCK_TOLERANCE = 10 * 60 * 1000

export interface AnchorCheck {
  readonly reader: Reader
  readonly blobs: BlobStore
  /** Null where no authority is set: then nobody can say whether a token is trusted. */
  readonly notary: Pick<Notary, 'judge'> | null
  readonly officeId: string
  readonly ledger: Ledger
}

/**
 * Every anchor that the journal knows is there, by a trusted authority, over the chain as it stands, and at about the time that the journal says;
 * and every anchor file that lies in the store agrees with the chain, also one that no event knows any more.
 */
export async function checkAnchors(check: AnchorCheck, unknown: readonly string[]) {
  const { ledger } = check
  const findings: AuditFinding[] = []
  for (const anchor of ledger.anchors) {
    if (anchor.fileSha256 === null) continue
    const file = await readAnchor(check.blobs, anchor.fileSha256)
    const parameters = { sequence: anchor.sequence, at: anchor.at }
    if (!file) {
      findings.push(finding('audit-anchor-missing', parameters))
      continue
    }
    if (file.head.sequence !== anchor.sequence || file.head.hash !== anchor.hash) {
      findings.push(
        finding('audit-anchor-differs', { ...parameters, here: shown(anchor.hash), there: shown(file.head.hash) }),
      )
      continue
    }
    findings.push(...(await judgeAnchor(check, file, anchor.at)))
  }
  for (const { sequence, hash } of await anchorsOfAnotherChain(check, unknown))
    findings.push(finding('audit-anchor-unknown', { sequence, there: shown(hash) }))
  return { findings, anchors: ledger.anchors.length }
}

/** Which of the files are anchors of this office, though of another chain. A crash between the file and its event leaves one that agrees. */
export async function anchorsOfAnotherChain(
  { reader, blobs, officeId }: Pick<AnchorCheck, 'reader' | 'blobs' | 'officeId'>,
  files: readonly string[],
): Promise<readonly { readonly sha256: string; readonly sequence: number; readonly hash: string }[]> {
  const found = []
  for (const sha256 of files) {
    const file = await readAnchor(blobs, sha256)
    if (file?.head.officeId !== officeId) continue
    const { sequence, hash } = file.head
    if ((await hashAt(reader, officeId, sequence)) !== hash) found.push({ sha256, sequence, hash })
  }
  return found
}

async function judgeAnchor(
  { reader, notary, officeId }: AnchorCheck,
  { head, token }: z.infer<typeof anchorSchema>,
  at: string,
): Promise<readonly AuditFinding[]> {
  const { sequence, hash } = head
  const here = await hashAt(reader, officeId, sequence)
  if (here !== hash) return [finding('audit-anchor-differs', { sequence, at, here: shown(here), there: shown(hash) })]
  if (!notary) return [finding('audit-anchor-untrusted', { sequence, at, problem: 'timestamp-not-set' })]
  const { time, problem } = await notary.judge(Buffer.from(token, 'base64'), bytesOf(head))
  if (problem !== null) return [finding('audit-anchor-untrusted', { sequence, at, problem })]
  if (time && Math.abs(time.getTime() - Date.parse(at)) > CLOCK_TOLERANCE) {
    return [finding('audit-clock-differs', { sequence, here: at, there: time.toISOString() })]
  }
  return []
}

/** Anchor files are small; anything larger is none. */
const MAXIMUM_ANCHOR = 1024 * 1024

async function readAnchor(blobs: BlobStore, sha256: string): Promise<z.infer<typeof anchorSchema> | null> {
  if (!isBlobName(sha256) || !(await blobs.has(sha256))) return null
  const path = blobs.path(sha256)
  if ((await stat(path)).size > MAXIMUM_ANCHOR || !(await hasContent(path, sha256))) return null
  const text = await readFile(path, 'utf8')
  try {
    const parsed = anchorSchema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
