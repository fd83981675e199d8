import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { readDeskSettings, SETTINGS_FILE } from '../desk-settings.ts'
import { copyVerified } from '../files.ts'
import { anchorsOfAnotherChain } from '../office/audit/anchors.ts'
import { auditFindingSchema } from '../office/audit/findings.ts'
import { beginAfterRestore } from '../office/recovery/restored.ts'
import { COPY_REGISTER } from '../office/register/numbers.ts'
import { NUMBER_SOURCES } from '../office/register/restored.ts'
import { hasContent, openBlobs, referencedBlobs } from '../store/blobs.ts'
import { StoreError } from '../store/errors.ts'
import { headsOf, readHeads } from '../store/heads.ts'
import { isInUse } from '../store/sqlite/snapshot.ts'
import { DATABASE_FILE, HEAD_FILE, openStore, type Reader } from '../store/store.ts'
import { auditFindings } from './audit-copy.ts'
import { BackupError } from './errors.ts'
import {
  filesAmong,
  filesIn,
  type HighestKnown,
  highestOfDatabase,
  highestOfHeadFile,
  type NumberInFile,
  type ReadNumber,
  usedNumbers,
} from './evidence.ts'
import { requireNoLostCopies } from './lost-copies.ts'
import { BLOBS, blobsOf, chooseGeneration, FILES, type Generation, generationName, SNAPSHOT } from './manifest.ts'
import { requirePlaceApart } from './place-apart.ts'
import { isThere, newFolder, putInPlace, RESTORING, setAside, unfinishedPlan, writePlan } from './put-in-place.ts'

export interface RestoreOptions {
  /** The backup place. */
  readonly from: string
  /** Which backup; the newest when left out. */
  readonly name?: string
  /** The office's folder: lost, empty or damaged. */
  readonly into: string
  readonly at: Date
  readonly readNumber: ReadNumber
  /** Folders with certified files that may bear numbers used since. */
  readonly evidence?: readonly string[]
  /** The last number used in a year, as people know it from paper, the portal, a copy given back. */
  readonly usedUntil?: readonly { readonly year: number; readonly number: number }[]
  /** Also where the office's database is whole and new. */
  readonly replace?: boolean
  readonly signal?: AbortSignal
}

const outcomeSchema = z.strictObject({
  name: z.string(),
  madeAt: z.string(),
  /** Numbers entered as used and void, with where they are known from. */
  used: z.array(
    z.strictObject({
      ...{ kind: z.string(), year: z.int(), number: z.int(), source: z.enum(NUMBER_SOURCES) },
      ...{ book: z.string().nullable(), day: z.string().nullable(), fileSha256: z.string().nullable() },
    }),
  ),
  /** Brought files whose number does not count: of another office, or without an intact signature of a certificate that the office knows. */
  doubtful: z.array(z.strictObject({ path: z.string(), number: z.int(), year: z.int() })),
  /** Numbers that the backup knows, void now: their copies were sealed after it, and must not be signed a second time. */
  sealedSince: z.array(z.strictObject({ kind: z.string(), number: z.int(), year: z.int() })),
  /** Stored files that neither the backup nor the folder has whole. */
  lost: z.array(z.string()),
  deliveriesHeld: z.int(),
  /** What is not true of the restored register. */
  findings: z.array(auditFindingSchema),
  /** Set up again by hand: secrets are in no backup. */
  leftOut: z.array(z.string()),
  /** Folder of what was there before, below the office's. */
  setAside: z.string(),
})
export type Restored = z.infer<typeof outcomeSchema>

