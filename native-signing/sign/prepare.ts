import type { Hash } from 'node:crypto'
import { nodeHash } from '../cms/algorithms.ts'
import { buildSignedAttributes, estimateSignedDataBytes } from '../cms/build.ts'
import { SigningError } from '../errors.ts'
import { archivalPart } from '../pdf/archival.ts'
import { PdfDocument } from '../pdf/document.ts'
import { dateString, dictionary, textString, withEntries } from '../pdf/objects.ts'
import type { HashJob, KnownHashes } from '../pdf/range-hash.ts'
import { FileSource } from '../pdf/source.ts'
import { IncrementalUpdate } from '../pdf/update.ts'
import { mayDocumentsBeSigned, parseCertificate } from '../trust/certificate.ts'
import type { HashAlgorithm, SignatureRequest, ToBeSigned } from '../types.ts'
import { type HashedFile, readSignatures } from '../verify/verify.ts'
import { checkAlgorithm } from './algorithm-choice.ts'
import { addAppearance, sizeAsSeen } from './appearance.ts'
import { addField, type FieldPlace, planField, signatureDictionary } from './field.ts'
import { discard, withFileErrors } from './files.ts'
import { holeEntries, type UpdateWithHole, writeWithHole } from './hole.ts'
import { type Locks, lockEntries, planLocks } from './locks.ts'
import { type Picture, preparePicture } from './picture.ts'
import { rememberHashes } from './prepared-hashes.ts'
import { followSeedValues } from './seed-values.ts'
import { refuseSpoilt } from './spoilt.ts'
import { openWorkFile } from './work-file.ts'

export interface PrepareOptions {
  /** Where the file under work lies until it is complete; best in the folder of the output. What stands there is overwritten. */
  readonly workFile: string
  /** Room for a time-stamp token, bytes: what the authority's tokens take (`Timestamper.expectedBytes`), or 0 when there will be none. */
  readonly timestampBytes?: number | undefined
  /** Of an encrypted file: the user's or, where that one may not sign, the owner's. */
  readonly password?: string | undefined
}

function checkCertificate({ certificate, signingTime, scheme, hash }: SignatureRequest): void {
  const parsed = parseCertificate(certificate.der)
  if (signingTime > certificate.notAfter)
    throw new SigningError('certificate-expired', { date: certificate.notAfter.toISOString().slice(0, 10) })
  if (signingTime < certificate.notBefore)
    throw new SigningError('certificate-not-yet-valid', { date: certificate.notBefore.toISOString().slice(0, 10) })
  if (!mayDocumentsBeSigned(parsed)) throw new SigningError('certificate-not-for-signing')
  checkAlgorithm(certificate, { scheme, hash }, signingTime)
}

/** The incremental update with the signature's field, picture and dictionary; the hole in /Contents is empty. */
function buildUpdate(
  document: PdfDocument,
  request: SignatureRequest,
  place: FieldPlace,
  locks: Locks,
  picture: Picture | null,
  contentsBytes: number,
): UpdateWithHole {
  const update = new IncrementalUpdate(document)
  const signature = update.add(
    signatureDictionary({
      ...holeEntries(contentsBytes),
      M: dateString(request.signingTime),
      ...(request.signerName ? { Name: textString(request.signerName) } : {}),
      ...(request.reason ? { Reason: textString(request.reason) } : {}),
      ...(request.location ? { Location: textString(request.location) } : {}),
      ...lockEntries(document, locks),
    }),
  )
  const appearance = picture ? addAppearance(update, place.page, place.rectangle, picture) : null
  addField(document, update, place, request.fieldName, signature, appearance, locks.lockIsNew ? locks.lock : null)
  if (locks.certification !== null) {
    const permissions = document.dictionary(document.catalog.entries.get('Perms')) ?? dictionary({})
    update.amend(document.catalogReference, { Perms: withEntries(permissions, { DocMDP: signature }) })
  }
  return writeWithHole(update, signature, contentsBytes, document.source.length)
}

