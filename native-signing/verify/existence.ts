import { createHash } from 'node:crypto'
import { wholeSigned } from '../path/certificate.ts'
import { readOcspResponse } from '../path/ocsp-response.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { readSecurityStore } from '../pdf/security-store.ts'
import type { ExistedAt } from '../trust/chain.ts'
import type { Certificate } from '../types.ts'
import { type ExaminedSignature, readable } from './facts.ts'
import type { LocatedSignature } from './located-signature.ts'

/** A document time-stamp that is in order and whose authority is trusted: what it covers existed at its time. */
export interface ExistenceProof {
  /** The file as the time-stamp saw it; open. */
  readonly revision: PdfDocument
  readonly time: Date
}

/** Read for all time-stamps together. */
const STORE_BYTES = 64 * 1024 * 1024

const keyOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')
const dersOf = (certificates: readonly Certificate[]): readonly Uint8Array[] => certificates.map(({ der }) => der)

/**
 * Since when certificates, lists and answers in the file existed (proof of existence, ETSI EN 319 102-1 §5.6.2.3): as the document time-stamps
 * prove that cover them, in the store or in a signature. Looked for only when somebody asks, which only algorithms that have ended make needed.
 * @param proofs may grow between questions
 */
export function existenceIn(proofs: readonly ExistenceProof[], signatures: readonly ExaminedSignature[]): ExistedAt {
  const since = new Map<string, Date>()
  let read = 0
  return signed => {
    for (; read < proofs.length; read++) {
      const proof = proofs[read]
      if (!proof) continue
      for (const bytes of coveredBy(proof, signatures)) {
        const known = since.get(keyOf(bytes))
        if (!known || known > proof.time) since.set(keyOf(bytes), proof.time)
      }
    }
    return since.get(keyOf(wholeSigned(signed))) ?? null
  }
}

/**
 * The same from the time-stamps of a file that was examined.
 * @param open gives the file as a time-stamp saw it
 */
export function provenExistence(
  signatures: readonly (ExaminedSignature & { readonly provenTime: Date | null })[],
  open: (stamp: LocatedSignature) => PdfDocument | null = ({ revision }) => revision,
): ExistedAt {
  const proofs = signatures.flatMap(({ located, provenTime: time }) => {
    const proves = located.kind === 'document-timestamp' && located.structureProblem === null
    const revision = proves && time ? open(located) : null
    return time && revision ? [{ revision, time }] : []
  })
  return existenceIn(proofs, signatures)
}

function coveredBy({ revision }: ExistenceProof, signatures: readonly ExaminedSignature[]): readonly Uint8Array[] {
  const { certificates, crls, ocsp } = readSecurityStore(revision, STORE_BYTES / Math.max(2, signatures.length))
  const answers = ocsp.flatMap(der => {
    const answer = readable(() => readOcspResponse(der))
    return answer ? [wholeSigned(answer), ...answer.certificates.map(each => each.der)] : []
  })
  const inSignatures = signatures
    .filter(each => each.located.structureProblem === null && each.located.revisionEnd < revision.source.length)
    .flatMap(({ embedded, timestamp }) => [...dersOf(embedded), ...dersOf(timestamp?.embedded ?? [])])
  return [...certificates, ...crls, ...answers, ...inSignatures]
}
