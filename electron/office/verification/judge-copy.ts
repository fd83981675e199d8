import type { SignatureVerdict, VerificationReport } from '../../../native-signing/types.ts'
import { copyForm } from '../../document/forms.ts'
import type { ChainEnd, CopyMetadata, StatementOnPage } from '../../document/types.ts'
import { isOfficeName, isSameInLines, isSameName } from './names.ts'
import { type CopyFacts, readCopy } from './read-copy.ts'
import { roleOf } from './signature-role.ts'

/** What keeps a copy from being good; each has its sentence `copy-…` in `resources/messages/verify.json`. */
export const COPY_PROBLEMS = [
  'copy-signer-missing',
  'copy-signer-not-valid',
  'copy-signer-other-name',
  'copy-seal-missing',
  'copy-seal-not-valid',
  'copy-seal-other-name',
  'copy-seal-by-signer',
  'copy-order-wrong',
  'copy-not-whole',
  'copy-form-missing',
  'copy-form-unknown',
  'copy-metadata-missing',
  'copy-metadata-changed',
  'copy-statement-unread',
  'copy-statement-covered',
  'copy-number-differs',
  'copy-date-differs',
  'copy-signer-differs',
  'copy-office-differs',
  'copy-pages-differ',
] as const
export type CopyProblem = (typeof COPY_PROBLEMS)[number]

/** The verdict on a file as a certified copy of this program's kind, beyond that of its signatures. */
export interface CopyVerdict {
  /** As the register's data in the file say, as they were signed; from the page where the file has none. */
  readonly number: string | null
  readonly book: string | null
  readonly date: string | null
  /** The end of the office's chain of events before this number, as the signed data say. */
  readonly chain: ChainEnd | null
  /** What the page says. */
  readonly statement: { readonly number: string; readonly book: string; readonly date: string } | null
  /** Whether page and data agree; null where one of them cannot be read. */
  readonly statementMatches: boolean | null
  /** The authorised person's signature is there, valid, and by the person named in the data. */
  readonly signerOk: boolean
  /** The office's is there, valid, by a certificate in the name of the office in the data, another than the person's. */
  readonly sealOk: boolean
  /** The person signed first. */
  readonly orderOk: boolean
  /** Both signatures cover all pages, and nothing came after them that is forbidden or shows something else. */
  readonly wholeCopy: boolean
  /** Nothing at all speaks against it. */
  readonly good: boolean
  readonly problems: readonly CopyProblem[]
}

const passed = (verdict: SignatureVerdict | undefined): boolean =>
  verdict?.indication === 'TOTAL-PASSED' && verdict.changesAfter !== 'forbidden'

const wrong = (problem: CopyProblem, found: boolean | undefined): readonly CopyProblem[] => (found ? [problem] : [])

/** The page says one thing and the data another. */
const CONTRADICTIONS: ReadonlySet<CopyProblem> = new Set([
  'copy-metadata-changed',
  'copy-number-differs',
  'copy-date-differs',
  'copy-signer-differs',
  'copy-office-differs',
  'copy-pages-differ',
])

function differences(register: CopyMetadata, statement: StatementOnPage): readonly CopyProblem[] {
  const { officeName } = statement
  return [
    ...wrong('copy-number-differs', register.number !== statement.number || register.book !== statement.book),
    ...wrong('copy-date-differs', register.date !== statement.date),
    ...wrong('copy-signer-differs', !isSameInLines(statement.signerName, register.signerName)),
    ...wrong('copy-office-differs', officeName !== null && !isSameInLines(officeName, register.officeName)),
  ]
}

/** An added page says how many pages come before it. */
const isWholeOriginal = (statement: StatementOnPage | null, pageCount: number): boolean =>
  statement === null || statement.originalPages === null || statement.originalPages + 1 === pageCount

/**
 * A copy shows for ever what was signed. What other documents permit after a signature does not belong into one: forms filled in, comments, and
 * after both marks a signature that shows itself, however small and whoever's: a mark of one word's size makes another of it. One that shows
 * nothing may come, if it is valid. (The seal itself lies over a part of the signature's picture.)
 */