/**
 * First stage: everything that can be refused is refused here, before a token is touched; then the work file is made, whose bytes no longer
 * change but for the hole. The input is only read.
 * @throws SigningError file-not-found, pdf-unreadable, pdf-encrypted, pdf-password-required, pdf-password-wrong,
 *   pdf-changes-not-permitted, pdf-changes-forbidden, field-locked, field-lock-differs,
 *   seed-value-not-met, seed-certificate-not-accepted, certification-not-first, field-not-found, field-already-signed,
 *   page-not-found, rectangle-outside-page, image-unreadable, certificate-expired, certificate-not-yet-valid,
 *   certificate-not-for-signing, certificate-unreadable, mechanism-not-supported, algorithm-too-weak, earlier-signature-broken, disk-full
 */
export async function prepareSignature(
  inputPath: string,
  request: SignatureRequest,
  options: PrepareOptions,
): Promise<ToBeSigned> {
  const { workFile, timestampBytes, password } = options
  checkCertificate(request)
  using source = new FileSource(inputPath)
  const document = PdfDocument.open(source, password)
  const place = planField(document, request.fieldName, request.appearance)
  const chosen = { ...request, ...followSeedValues(document, place.existing, request, timestampBytes !== 0) }
  const { certificate, chain, scheme, hash } = chosen
  const locks = planLocks(document, place, chosen)
  const contentsBytes = estimateSignedDataBytes(
    { certificate, chain, scheme, hash, signedAttributes: buildSignedAttributes(new Uint8Array(64), certificate) },
    timestampBytes,
  )
  const visible = request.appearance && place.rectangle.width > 0 && place.rectangle.height > 0
  const picture = visible
    ? await preparePicture(request.appearance.image, {
        ...sizeAsSeen(place.page, place.rectangle),
        opaque: archivalPart(document) === 1,
      })
    : null
  const { byteRange, bytes } = buildUpdate(document, chosen, place, locks, picture, contentsBytes)
  return await withFileErrors(async () => {
    const { isCopy, ...opened } = await openWorkFile(source, inputPath, workFile)
    try {
      await using file = opened.file
      const jobs = hashJobs(source.length, hash)
      const examined = isCopy
        ? await readCopy(workFile, password, jobs)
        : await readSignatures(source, document, jobs, {
            // in one reading: the bytes that are verified and hashed are those that stand in the work file
            alsoTo: (piece, position) => file.writeMany(piece, position),
          })
      // the file that was planned for, and no other that came to its name meanwhile
      if (!source.isStillAt(inputPath))
        throw new SigningError('pdf-unreadable', { reason: 'file changed while it was copied' })
      refuseSpoilt(examined.signatures)
      const known = knownHashes(source.length, jobs, examined)
      file.write(bytes, source.length)
      const documentDigest = stateAfterInput(known, nodeHash(hash))
        .update(bytes.subarray(0, byteRange[1] - source.length))
        .update(bytes.subarray(byteRange[2] - source.length))
        .digest()
      const toBeSigned: ToBeSigned = {
        kind: 'to-be-signed',
        workFile,
        inputBytes: source.length,
        inputSha256: stateAfterInput(known, 'sha256').digest('hex'),
        fieldName: request.fieldName,
        byteRange,
        documentDigest: documentDigest.toString('hex'),
        signedAttributes: buildSignedAttributes(documentDigest, certificate),
        certificate,
        chain,
        scheme,
        hash,
      }
      rememberHashes(toBeSigned, known, file)
      return toBeSigned
    } catch (error) {
      await discard(workFile)
      throw error
    }
  })
}

async function readCopy(path: string, password: string | undefined, jobs: readonly HashJob[]): Promise<HashedFile> {
  using source = new FileSource(path)
  return await readSignatures(source, PdfDocument.open(source, password), jobs)
}

/** The whole input, by the hash that is signed and the one that names it. */
const hashJobs = (length: number, hash: HashAlgorithm): readonly HashJob[] =>
  [...new Set(['sha256', nodeHash(hash)])].map(name => ({ hash: name, spans: [{ start: 0, end: length }] }))

function knownHashes(length: number, jobs: readonly HashJob[], { states, digests }: HashedFile): KnownHashes {
  const named = jobs.flatMap(({ hash }, at) => (states[at] ? [[hash, states[at]] as const] : []))
  return { length, states: new Map(named), digests }
}

function stateAfterInput({ states }: KnownHashes, name: string): Hash {
  const state = states.get(name)
  if (!state) throw new TypeError(`not hashed by ${name}`)
  return state.copy()
}
