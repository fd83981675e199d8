import { createHash, randomUUID } from 'node:crypto'
import { renameSync } from 'node:fs'
import { constants, copyFile } from 'node:fs/promises'
import { nodeHash } from '../cms/algorithms.ts'
import { buildSignedData } from '../cms/build.ts'
import { SigningError } from '../errors.ts'
import type { KnownHashes } from '../pdf/range-hash.ts'
import type { TrustSettings } from '../trust/chain.ts'
import type { SignatureValue, Timestamper, ToBeSigned, VerificationReport } from '../types.ts'
import { examineFile, reportOn } from '../verify/verify.ts'
import { both, discard, exists, flush, moveIntoPlace, systemCode, withFileErrors } from './files.ts'
import { holeDigits } from './hole.ts'
import { OpenFile } from './open-file.ts'
import { recallHashes } from './prepared-hashes.ts'
import { checkSignatureValue } from './token-signature.ts'

export interface CompleteOptions {
  /** Null makes a signature of level B-B. */
  readonly timestamper: Timestamper | null
  /** With trust anchors the new signature must be TOTAL-PASSED; null asks for integrity alone. */
  readonly trust: TrustSettings | null
  /** Must not exist yet. */
  readonly output: string
  /** Time at which the result is judged. */
  readonly now?: Date
  /** Of an encrypted file, as for preparing. */
  readonly password?: string | undefined
  readonly signal?: AbortSignal
}

/** Third stage's result: a signed file that has passed our own verification. */
export interface SignedFile {
  readonly kind: 'signed-file'
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly report: VerificationReport
}

function selfCheckFailed(reason: string): never {
  throw new SigningError('self-check-failed', { reason })
}

/** Writes the CMS into the hole; the work file is then finished. */
function fillHole({ workFile, byteRange }: ToBeSigned, signedData: Uint8Array): void {
  using file = new OpenFile(workFile, 'r+')
  file.write(holeDigits(byteRange, signedData), byteRange[1] + 1)
}

/**
 * Takes the work file beside the output, so that the last step is a rename within one disk.
 * @returns whether it had to be copied from another disk
 */
async function takeBeside(workFile: string, beside: string): Promise<boolean> {
  try {
    renameSync(workFile, beside)
    return false
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error
    await copyFile(workFile, beside, constants.COPYFILE_EXCL)
    return true
  }
}

/** Reads the finished file back and verifies it: prefix untouched, every signature intact, the new one by the wanted certificate. */
async function selfCheck(
  path: string,
  toBeSigned: ToBeSigned,
  options: CompleteOptions,
  known: KnownHashes | null,
): Promise<{ readonly sha256: string; readonly bytes: number; readonly report: VerificationReport }> {
  const { inputBytes, byteRange } = toBeSigned
  // no byte may follow: the check of what the signature covers sees it
  const size = byteRange[2] + byteRange[3]
  const trust = { ...(options.trust ?? { trustAnchors: [] }), password: options.password }
  const jobs = [inputBytes, size].map(end => ({ hash: 'sha256', spans: [{ start: 0, end }] }))
  const at = options.now ? { at: options.now } : {}
  const { facts, states } = await examineFile(path, { ...trust, ...at }, jobs, { known })
  const report = reportOn(path, facts)
  const [prefix, whole] = states
  if (prefix?.digest('hex') !== toBeSigned.inputSha256) selfCheckFailed('prefix')
  const own = report.signatures.find(signature => signature.field === toBeSigned.fieldName)
  if (!own || own.signer?.sha256 !== toBeSigned.certificate.sha256 || own.coverage !== 'whole-file')
    selfCheckFailed('signature')
  for (const signature of report.signatures) {
    if (signature.integrity !== 'intact') selfCheckFailed('integrity')
    if (signature.changesAfter === 'forbidden') selfCheckFailed('changes')
  }
  if (options.timestamper && own.level === 'B-B') selfCheckFailed('timestamp')
  if (options.trust && own.indication !== 'TOTAL-PASSED') selfCheckFailed(own.subIndication ?? own.indication)
  return { sha256: whole?.digest('hex') ?? '', bytes: size, report }
}

/**
 * Third stage: time-stamp, embed, verify, put in place. The output appears whole and verified or not at all. Where the time-stamp does not
 * come or the disk is full the work file stays, so the stage can be run again with the same value; a file that fails our own check is removed.
 * @throws SigningError file-exists, signature-value-invalid, timestamp-unavailable, timestamp-refused, timestamp-invalid,
 *   signature-too-large, self-check-failed, disk-full
 */
export async function completeSignature(
  toBeSigned: ToBeSigned,
  value: SignatureValue,
  options: CompleteOptions,
): Promise<SignedFile> {
  const { output, timestamper, signal } = options
  if (exists(output)) throw new SigningError('file-exists')
  checkSignatureValue(toBeSigned, value)
  const imprint = createHash(nodeHash(toBeSigned.hash)).update(value.signature).digest()
  const timestampToken = timestamper ? await timestamper.stamp(imprint, toBeSigned.hash, signal) : null
  const signedData = buildSignedData({ ...toBeSigned, signature: value.signature, timestampToken })
  return withFileErrors(async () => {
    const known = recallHashes(toBeSigned)
    fillHole(toBeSigned, signedData)
    const beside = `${output}.${randomUUID()}.part`
    const isCopy = await takeBeside(toBeSigned.workFile, beside)
    try {
      // what was hashed in the work file says nothing of a copy
      const [checked] = await both(selfCheck(beside, toBeSigned, options, isCopy ? null : known), flush(beside))
      await moveIntoPlace(beside, output)
      return { kind: 'signed-file', path: output, ...checked }
    } catch (cause) {
      await discard(beside)
      const damaged = cause instanceof SigningError && cause.code === 'pdf-unreadable'
      throw damaged ? new SigningError('self-check-failed', { reason: 'unreadable' }, { cause }) : cause
    } finally {
      if (isCopy) await discard(toBeSigned.workFile)
    }
  })
}
