import { SigningError } from '../errors.ts'
import type { PdfDocument } from '../pdf/document.ts'
import type { FormField } from '../pdf/form.ts'
import { decodeText, is, isName, type PdfDictionary } from '../pdf/objects.ts'
import type { CertificationLevel, HashAlgorithm, SignatureRequest } from '../types.ts'
import { checkAlgorithm } from './algorithm-choice.ts'
import { FILTER, SUB_FILTER } from './field.ts'
import { checkSeedCertificate } from './seed-certificate.ts'

/** Entries that /Ff can make a must instead of a wish, with their bits counted from 0 (ISO 32000-2 table 237). */
const MUSTS = {
  Filter: 0,
  SubFilter: 1,
  V: 2,
  Reasons: 3,
  LegalAttestation: 4,
  AddRevInfo: 5,
  DigestMethod: 6,
  LockDocument: 7,
  AppearanceFilter: 8,
} as const
/** PDF 2.0's. */
const KNOWN_VERSION = 3
const NO_REASON = '.'

const HASHES: Readonly<Record<string, HashAlgorithm>> = { SHA256: 'SHA-256', SHA384: 'SHA-384', SHA512: 'SHA-512' }

/** What a waiting field has a say in. */
export type SeededChoice = Pick<SignatureRequest, 'hash' | 'reason'> & {
  readonly certification: CertificationLevel | null
}

/**
 * Follows what the maker of a waiting field asks of the signature in it (seed value dictionary, ISO 32000-2 §12.7.5.5): the hash, the only
 * possible reason and the certification are chosen accordingly; what is a must and cannot be met is refused. Of its time-stamp only that
 * there is one counts: a file does not decide whom we ask.
 * @param isTimestamped a signature time-stamp is to come
 * @throws SigningError seed-value-not-met, seed-certificate-not-accepted
 */
export function followSeedValues(
  document: PdfDocument,
  field: FormField | null,
  request: SignatureRequest,
  isTimestamped: boolean,
): SeededChoice {
  const wishes = { hash: request.hash, reason: request.reason, certification: request.certification ?? null }
  const dictionary = field && document.dictionary(field.dictionary.entries.get('SV'))
  if (!field || !dictionary) return wishes
  const seed = new SeedValues(document, dictionary, field.name)
  seed.checkHandler()
  seed.checkTimestamp(isTimestamped)
  checkSeedCertificate(document, dictionary, field.name, request)
  const certification = seed.certification(wishes.certification)
  const lock = document.dictionary(field.dictionary.entries.get('Lock'))
  seed.checkLocking(certification === 1 || (lock !== null && document.get(lock, 'P') === 1))
  return { hash: seed.hash(request), reason: seed.reason(wishes.reason), certification }
}

class SeedValues {
  readonly #document: PdfDocument
  readonly #dictionary: PdfDictionary
  readonly #field: string
  readonly #flags: number

  constructor(document: PdfDocument, dictionary: PdfDictionary, field: string) {
    this.#document = document
    this.#dictionary = dictionary
    this.#field = field
    const flags = document.get(dictionary, 'Ff')
    this.#flags = typeof flags === 'number' ? flags : 0
  }