/**
 * Restores an office from a backup. All is made beside what is there, then put in its place; stopped at any moment and done again, it comes to
 * the same. What was there is set aside, never deleted; numbers used since the backup are entered as void.
 * @throws BackupError backup-not-found, backup-damaged, backup-newer, backup-other-office, backup-several-offices, restore-not-needed, restore-numbers-implausible;
 *   StoreError store-busy, store-damaged, store-newer; errors of the file system as they are
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { into } = options
  await requirePlaceApart(into, options.from)
  const unfinished = await unfinishedPlan(into)
  if (unfinished) {
    await putInPlace(into, unfinished)
    return outcomeSchema.parse(unfinished.outcome)
  }
  const officeId = await officeIdOf(into)
  const generation = await chooseGeneration(options.from, {
    officeId,
    ...(options.name === undefined ? {} : { name: options.name }),
  })
  if (officeId !== null && officeId !== generation.manifest.officeId) throw new BackupError('backup-other-office')
  const wanted = await blobsOf(generation)
  await mkdir(into, { recursive: true })
  await requireLost(options, generation)

  await rm(join(into, RESTORING), { recursive: true, force: true })
  const made = newFolder(into)
  const damaged = () => new BackupError('backup-damaged', { name: generation.name })
  const { database } = generation.manifest
  await copyVerified(join(generation.folder, SNAPSHOT), join(made, DATABASE_FILE), database.sha256, damaged)
  for (const { path, sha256 } of generation.manifest.files)
    if (path !== HEAD_FILE) await copyVerified(join(generation.folder, FILES, path), join(made, path), sha256, damaged)

  const aside = join('set-aside', generationName(options.at))
  const lost = await bringBlobs(options, wanted, aside)
  const { lostAnchors, ...completed } = await completeDatabase(options, generation, join(made, DATABASE_FILE))
  const outcome: Restored = {
    ...completed,
    name: generation.name,
    madeAt: generation.manifest.madeAt,
    lost,
    leftOut: generation.manifest.leftOut,
    setAside: aside,
  }
  options.signal?.throwIfAborted()
  const others = generation.manifest.files.map(({ path }) => path).filter(path => path !== HEAD_FILE)
  const plan = {
    setAside: aside,
    files: [DATABASE_FILE, HEAD_FILE, ...others],
    gone: lostAnchors.map(sha256 => join(BLOBS, sha256.slice(0, 2), sha256)),
    outcome,
  }
  await writePlan(into, plan)
  await putInPlace(into, plan)
  return outcome
}

/** Whose folder it is, by its settings or else its head; null where neither can be read. */
async function officeIdOf(into: string): Promise<string | null> {
  const named = await readDeskSettings(into).then(
    settings => settings.officeId,
    // missing or damaged settings name nobody
    () => null,
  )
  if (named !== null) return named
  const heads = await readHeads(join(into, HEAD_FILE)).catch((error: unknown) => {
    if (error instanceof StoreError) return null
    throw error
  })
  const [officeId, ...others] = Object.keys(heads ?? {})
  return others.length === 0 ? (officeId ?? null) : null
}

/** @throws BackupError restore-not-needed, StoreError store-busy */
async function requireLost(
  { into, readNumber, replace = false }: RestoreOptions,
  { manifest }: Generation,
): Promise<void> {
  const database = join(into, DATABASE_FILE)
  if ((await isThere(database)) && isInUse(database)) throw new StoreError('store-busy')
  if (replace || !(await isThere(join(into, SETTINGS_FILE)))) return
  try {
    const store = await openStore(database)
    await requireNoLostCopies(into, store.reader, manifest.officeId, readNumber).finally(() => store.close())
  } catch (error) {
    if (error instanceof StoreError && error.code !== 'store-busy' && error.code !== 'store-newer') return
    throw error
  }
  throw new BackupError('restore-not-needed')
}

/** What is whole in the office's folder stays; what is missing comes from the backup; what is damaged is set aside first. @returns what is nowhere */
async function bringBlobs(
  { from, into, signal }: RestoreOptions,
  wanted: readonly string[],
  aside: string,
): Promise<string[]> {
  const here = openBlobs(join(into, BLOBS))
  const there = openBlobs(join(from, BLOBS))
  const lost: string[] = []
  for (const sha256 of wanted) {
    signal?.throwIfAborted()
    if (await here.has(sha256)) {
      if (await hasContent(here.path(sha256), sha256)) continue
      await setAside(into, aside, join(BLOBS, sha256.slice(0, 2), sha256))
    }
    try {
      await here.putKnown(sha256, there.path(sha256))
    } catch (error) {
      const gone = error instanceof Error && 'code' in error && ['ENOENT', 'blob-damaged'].includes(String(error.code))
      if (!gone) throw error
      lost.push(sha256)
    }
  }
  return lost
}

