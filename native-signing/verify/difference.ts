import { findStartOffset } from '../pdf/cross-reference.ts'
import type { PdfDocument } from '../pdf/document.ts'
import { equalObjects } from '../pdf/equality.ts'
import { certificationLevel, isFieldLocked, signatureFields } from '../pdf/form.ts'
import {
  forEachReference,
  is,
  isName,
  type PdfArray,
  type PdfDictionary,
  type PdfObject,
  type PdfReference,
} from '../pdf/objects.ts'
import { pageNumber } from '../pdf/page-tree.ts'
import { objectOrNothing, type RevisionStep, revisionStep } from './revision-step.ts'

export type ChangeKind =
  // permitted after a signature
  | 'signature-added'
  | 'timestamp-added'
  | 'validation-data-added'
  | 'metadata-changed'
  // everything else
  | 'page-changed'
  | 'annotation-changed'
  | 'catalogue-changed'
  | 'form-changed'
  | 'signature-changed'
  | 'object-changed'
  | 'object-removed'
  | 'hidden-object-defined'
  | 'update-not-incremental'
  | 'certification-forbids'
  | 'bytes-appended'

export interface Change {
  readonly kind: ChangeKind
  readonly permitted: boolean
  readonly page?: number
  /** For developers: object number or dictionary key. */
  readonly detail: string
}

const PERMITTED_KINDS: ReadonlySet<ChangeKind> = new Set([
  'signature-added',
  'timestamp-added',
  'validation-data-added',
  'metadata-changed',
])

function change(kind: ChangeKind, detail: string, page?: number | null): Change {
  return { kind, permitted: PERMITTED_KINDS.has(kind), detail, ...(page ? { page } : {}) }
}

/** Objects that are looked at before giving up: each update costs a pass over all of them. Enough for 50 updates of 5,000 pages. */
const OBJECT_BUDGET = 800_000
/** Blank bytes behind the last signature that are let pass. */
const MAXIMUM_TAIL = 4096

/** The updates of a file. Each is judged once, however many signatures stand before it. */
export class RevisionHistory {
  readonly #current: PdfDocument
  readonly #steps = new Map<number, readonly Change[]>()
  #budget = OBJECT_BUDGET

  constructor(current: PdfDocument) {
    this.#current = current
  }

  /**
   * What happened to the document after the revision that a signature covers, update by update. Reject by default: a changed object that
   * no rule explains is a forbidden change.
   * @param signed the file cut at the signature's end
   * @throws SigningError pdf-unreadable
   */
  changesSince(signed: PdfDocument): readonly Change[] {
    const signedOffset = signed.sections[0]?.offset
    const { sections, source } = this.#current
    const newer = sections.findIndex(section => section.offset === signedOffset)
    if (newer < 0) return [change('update-not-incremental', 'sections')]
    const changes: Change[] = []
    for (let index = newer - 1; index >= 0; index--) changes.push(...this.#step(index))
    if (signed.source.length < source.length && !this.#endsProperly(newer === 0 ? signed.source.length : null)) {
      changes.push(change('bytes-appended', 'end of file'))
    }
    return changes
  }

  /** Behind the last update, or behind `end` where there is none, may stand blanks and nothing else. */
  #endsProperly(end: number | null): boolean {
    const { source } = this.#current
    const start = end ?? findStartOffset(source).keyword
    const tail = source.read(start, Math.min(source.length, start + MAXIMUM_TAIL))
    if (tail.length === MAXIMUM_TAIL) return false
    const text = Buffer.from(tail).toString('latin1')
    return end === null ? /^startxref\s+\d+\s+%%EOF\s*$/.test(text) : /^\s*$/.test(text)
  }

