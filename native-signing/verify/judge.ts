import type { AlgorithmVerdict } from '../trust/algorithm-rules.ts'
import { mayDocumentsBeSigned } from '../trust/certificate.ts'
import type { PathProblem } from '../trust/chain.ts'
import type { Coverage, Indication, SignatureLevel, SignatureVerdict, VerificationMessage } from '../types.ts'
import type { ExaminedSignature, SignatureFacts, SignatureInFile } from './facts.ts'

interface Finding {
  readonly indication: Exclude<Indication, 'TOTAL-PASSED'>
  /** ETSI EN 319 102-1 tables 5 and 6. */
  readonly subIndication: string
  readonly code: string
  readonly parameters?: Readonly<Record<string, string | number>>
}

const PATH_FINDINGS: Readonly<Record<PathProblem, Finding>> = {
  'no-chain': {
    indication: 'INDETERMINATE',
    subIndication: 'NO_CERTIFICATE_CHAIN_FOUND',
    code: 'verify-certificate-untrusted',
  },
  expired: { indication: 'INDETERMINATE', subIndication: 'OUT_OF_BOUNDS_NO_POE', code: 'verify-certificate-expired' },
  'not-yet-valid': {
    indication: 'INDETERMINATE',
    subIndication: 'OUT_OF_BOUNDS_NO_POE',
    code: 'verify-certificate-not-yet-valid',
  },
  revoked: { indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE', code: 'verify-certificate-revoked' },
  'issuer-not-authority': {
    indication: 'INDETERMINATE',
    subIndication: 'CHAIN_CONSTRAINTS_FAILURE',
    code: 'verify-chain-wrong',
  },
  'path-too-long': {
    indication: 'INDETERMINATE',
    subIndication: 'CHAIN_CONSTRAINTS_FAILURE',
    code: 'verify-chain-wrong',
  },
  'unknown-critical-extension': {
    indication: 'INDETERMINATE',
    subIndication: 'CHAIN_CONSTRAINTS_FAILURE',
    code: 'verify-chain-wrong',
  },
  'algorithm-too-weak': {
    indication: 'INDETERMINATE',
    subIndication: 'CRYPTO_CONSTRAINTS_FAILURE',
    code: 'verify-algorithm-too-weak',
  },
}

function failed(subIndication: string, code: string, parameters: Finding['parameters'] = {}): Finding {
  return { indication: 'TOTAL-FAILED', subIndication, code, parameters }
}

/** Faults in the signature itself: with any of these it proves nothing. */
function integrityFinding({ located, readable, signer, timestamp }: ExaminedSignature): Finding | null {
  if (located.structureProblem === 'signature-removed') return failed('FORMAT_FAILURE', 'verify-signature-removed')
  if (located.structureProblem)
    return failed('FORMAT_FAILURE', 'verify-coverage-wrong', { problem: located.structureProblem })
  if (!readable) return failed('FORMAT_FAILURE', 'verify-signature-unreadable')
  if (located.kind === 'document-timestamp') {
    if (timestamp?.problem === 'imprint-differs') return failed('HASH_FAILURE', 'verify-document-altered')
    return timestamp?.problem
      ? failed('SIG_CRYPTO_FAILURE', 'verify-timestamp-wrong', { problem: timestamp.problem })
      : null
  }
  if (!signer?.certificate)
    return {
      indication: 'INDETERMINATE',
      subIndication: 'NO_SIGNING_CERTIFICATE_FOUND',
      code: 'verify-certificate-missing',
    }
  if (!signer.digestMatches) return failed('HASH_FAILURE', 'verify-document-altered')
  if (!signer.signatureValid) return failed('SIG_CRYPTO_FAILURE', 'verify-signature-value-wrong')
  if (!signer.contentTypeMatches) return failed('FORMAT_FAILURE', 'verify-signature-unreadable')
  // older signatures (adbe.pkcs7.detached) need not name their certificate; where they do, it must be the one
  const required = located.subFilter === 'ETSI.CAdES.detached'
  if (signer.signingCertificateMatches === false || (required && signer.signingCertificateMatches === null)) {
    return { indication: 'INDETERMINATE', subIndication: 'SIG_CONSTRAINTS_FAILURE', code: 'verify-certificate-swapped' }
  }
  return null
}

/** ETSI EN 319 102-1 §5.2.8.4.4: with a proven time the algorithm was too weak already then; without one it may have been in time. */
function algorithmFinding({ weakest, until }: AlgorithmVerdict, provenTime: Date | null): Finding {
  const known = until !== null && until.getTime() > 0
  return {
    indication: 'INDETERMINATE',
    subIndication: provenTime ? 'CRYPTO_CONSTRAINTS_FAILURE' : 'CRYPTO_CONSTRAINTS_FAILURE_NO_POE',
    code: known ? 'verify-algorithm-ended' : 'verify-algorithm-never',
    parameters: { algorithm: weakest, ...(known ? { date: until.toISOString().slice(0, 10) } : {}) },
  }
}

/** Faults in what surrounds an intact signature: later changes, algorithms, certificates. */
function trustFinding({ located, signer, path, changes, weakAlgorithm, provenTime }: SignatureFacts): Finding | null {
  if (changes.some(change => !change.permitted)) return failed('FORMAT_FAILURE', 'verify-changed-after-signing')
  if (signer && !signer.algorithm) return PATH_FINDINGS['algorithm-too-weak']
  if (weakAlgorithm) return algorithmFinding(weakAlgorithm, provenTime)
  if (path?.problem) {
    const date = path.revokedAt?.toISOString().slice(0, 10)
    return { ...PATH_FINDINGS[path.problem], ...(date ? { parameters: { date } } : {}) }
  }
  if (located.kind === 'signature' && signer?.certificate && !mayDocumentsBeSigned(signer.certificate)) {
    return {
      indication: 'INDETERMINATE',
      subIndication: 'CHAIN_CONSTRAINTS_FAILURE',
      code: 'verify-certificate-not-for-signing',
    }
  }
  return null
}

/**
 * The level of a PAdES baseline signature (ETSI EN 319 142-1 §6): each has what those before it have. Null for signatures that are no
 * baseline ones; they may be valid all the same.
 */
function level({ located, signer, stamped, archived }: SignatureFacts): SignatureLevel | null {
  if (located.kind !== 'signature' || located.subFilter !== 'ETSI.CAdES.detached' || located.claimedTime === null)
    return null
  if (!signer?.signingCertificateMatches || signer.signingTimeStated) return null
  if (!stamped) return 'B-B'
  return archived === 'time-stamped' ? 'B-LTA' : archived === 'validation-data' ? 'B-LT' : 'B-T'
}

function warnings(facts: SignatureFacts): readonly VerificationMessage[] {
  const { located, timestamp, timestampPath, path, provenTime, coversWholeFile } = facts
  const messages: VerificationMessage[] = []
  const add = (
    severity: VerificationMessage['severity'],
    code: string,
    parameters: VerificationMessage['parameters'] = {},
  ) => messages.push({ severity, code, parameters })
  if (located.kind === 'signature') {
    if (!timestamp && !provenTime) add('info', 'verify-no-timestamp')
    else if (timestamp?.problem) add('warning', 'verify-timestamp-wrong', { problem: timestamp.problem })
    else if (timestampPath?.problem) add('warning', 'verify-timestamp-untrusted')
  }
  if (path && path.problem === null && path.revocationUnknown) add('warning', 'verify-revocation-unknown')
  if (!coversWholeFile && located.structureProblem === null) add('info', 'verify-later-additions')
  return messages
}

function coverage({ located, coversWholeFile }: SignatureFacts): Coverage {
  if (located.structureProblem) return 'partial'
  return coversWholeFile ? 'whole-file' : 'whole-revision'
}

/** The verdict on one signature (ETSI EN 319 102-1 §5.1.3), from facts alone. */
function judge(facts: SignatureFacts): SignatureVerdict {
  const { located, signer, timestamp, changes } = facts
  const broken = integrityFinding(facts)
  const finding = broken ?? trustFinding(facts)
  const certificate =
    signer?.certificate ?? (located.kind === 'document-timestamp' ? timestamp?.certificate : null) ?? null
  const error: readonly VerificationMessage[] = finding
    ? [
        {
          severity: finding.indication === 'TOTAL-FAILED' ? 'error' : 'warning',
          code: finding.code,
          parameters: finding.parameters ?? {},
        },
      ]
    : []
  return {
    field: located.field,
    kind: located.kind,
    signer: certificate?.certificate ?? null,
    signerName: certificate?.certificate.commonName ?? located.claimedName,
    claimedTime: located.claimedTime,
    provenTime: broken ? null : facts.provenTime,
    level: broken ? null : level(facts),
    integrity: broken ? 'broken' : 'intact',
    coverage: coverage(facts),
    changesAfter: changes.length === 0 ? 'none' : changes.every(change => change.permitted) ? 'permitted' : 'forbidden',
    changes: changes.map(({ detail, ...each }) => ({
      ...each,
      message: detail ? `${each.kind} (${detail})` : each.kind,
    })),
    indication: finding?.indication ?? 'TOTAL-PASSED',
    subIndication: finding?.subIndication ?? null,
    messages: broken ? error : [...error, ...warnings(facts)],
    revisionEnd: located.revisionEnd,
  }
}

/** Whether nothing may be built on a signature, whoever made it: it is broken, or the file was changed since in a way that it forbids. */
export function isSpoilt(signature: SignatureInFile): boolean {
  return integrityFinding(signature) !== null || signature.changes.some(change => !change.permitted)
}

/**
 * The verdicts on all signatures of a file. One that is broken was no signature: what was added under its name, such as a picture over a
 * page, is then a forbidden change for the others. (What it says of its own place in the file is not to be believed.)
 */
export function judgeAll(all: readonly SignatureFacts[]): readonly SignatureVerdict[] {
  const broken = new Set(all.filter(facts => integrityFinding(facts) !== null))
  return all.map(facts => {
    const otherBroken = [...broken].some(other => other !== facts)
    const changes = facts.changes.map(each =>
      otherBroken && each.kind === 'signature-added'
        ? { ...each, kind: 'form-changed' as const, permitted: false }
        : each,
    )
    return judge({ ...facts, changes })
  })
}