/** Brings the restored database to today: tables, numbers used since, its own head beside it. */
async function completeDatabase(
  { into, at, readNumber, evidence = [], usedUntil = [] }: RestoreOptions,
  { manifest, manifestSha256 }: Generation,
  path: string,
): Promise<
  Pick<Restored, 'used' | 'doubtful' | 'sealedSince' | 'deliveriesHeld' | 'findings'> & {
    /** What was witnessed of the events that are lost: it would contradict those that come in their place. */
    readonly lostAnchors: readonly string[]
  }
> {
  const { officeId } = manifest
  const blobs = openBlobs(join(into, BLOBS))
  const lostHead = await highestOfHeadFile(join(into, HEAD_FILE), officeId)
  const oldDatabase = await highestOfDatabase(join(into, DATABASE_FILE), officeId)
  const store = await openStore(path)
  try {
    const restored = (await headsOf(store.reader))[officeId]
    if (!restored) throw new StoreError('store-damaged')
    const known = await referencedBlobs(store.reader)
    const findings = await auditFindings(store.reader, officeId)

    const unknown = (await Array.fromAsync(blobs.list())).filter(sha256 => !known.has(sha256))
    const lostAnchors = await anchorsOfAnotherChain({ reader: store.reader, blobs, officeId }, unknown)
    const own = await filesAmong(blobs, known, readNumber)
    const brought = (await Promise.all(evidence.map(folder => filesIn(folder, known, readNumber)))).flat()
    const certificates = await certificatesOf(store.reader, officeId)
    const isOurs = (file: NumberInFile) =>
      file.officeName === certificates.officeName && file.signedBy.some(each => certificates.all.has(each))
    const believed = [...own, ...brought.filter(isOurs)]
    for (const file of believed) await blobs.putKnown(file.sha256, file.path)

    const highest: readonly HighestKnown[] = [
      ...(oldDatabase?.numbers ?? []).map(each => ({ ...each, source: 'database' as const })),
      ...(lostHead?.numbers ?? []).map(each => ({ ...each, source: 'head' as const })),
      ...usedUntil.map(({ year, number }) => ({
        ...{ kind: COPY_REGISTER, year, highest: number, source: 'person' as const },
      })),
    ]
    const used = usedNumbers(restored, believed, highest)
    const sealed = believed.filter(file => file.signedBy.some(each => each === certificates.seal))
    const { deliveriesHeld, voided } = await beginAfterRestore(
      store,
      officeId,
      at,
      { used, sealed },
      {
        ...{ manifestSha256, sequence: restored.sequence, hash: restored.hash },
        ...{ lostSequence: lostHead?.sequence ?? null, lostHash: lostHead?.hash ?? null },
      },
    )
    await store.head.renew()
    return {
      used: [...used],
      doubtful: brought.filter(file => !isOurs(file)).map(({ path, number, year }) => ({ path, number, year })),
      sealedSince: voided.map(({ kind, number, year }) => ({ kind, number, year })),
      deliveriesHeld,
      findings: [...findings],
      lostAnchors: lostAnchors.map(({ sha256 }) => sha256),
    }
  } finally {
    await store.close()
  }
}

/** By what a brought file counts as this office's own: its name stands on it, and a certificate that the office knows signed it. */
async function certificatesOf(reader: Reader, officeId: string) {
  const office = await reader
    .selectFrom('office')
    .select(['name', 'seal_certificate_sha256'])
    .where('office_id', '=', officeId)
    .executeTakeFirst()
  const people = await reader
    .selectFrom('person')
    .select('certificate_sha256')
    .where('office_id', '=', officeId)
    .execute()
  const seal = office?.seal_certificate_sha256 ?? null
  return {
    officeName: office?.name ?? null,
    seal,
    all: new Set([seal, ...people.map(each => each.certificate_sha256)]),
  }
}