  #step(index: number): readonly Change[] {
    const known = this.#steps.get(index)
    if (known) return known
    this.#budget -= this.#current.size
    if (this.#budget < 0) return [change('update-not-incremental', 'too many updates')]
    const judge = new StepJudge(revisionStep(this.#current.before(index + 1), this.#current.before(index)))
    const changes = judge.changes()
    this.#steps.set(index, changes)
    return changes
  }
}

/** Keys of a field or widget that would run something, or tie the field to other things. */
const ACTIVE_KEYS = ['A', 'AA', 'MaxLen', 'Opt'] as const
/** Entries of the document security store and of its parts for one signature (ETSI EN 319 142-1 §5.4.2.2–3). */
const STORE_KEYS: ReadonlySet<string> = new Set(['Type', 'VRI', 'Certs', 'OCSPs', 'CRLs'])
const STORE_ENTRY_KEYS: ReadonlySet<string> = new Set(['Type', 'Cert', 'CRL', 'OCSP', 'TU', 'TS'])
const FILLED_FIELD_KEYS: ReadonlySet<string> = new Set(['V', 'AP', 'AS', 'F', 'M', 'MK'])

/** Holds which changed objects the rules have explained, and what they found. */
class StepJudge {
  readonly #step: RevisionStep
  readonly #explained = new Set<number>()
  readonly #changes: Change[] = []
  readonly #newWidgets = new Set<number>()
  readonly #pages = new Map<number, PdfReference>()

  constructor(step: RevisionStep) {
    this.#step = step
  }

  changes(): readonly Change[] {
    this.#trailer()
    this.#catalogue()
    this.#filledFields()
    this.#findChangedPages()
    for (const page of this.#pages.values()) this.#annotations(page)
    this.#unexplained()
    return this.#changes
  }

  #forbid(kind: ChangeKind, detail: string, page?: number | null): void {
    this.#changes.push(change(kind, detail, page))
  }

  /**
   * Whether the older state refers to the object at most once, and from where it may: else the same object serves two ends, one of them
   * unseen (an array that is a page's annotations and its content, a store of certificates that is the list of scripts too).
   */
  #usedOnlyBy(number: number, expected: readonly number[]): boolean {
    const referrers = this.#step.referrers.get(number) ?? []
    return referrers.length <= 1 && referrers.every(referrer => expected.includes(referrer))
  }

  /** Accepts a changed object in a place where one is awaited. */
  #explain(number: number, expectedReferrers: readonly number[]): boolean {
    if (!this.#usedOnlyBy(number, expectedReferrers)) return false
    this.#explained.add(number)
    return true
  }

  #trailer(): void {
    const { older, newer } = this.#step
    for (const key of ['Root', 'Encrypt']) {
      if (!equalObjects(older.trailer.entries.get(key), newer.trailer.entries.get(key)))
        this.#forbid('update-not-incremental', key)
    }
    const information = newer.trailer.entries.get('Info')
    if (is(information, 'reference')) this.#metadata(information, is(newer.object(information.number), 'dictionary'), 0)
    if (newer.trailer.duplicateKeys) this.#forbid('update-not-incremental', 'trailer')
  }

  /** Document information and XMP describe the file; they are no part of what a page shows. */
  #metadata(target: PdfReference, rightShape: boolean, referrer: number): void {
    const { changed, added } = this.#step
    if (!rightShape || !(changed.has(target.number) || added.has(target.number))) return
    if (this.#explain(target.number, [referrer])) this.#changes.push(change('metadata-changed', `${target.number}`))
  }

