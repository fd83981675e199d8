import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { TrustSettings } from '../native-signing/index.ts'
import type { VerificationReport } from '../native-signing/types.ts'
import type { DeskSettings } from './desk-settings.ts'
import type { Notary } from './office/audit/anchors.ts'
import type { OfficeParts } from './office/parts.ts'
import type { Archiver, SigningEngine } from './office/signing/engine.ts'
import { readOwnFile } from './own-files.ts'
import { certificatesInFile, revocationListsInFile } from './trust-files.ts'

/** Read when something is first signed or verified: the window opens before. */
const signing = () => import('../native-signing/index.ts')

/** Whom an office trusts: names of files of its folder. */
export interface OfficeTrust {
  readonly folder: string
  readonly trust: DeskSettings['trust']
}

/** Reads the certificates and lists that the settings name. Paths are relative to the office's folder. @throws OwnFileError, SigningError */
export async function readTrust(
  folder: string,
  trust: Omit<DeskSettings['trust'], 'privateAddresses'>,
): Promise<TrustSettings> {
  const read = async <T>(names: readonly string[], parse: (bytes: Uint8Array) => readonly T[]): Promise<readonly T[]> =>
    (await Promise.all(names.map(async name => parse(await readOwnFile(resolve(folder, name)))))).flat()
  return {
    trustAnchors: await read(trust.anchors, certificatesInFile),
    intermediates: await read(trust.intermediates, certificatesInFile),
    crls: await read(trust.revocationLists, revocationListsInFile),
  }
}

/** Judges files by the office's own trust. */
export async function openVerifier(
  folder: string,
  trust: DeskSettings['trust'],
): Promise<(path: string) => Promise<VerificationReport>> {
  const settings = await readTrust(folder, trust)
  return async path => (await signing()).verifyPdf(path, settings)
}

/** Somebody waits for the answer; an authority that gives none is as none. */
const ANSWER_WITHIN = 10_000

async function askTime(url: string): Promise<Date | null> {
  const { authorityTime, createTimestamper, SigningError } = await signing()
  try {
    return await authorityTime(createTimestamper({ url, timeout: ANSWER_WITHIN, tries: 1 }))
  } catch (error) {
    if (error instanceof SigningError) return null
    throw error
  }
}

/** The signing engine, and who witnesses the journal and the time, with the office's time stamps and trust bound to them. */
export function bindSigningEngine(
  settings: DeskSettings,
  trust: TrustSettings,
  clock: () => Date,
): Pick<OfficeParts, 'engine' | 'archiver' | 'notary' | 'authorityTime'> {
  const { timestamp } = settings
  // One for all signatures: the timestamper learns how large its authority's answers are.
  const make = async () => {
    const engine = await signing()
    const timestamper =
      timestamp === null
        ? null
        : engine.createTimestamper({
            url: timestamp.url,
            timeout: timestamp.timeoutSeconds * 1000,
            tries: timestamp.attempts,
          })
    return { engine, timestamper }
  }
  let made: ReturnType<typeof make> | null = null
  const parts = () => {
    made ??= make()
    return made
  }
  const engine: SigningEngine = {
    timestamps: timestamp !== null,
    prepare: async (input, request, { workFile }) => {
      const { engine, timestamper } = await parts()
      const timestampBytes = timestamper ? timestamper.expectedBytes?.() : 0
      return engine.prepareSignature(input, request, { workFile, timestampBytes })
    },
    complete: async (toBeSigned, value, { output, signal }) => {
      const { engine, timestamper } = await parts()
      await engine.completeSignature(toBeSigned, value, { timestamper, trust, output, ...(signal ? { signal } : {}) })
    },
    verify: async path => (await signing()).verifyPdf(path, trust),
  }
  const allowPrivate = settings.practice || settings.trust.privateAddresses
  const archiver: Archiver = async (input, { output, signal }) => {
    const { engine, timestamper } = await parts()
    const { report } = await engine.extendPdf(input, {
      ...{ level: 'B-LTA', timestamper, trust, output, fetcher: engine.createStatusFetcher({ allowPrivate }) },
      ...(signal ? { signal } : {}),
    })
    const stamps = report.signatures.filter(({ kind }) => kind === 'document-timestamp')
    const newest = stamps.toSorted((one, other) => other.revisionEnd - one.revisionEnd)[0]
    if (!newest?.signer) throw new engine.SigningError('self-check-failed', { reason: 'no archive time-stamp' })
    return { lastsUntil: newest.signer.notAfter }
  }
  const notary: Notary = {
    stamp: async (bytes, signal) => {
      const { engine, timestamper } = await parts()
      if (!timestamper) throw new engine.SigningError('timestamp-unavailable', { reason: 'none is set' })
      return timestamper.stamp(createHash('sha256').update(bytes).digest(), 'SHA-256', signal)
    },
    judge: async (token, bytes) => (await signing()).judgeTimestamp(token, bytes, trust, clock()),
  }
  if (timestamp === null) return { engine, archiver, notary: null }
  return { engine, archiver, notary, authorityTime: () => askTime(timestamp.url) }
}