  /** What we are: a handler of one name, writing in one form, drawing no appearances by name, knowing entries up to PDF 2.0. */
  checkHandler(): void {
    if (this.#flags >= 1 << Object.keys(MUSTS).length) this.#refuse('Ff', String(this.#flags))
    const version = this.#get('V')
    if (this.#isMust('V') && typeof version === 'number' && version > KNOWN_VERSION) this.#refuse('V', String(version))
    const filter = this.#get('Filter')
    if (this.#isMust('Filter') && filter !== null && !isName(filter, FILTER))
      this.#refuse('Filter', is(filter, 'name') ? filter.name : '')
    const subFilters = this.#texts('SubFilter')
    if (this.#isMust('SubFilter') && subFilters?.includes(SUB_FILTER) === false)
      this.#refuse('SubFilter', subFilters.join(', '))
    const appearance = this.#get('AppearanceFilter')
    if (this.#isMust('AppearanceFilter') && appearance !== null)
      this.#refuse('AppearanceFilter', is(appearance, 'string') ? decodeText(appearance) : '')
    // inside the CMS, which only the older forms of signatures have; validation data go into the file's own store
    if (this.#isMust('AddRevInfo') && this.#get('AddRevInfo') === true) this.#refuse('AddRevInfo', 'true')
  }

  checkTimestamp(isTimestamped: boolean): void {
    const wanted = this.#document.dictionary(this.#dictionary.entries.get('TimeStamp'))
    if (!wanted || this.#document.get(wanted, 'Ff') !== 1 || isTimestamped) return
    const address = this.#document.get(wanted, 'URL')
    this.#refuse('TimeStamp', is(address, 'string') ? decodeText(address) : '')
  }

  /** Which kind of signature: 0 one that does not certify, else the level. No flag makes this a wish. */
  certification(asked: CertificationLevel | null): CertificationLevel | null {
    const rule = this.#document.dictionary(this.#dictionary.entries.get('MDP'))
    const level = rule ? this.#document.get(rule, 'P') : null
    if (level !== null && level !== 0 && level !== 1 && level !== 2 && level !== 3) return this.#refuse('MDP', '')
    if (level !== null && asked !== null && asked !== level) this.#refuse('MDP', String(level))
    const certification = level === 0 ? null : (level ?? asked)
    const attestations = this.#texts('LegalAttestation') ?? []
    if (certification !== null && this.#isMust('LegalAttestation') && attestations.length > 0)
      this.#refuse('LegalAttestation', attestations.join(' | '))
    return certification
  }

  checkLocking(isLocking: boolean): void {
    const value = this.#get('LockDocument')
    const wanted = is(value, 'name') ? value.name : String(value)
    const differs = (wanted === 'true' && !isLocking) || (wanted === 'false' && isLocking)
    if (this.#isMust('LockDocument') && differs) this.#refuse('LockDocument', wanted)
  }

  hash({ certificate, scheme, hash, signingTime }: SignatureRequest): HashAlgorithm {
    const listed = this.#texts('DigestMethod')
    const accepted = listed?.flatMap(method => HASHES[method.toUpperCase().replace('-', '')] ?? [])
    if (!listed || accepted?.includes(hash)) return hash
    const [first] = accepted ?? []
    if (first) {
      checkAlgorithm(certificate, { scheme, hash: first }, signingTime)
      return first
    }
    return this.#isMust('DigestMethod') ? this.#refuse('DigestMethod', listed.join(', ')) : hash
  }

  /** Where a reason is a must, a single full stop, or none at all, means that none may be given. */
  reason(asked: string | null): string | null {
    if (!this.#isMust('Reasons')) return asked
    const listed = (this.#texts('Reasons') ?? []).filter(reason => reason !== NO_REASON)
    const [only, ...others] = listed
    if (only === undefined) return asked === null ? null : this.#refuse('Reasons', NO_REASON)
    const chosen =
      asked === null && others.length === 0 ? only : listed.find(reason => reason.normalize() === asked?.normalize())
    return chosen ?? this.#refuse('Reasons', listed.join(' | '))
  }

  #get(key: string) {
    return this.#document.get(this.#dictionary, key)
  }

  #isMust(entry: keyof typeof MUSTS): boolean {
    return ((this.#flags >> MUSTS[entry]) & 1) === 1
  }

  /** Names and text strings of an array; null where there is none. */
  #texts(key: string): readonly string[] | null {
    const value = this.#get(key)
    if (!is(value, 'array')) return null
    return value.items
      .map(item => this.#document.resolve(item))
      .flatMap(item => (is(item, 'name') ? item.name : is(item, 'string') ? decodeText(item) : []))
  }

  #refuse(entry: string, wanted: string): never {
    throw new SigningError('seed-value-not-met', { field: this.#field, entry, wanted })
  }
}