function isAltered(marks: readonly SignatureVerdict[], all: readonly SignatureVerdict[]): boolean {
  const [last] = marks.toSorted((one, other) => other.revisionEnd - one.revisionEnd)
  const isByStranger = all.some(
    each => each.kind === 'signature' && !passed(each) && each.revisionEnd > (last?.revisionEnd ?? 0),
  )
  const isAdded = marks
    .flatMap(({ changes }) => changes)
    .some(({ kind }) => kind === 'form-filled' || kind === 'comment-added')
  const isShown =
    last?.changes.some(({ kind, rectangle }) => kind === 'signature-added' && rectangle !== undefined) === true
  return isAdded || isByStranger || isShown
}

/** The verdict from facts alone; null for a file that is no certified copy of ours. */
export function judgeCopy(signatures: readonly SignatureVerdict[], facts: CopyFacts): CopyVerdict | null {
  const signer = signatures.find(each => roleOf(each) === 'signer')
  const seal = signatures.find(each => roleOf(each) === 'organisation')
  const { metadata, metadataNow, statement } = facts
  if (!signer && !seal && facts.form === null) return null
  const form = facts.form === null ? null : copyForm(facts.form)

  const signerProblems = [
    ...wrong('copy-signer-missing', !signer),
    ...wrong('copy-signer-not-valid', signer && !passed(signer)),
    ...wrong(
      'copy-signer-other-name',
      signer && metadata !== null && !isSameName(signer.signer?.commonName ?? '', metadata.signerName),
    ),
  ]
  const sealProblems = [
    ...wrong('copy-seal-missing', !seal),
    ...wrong('copy-seal-not-valid', seal && !passed(seal)),
    ...wrong(
      'copy-seal-other-name',
      seal && metadata !== null && !isOfficeName(seal.signer?.commonName ?? '', metadata.officeName),
    ),
    ...wrong('copy-seal-by-signer', seal && signer?.signer?.sha256 === seal.signer?.sha256),
  ]
  const orderOk = signer !== undefined && seal !== undefined && signer.revisionEnd < seal.revisionEnd
  const wholeCopy =
    [signer, seal].every(
      each => each?.integrity === 'intact' && each.coverage !== 'partial' && each.changesAfter !== 'forbidden',
    ) &&
    !isAltered(
      [signer, seal].filter(each => each !== undefined),
      signatures,
    )
  const register = metadata ?? metadataNow
  const changed = metadata !== null && JSON.stringify(metadata) !== JSON.stringify(metadataNow)
  const statementProblems = [
    ...wrong('copy-form-missing', facts.form === null),
    ...wrong('copy-form-unknown', facts.form !== null && !form),
    ...wrong('copy-metadata-missing', form !== null && !metadata),
    ...wrong('copy-metadata-changed', changed),
    ...wrong('copy-statement-unread', form !== null && !statement),
    ...wrong('copy-statement-covered', facts.statementCovered),
    ...(register && statement ? differences(register, statement) : []),
    ...wrong(
      'copy-pages-differ',
      (register !== null && register.pageCount !== facts.pageCount) || !isWholeOriginal(statement, facts.pageCount),
    ),
  ]
  const problems = [
    ...signerProblems,
    ...sealProblems,
    ...wrong('copy-order-wrong', signer && seal && !orderOk),
    ...wrong('copy-not-whole', signer && seal && !wholeCopy),
    ...statementProblems,
  ]
  const comparable = metadata !== null && statement !== null && !facts.statementCovered
  const contradiction = statementProblems.some(problem => CONTRADICTIONS.has(problem))
  return {
    number: (metadata ?? statement)?.number ?? null,
    book: (metadata ?? statement)?.book ?? null,
    date: (metadata ?? statement)?.date ?? null,
    chain: metadata?.chain ?? null,
    statement: statement && { number: statement.number, book: statement.book, date: statement.date },
    statementMatches: contradiction ? false : comparable ? true : null,
    signerOk: signerProblems.length === 0,
    sealOk: sealProblems.length === 0,
    orderOk,
    wholeCopy,
    good: problems.length === 0,
    problems,
  }
}

/**
 * Judges a verified file as a certified copy: roles, order, and whether the number on its page is the register's.
 * @returns null for a file that is no certified copy of ours
 * @throws SigningError as `verifyPdf`
 */
export function verifyCopy(path: string, report: VerificationReport, password?: string): CopyVerdict | null {
  const signer = report.signatures.find(each => roleOf(each) === 'signer') ?? report.signatures[0]
  const revision = signer && signer.coverage !== 'partial' ? signer.revisionEnd : null
  return judgeCopy(report.signatures, readCopy(path, revision, password))
}
