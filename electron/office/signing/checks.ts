import type { SignatureVerdict, VerificationReport } from '../../../native-signing/types.ts'
import { OfficeError } from '../errors.ts'
import { SEAL_FIELD, SIGNATURE_FIELD } from './engine.ts'
import { type LeastLevel, requireLevel } from './level.ts'

/**
 * A file that left the first signing: exactly one signature, by the signer's registered certificate, over the whole file, valid, of the level
 * that the office promises.
 * @returns when its authority stamped it
 * @throws OfficeError signature-not-valid, signed-file-wrong, timestamp-missing
 */
export function requireSigned(report: VerificationReport, signerCertificate: string, least: LeastLevel): Date | null {
  const [signature] = requireCount(report, 1)
  requireSignature(signature, SIGNATURE_FIELD, signerCertificate)
  requireWholeFile(signature)
  requireValid(report)
  requireLevel(signature, least)
  return signature.provenTime
}

/**
 * A file that left the sealing: the signer's signature, then the organisation's over the whole file (NĐ 30/2020 Đ32: the seal only on what
 * the authorised person has signed), both valid and of the level that the office promises.
 * @returns when the seal's authority stamped it
 * @throws OfficeError signature-not-valid, signed-file-wrong, timestamp-missing
 */
export function requireSealed(
  report: VerificationReport,
  signerCertificate: string,
  sealCertificate: string,
  least: LeastLevel,
): Date | null {
  const [signature, seal] = requireCount(report, 2)
  requireSignature(signature, SIGNATURE_FIELD, signerCertificate)
  requireSignature(seal, SEAL_FIELD, sealCertificate)
  if (signature.revisionEnd >= seal.revisionEnd) throw new OfficeError('signed-file-wrong', { check: 'order' })
  requireWholeFile(seal)
  requireValid(report)
  requireLevel(signature, least)
  requireLevel(seal, least)
  return seal.provenTime
}

/** In the order of their revisions; the list has `count` entries. */
function requireCount(report: VerificationReport, count: 1): readonly [SignatureVerdict]
function requireCount(report: VerificationReport, count: 2): readonly [SignatureVerdict, SignatureVerdict]
function requireCount(report: VerificationReport, count: number): readonly SignatureVerdict[] {
  if (report.signatures.length !== count) {
    throw new OfficeError('signed-file-wrong', { check: 'count', count: report.signatures.length })
  }
  return report.signatures.toSorted((one, other) => one.revisionEnd - other.revisionEnd)
}

function requireSignature(verdict: SignatureVerdict, field: string, certificateSha256: string): void {
  if (verdict.kind !== 'signature' || verdict.field !== field) {
    throw new OfficeError('signed-file-wrong', { check: 'field', field })
  }
  if (verdict.signer?.sha256 !== certificateSha256) {
    throw new OfficeError('signed-file-wrong', { check: 'certificate', field })
  }
  if (verdict.indication !== 'TOTAL-PASSED' || verdict.integrity !== 'intact' || verdict.changesAfter === 'forbidden') {
    throw new OfficeError('signature-not-valid', { field, indication: verdict.subIndication ?? verdict.indication })
  }
}

function requireWholeFile(verdict: SignatureVerdict): void {
  if (verdict.coverage !== 'whole-file' || verdict.changesAfter !== 'none') {
    throw new OfficeError('signed-file-wrong', { check: 'coverage', field: verdict.field })
  }
}

function requireValid(report: VerificationReport): void {
  if (!report.valid) throw new OfficeError('signature-not-valid', { field: 'file', indication: 'not valid' })
}