  #catalogue(): void {
    const { older, newer } = this.#step
    const root = older.catalogReference
    if (newer.catalogReference.number !== root.number) return
    const before = older.catalog
    const after = newer.catalog
    this.#explained.add(root.number)
    for (const key of differingKeys(before, after)) {
      if (!['AcroForm', 'DSS', 'Extensions', 'Version', 'Metadata'].includes(key))
        this.#forbid('catalogue-changed', key)
    }
    this.#form(root.number)
    this.#validationData(after.entries.get('DSS'), before.entries.get('DSS'), [root.number], 0)
    const metadata = after.entries.get('Metadata')
    if (!is(metadata, 'reference')) return
    const stream = newer.object(metadata.number)
    const isMetadata = is(stream, 'stream') && isName(stream.dictionary.entries.get('Subtype'), 'XML')
    const wasMetadata = equalObjects(before.entries.get('Metadata'), metadata) || this.#step.added.has(metadata.number)
    if (isMetadata && wasMetadata) this.#metadata(metadata, true, root.number)
    else if (!wasMetadata) this.#forbid('catalogue-changed', 'Metadata')
  }

  #form(root: number): void {
    const { older, newer } = this.#step
    const holderBefore = older.catalog.entries.get('AcroForm')
    const holder = newer.catalog.entries.get('AcroForm')
    const before = older.dictionary(holderBefore)
    const after = newer.dictionary(holder)
    if (!after) {
      if (before) this.#forbid('form-changed', 'AcroForm')
      return
    }
    const formNumber = is(holder, 'reference') ? holder.number : root
    if (is(holder, 'reference') && this.#isTouched(holder.number)) this.#explain(holder.number, [root])
    if (before) {
      for (const key of differingKeys(before, after)) {
        const addedDefault = (key === 'DR' || key === 'DA') && !before.entries.has(key)
        if (key !== 'Fields' && key !== 'SigFlags' && !addedDefault) this.#forbid('form-changed', key)
      }
    }
    for (const key of ['DR', 'DA']) if (!before?.entries.has(key)) this.#explainNew(after.entries.get(key) ?? null)
    const fields = after.entries.get('Fields')
    if (is(fields, 'reference') && this.#isTouched(fields.number)) this.#explain(fields.number, [formNumber, root])
    const items = before ? older.get(before, 'Fields') : null
    this.#fields(is(items, 'array') ? items : null, newer.resolve(fields))
  }

  #isTouched(number: number): boolean {
    return this.#step.changed.has(number) || this.#step.added.has(number)
  }

  /** Old fields stay, in their order; new ones are signature fields. */
  #fields(before: PdfArray | null, after: PdfObject): void {
    const items = is(after, 'array') ? after.items : []
    const fresh = additions(before?.items ?? [], items)
    if (!fresh) {
      this.#forbid('form-changed', 'Fields')
      return
    }
    for (const item of fresh)
      if (!is(item, 'reference') || !this.#newSignatureField(item)) this.#forbid('form-changed', 'Fields')
  }

  /** A dictionary that this update made; a stream would be one too, but could also be shown as content. */
  #newDictionary(target: PdfReference): PdfDictionary | null {
    const object = this.#step.newer.object(target.number)
    return this.#step.added.has(target.number) && is(object, 'dictionary') ? object : null
  }

  /** A new field with a signature in it; whether that one is in order is found out when it is verified itself. */
  #newSignatureField(target: PdfReference): boolean {
    const { newer } = this.#step
    const field = this.#newDictionary(target)
    if (!field || !isName(newer.get(field, 'FT'), 'Sig') || !newer.dictionary(field.entries.get('V'))) return false
    if (ACTIVE_KEYS.some(key => field.entries.has(key)) || !this.#explain(target.number, [])) return false
    const kids = newer.get(field, 'Kids')
    const widgets = is(kids, 'array') ? kids.items : [target]
    for (const widget of widgets) if (!is(widget, 'reference') || !this.#newWidget(widget, target)) return false
    for (const key of ['V', 'AP', 'MK', 'Lock', 'SV', 'DR'] as const) this.#explainNew(field.entries.get(key) ?? null)
    this.#noteSignature(field, widgets)
    return true
  }

  #newWidget(target: PdfReference, field: PdfReference): boolean {
    const widget = this.#newDictionary(target)
    if (!widget || ACTIVE_KEYS.some(key => widget.entries.has(key))) return false
    // a kid with a name or type of its own would be another field
    const ownField = target.number !== field.number && (widget.entries.has('T') || widget.entries.has('FT'))
    if (ownField || !isName(widget.entries.get('Subtype'), 'Widget') || !this.#explain(target.number, [])) return false
    this.#newWidgets.add(target.number)
    this.#explainNew(widget.entries.get('AP') ?? null)
    const page = widget.entries.get('P')
    if (is(page, 'reference')) this.#pages.set(page.number, page)
    return true
  }

  #noteSignature(field: PdfDictionary, widgets: readonly PdfObject[]): void {
    const { older, newer } = this.#step
    const value = newer.dictionary(field.entries.get('V'))
    if (!value) return
    const stamp = isName(newer.get(value, 'SubFilter'), 'ETSI.RFC3161')
    const page = newer.dictionary(widgets[0])?.entries.get('P')
    const number = is(page, 'reference') ? pageNumber(newer, page) : null
    this.#changes.push(change(stamp ? 'timestamp-added' : 'signature-added', '', number))
    if (!stamp && certificationLevel(older) === 1) this.#forbid('certification-forbids', 'DocMDP', number)
  }

  /** Marks what is newly reachable; a reference to something old leads to nothing new and is not followed. */
  #explainNew(object: PdfObject): void {
    const waiting: PdfObject[] = [object]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      forEachReference(next, ({ number }) => {
        if (!this.#step.added.has(number) || this.#explained.has(number) || !this.#explain(number, [])) return
        waiting.push(this.#step.newer.object(number))
      })
    }
  }

  /** Empty signature fields that were waiting and are signed now. */
  #filledFields(): void {
    const { older, newer, changed } = this.#step
    for (const field of signatureFields(older)) {
      const parts = [field.reference, ...field.widgets].filter(part => changed.has(part.number))
      if (parts.length === 0) continue
      const wasEmpty = older.resolve(field.value) === null
      const filled = parts.every(part => this.#isFilling(older.dictionary(part), newer.dictionary(part)))
      if (!wasEmpty || !filled) {
        this.#forbid('signature-changed', field.name)
        for (const part of parts) this.#explained.add(part.number)
        continue
      }
      for (const part of parts) {
        this.#explained.add(part.number)
        const dictionary = newer.dictionary(part)
        for (const key of FILLED_FIELD_KEYS) this.#explainNew(dictionary?.entries.get(key) ?? null)
      }
      const signed = newer.dictionary(field.reference)
      if (signed) this.#noteSignature(signed, field.widgets)
      if (isFieldLocked(older, field.name)) this.#forbid('certification-forbids', 'FieldMDP')
    }
  }

  #isFilling(before: PdfDictionary | null, after: PdfDictionary | null): boolean {
    return before !== null && after !== null && differingKeys(before, after).every(key => FILLED_FIELD_KEYS.has(key))
  }

  /** Pages whose dictionary or list of annotations is another now; widgets need not name their page. */
  #findChangedPages(): void {
    const { older, changed, referrers } = this.#step
    for (const number of changed) {
      const object = objectOrNothing(older, number)
      const owners = is(object, 'array') ? [...(referrers.get(number) ?? [])] : [number]
      for (const owner of owners) {
        const isPage = isName(older.dictionary(objectOrNothing(older, owner))?.entries.get('Type'), 'Page')
        if (isPage) this.#pages.set(owner, { kind: 'reference', number: owner, generation: 0 })
      }
    }
  }

  /** A page that got a new signature's widget: only /Annots may differ, and there only widgets of new signatures may be added. */
  #annotations(page: PdfReference): void {
    const { older, newer } = this.#step
    const before = older.dictionary(page)
    const after = newer.dictionary(page)
    if (!before || !after) return
    const others = differingKeys(before, after).filter(key => key !== 'Annots')
    const holder = after.entries.get('Annots')
    const itemsBefore = older.get(before, 'Annots')
    const items = newer.get(after, 'Annots')
    const fresh = additions(is(itemsBefore, 'array') ? itemsBefore.items : [], is(items, 'array') ? items.items : [])
    const rightWidgets = fresh?.every(item => is(item, 'reference') && this.#newWidgets.has(item.number)) ?? false
    if (others.length > 0) this.#forbid('page-changed', others.join(), pageNumber(newer, page))
    else if (!rightWidgets) this.#forbid('annotation-changed', 'Annots', pageNumber(newer, page))
    this.#explained.add(page.number)
    if (is(holder, 'reference') && this.#isTouched(holder.number)) this.#explain(holder.number, [page.number])
  }

  /** The document security store: containers may change at their own place, what they hold must be new (ETSI EN 319 142-1 §5.4.2). */
  #validationData(
    after: PdfObject | undefined,
    before: PdfObject | undefined,
    holders: readonly number[],
    depth: number,
  ): void {
    const { newer, added, changed } = this.#step
    if (depth > 4 || after === undefined) {
      if (before !== undefined && depth === 0) this.#forbid('catalogue-changed', 'DSS')
      return
    }
    const number = is(after, 'reference') ? after.number : null
    const object = newer.resolve(after)
    if (number !== null && added.has(number)) this.#explainNew(after)
    else if (number !== null && changed.has(number) && !is(object, 'stream')) this.#explain(number, holders)
    if (depth === 0 && !equalObjects(after, before)) this.#changes.push(change('validation-data-added', ''))
    else if (number !== null && changed.has(number)) this.#changes.push(change('validation-data-added', `${number}`))
    const parents = number === null ? holders : [number]
    const older = this.#step.older.resolve(before)
    if (is(object, 'dictionary')) {
      const old = is(older, 'dictionary') ? older : null
      for (const [key, value] of object.entries) {
        const known = depth === 0 ? STORE_KEYS.has(key) : depth === 1 || STORE_ENTRY_KEYS.has(key)
        if (known) this.#validationData(value, old?.entries.get(key), parents, depth + 1)
        else this.#forbid('catalogue-changed', `DSS ${key}`)
      }
    } else if (is(object, 'array')) for (const item of object.items) if (is(item, 'reference')) this.#explainNew(item)
  }

  /** Whatever no rule has explained. */
  #unexplained(): void {
    const { newer, changed, added, referrers } = this.#step
    for (const number of changed) {
      if (this.#explained.has(number)) continue
      const object = objectOrNothing(newer, number)
      if (object === null) this.#forbid('object-removed', `${number}`)
      else if (is(object, 'dictionary') && isName(object.entries.get('Type'), 'Page')) {
        this.#forbid('page-changed', `${number}`, pageNumber(newer, { kind: 'reference', number, generation: 0 }))
      } else this.#forbid('object-changed', `${number}`, this.#pageShowing(number))
    }
    // a number that the signed state already referred to, although nothing stood there: filling it changes what was signed
    for (const number of added)
      if (referrers.has(number)) this.#forbid('hidden-object-defined', `${number}`, this.#pageShowing(number))
  }

  /** The page that uses the object directly, for the message. */
  #pageShowing(number: number): number | null {
    const { older } = this.#step
    for (const referrer of this.#step.referrers.get(number) ?? []) {
      const dictionary = older.dictionary(objectOrNothing(older, referrer))
      if (!isName(dictionary?.entries.get('Type'), 'Page')) continue
      return pageNumber(older, { kind: 'reference', number: referrer, generation: 0 })
    }
    return null
  }
}

function differingKeys(before: PdfDictionary, after: PdfDictionary): readonly string[] {
  const keys = new Set([...before.entries.keys(), ...after.entries.keys()])
  return [...keys].filter(key => !equalObjects(before.entries.get(key), after.entries.get(key)))
}

/** What `after` has beyond `before`; null unless all of `before` is still there in its order. */
function additions(before: readonly PdfObject[], after: readonly PdfObject[]): readonly PdfObject[] | null {
  const fresh: PdfObject[] = []
  let kept = 0
  for (const item of after) {
    if (kept < before.length && equalObjects(item, before[kept])) kept++
    else fresh.push(item)
  }
  return kept === before.length ? fresh : null
}
