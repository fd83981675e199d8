import { SigningError } from '../errors.ts'
import type { Rectangle } from '../types.ts'
import type { PdfDocument } from './document.ts'
import { is, type PdfDictionary, type PdfObject, type PdfReference } from './objects.ts'
import { intersection } from './rectangle.ts'

export interface PdfPage {
  readonly reference: PdfReference
  readonly dictionary: PdfDictionary
  /** What a reader shows: CropBox cut by MediaBox, default user space. */
  readonly box: Rectangle
  /** Clockwise degrees. */
  readonly rotation: 0 | 90 | 180 | 270
}

const MAXIMUM_TREE_DEPTH = 64
const INHERITABLE = ['MediaBox', 'CropBox', 'Rotate'] as const
type Inherited = ReadonlyMap<string, PdfObject>

interface Node {
  readonly reference: PdfReference
  readonly dictionary: PdfDictionary
  readonly inherited: Inherited
}

/** How many pages the document says it has. */
export function pageCount(document: PdfDocument): number {
  const root = document.dictionary(document.catalog.entries.get('Pages'))
  const count = root ? document.get(root, 'Count') : null
  if (typeof count !== 'number') throw new SigningError('pdf-unreadable', { reason: 'page tree without /Count' })
  return count
}

/**
 * Page `number` (from 1), found along the /Count of the tree's nodes without visiting the other pages.
 * @throws SigningError page-not-found, pdf-unreadable
 */
export function findPage(document: PdfDocument, number: number): PdfPage {
  let node = openNode(document, document.catalog.entries.get('Pages'), new Map())
  let before = 0
  const visited = new Set<number>()
  for (let depth = 0; node && depth < MAXIMUM_TREE_DEPTH; depth++) {
    if (visited.has(node.reference.number)) break
    visited.add(node.reference.number)
    const kids = document.get(node.dictionary, 'Kids')
    if (!is(kids, 'array')) return toPage(document, node)
    const step = chooseKid(document, node, kids.items, number - 1 - before)
    if (!step) break
    before += step.skipped
    node = step.kid
  }
  throw new SigningError('page-not-found', { page: number })
}

/** All pages in their order; a part of the tree that is reached twice counts once. */
export function pagesOf(document: PdfDocument): readonly PdfReference[] {
  const pages: PdfReference[] = []
  const visited = new Set<number>()
  const waiting: (PdfObject | undefined)[] = [document.catalog.entries.get('Pages')]
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    const dictionary = document.dictionary(object)
    if (!is(object, 'reference') || !dictionary || visited.has(object.number)) continue
    visited.add(object.number)
    const kids = document.get(dictionary, 'Kids')
    if (is(kids, 'array')) for (const kid of kids.items.toReversed()) waiting.push(kid)
    else pages.push(object)
  }
  return pages
}

function openNode(document: PdfDocument, object: PdfObject | undefined, inherited: Inherited): Node | null {
  const dictionary = document.dictionary(object)
  if (!is(object, 'reference') || !dictionary) return null
  const own = new Map(inherited)
  for (const key of INHERITABLE) {
    const value = document.get(dictionary, key)
    if (value !== null) own.set(key, value)
  }
  return { reference: object, dictionary, inherited: own }
}

function isLeaf(node: Node): boolean {
  return !node.dictionary.entries.has('Kids')
}

/** The kid under which the page with `index` (within this node) lies, and how many pages come before that kid. */
function chooseKid(
  document: PdfDocument,
  node: Node,
  kids: readonly PdfObject[],
  index: number,
): { readonly kid: Node; readonly skipped: number } | null {
  if (index < 0) return null
  // as many kids as pages: a flat list, where the page is looked up directly
  if (document.get(node.dictionary, 'Count') === kids.length) {
    const direct = openNode(document, kids[index], node.inherited)
    if (direct && isLeaf(direct)) return { kid: direct, skipped: index }
  }
  let skipped = 0
  for (const item of kids) {
    const kid = openNode(document, item, node.inherited)
    if (!kid) continue
    const count = isLeaf(kid) ? 1 : document.get(kid.dictionary, 'Count')
    if (typeof count !== 'number' || count < 0)
      throw new SigningError('pdf-unreadable', { reason: 'page tree without /Count' })
    if (index < skipped + count) return { kid, skipped }
    skipped += count
  }
  return null
}

/** A rectangle array with its corners in order; null when it is none. */
export function toRectangle(document: PdfDocument, object: PdfObject | undefined): Rectangle | null {
  const value = document.resolve(object)
  if (!is(value, 'array') || value.items.length < 4) return null
  const [a, b, c, d] = value.items.slice(0, 4).map(item => document.resolve(item))
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number' || typeof d !== 'number') return null
  return { x: Math.min(a, c), y: Math.min(b, d), width: Math.abs(c - a), height: Math.abs(d - b) }
}

/** The page behind a reference, with what it inherits from the nodes above it; null when there is no dictionary. */
export function pageAt(document: PdfDocument, target: PdfReference): PdfPage | null {
  const branch: PdfObject[] = []
  for (let object: PdfObject | undefined = target; object && branch.length < MAXIMUM_TREE_DEPTH; ) {
    branch.unshift(object)
    object = document.dictionary(object)?.entries.get('Parent')
  }
  const node = branch.reduce<Node | null>(
    (above, object) => openNode(document, object, above?.inherited ?? new Map()) ?? above,
    null,
  )
  return node?.reference.number === target.number ? toPage(document, node) : null
}

function toPage(document: PdfDocument, { reference, dictionary, inherited }: Node): PdfPage {
  const media = toRectangle(document, inherited.get('MediaBox')) ?? { x: 0, y: 0, width: 612, height: 792 }
  const crop = toRectangle(document, inherited.get('CropBox'))
  const rotate = inherited.get('Rotate')
  const turns = typeof rotate === 'number' ? ((Math.round(rotate / 90) % 4) + 4) % 4 : 0
  const rotations = [0, 90, 180, 270] as const
  return { reference, dictionary, box: crop ? intersection(crop, media) : media, rotation: rotations[turns] ?? 0 }
}

/** A node's kids: how many pages of the node come before each. */
interface Siblings {
  readonly parent: PdfReference
  readonly before: ReadonlyMap<number, number>
}

/**
 * Numbers of the pages (from 1) that the dictionaries behind references are; null for what is no page of the tree. The list of each node is
 * read once, however many pages are asked for.
 */
export function pageNumbers(document: PdfDocument): (target: PdfReference) => number | null {
  const lists = new Map<number, Siblings['before']>()
  const siblingsOf = (node: PdfReference): Siblings | null => {
    const parent = document.dictionary(node)?.entries.get('Parent')
    if (!is(parent, 'reference')) return null
    const before = lists.get(parent.number) ?? pagesBefore(document, parent)
    lists.set(parent.number, before)
    return { parent, before }
  }
  return target => {
    let before = 0
    let current = target
    for (let depth = 0; depth < MAXIMUM_TREE_DEPTH; depth++) {
      const siblings = siblingsOf(current)
      if (!siblings) return depth > 0 ? before + 1 : null
      const own = siblings.before.get(current.number)
      if (own === undefined) return null
      before += own
      current = siblings.parent
    }
    return null
  }
}

function pagesBefore(document: PdfDocument, parent: PdfReference): Siblings['before'] {
  const dictionary = document.dictionary(parent)
  const kids = dictionary && document.get(dictionary, 'Kids')
  const before = new Map<number, number>()
  if (!is(kids, 'array')) return before
  const flat = dictionary && document.get(dictionary, 'Count') === kids.items.length
  let pages = 0
  for (const kid of kids.items) {
    if (is(kid, 'reference') && !before.has(kid.number)) before.set(kid.number, pages)
    pages += flat ? 1 : countOf(document, kid)
  }
  return before
}

function countOf(document: PdfDocument, kid: PdfObject): number {
  const dictionary = document.dictionary(kid)
  const count = dictionary?.entries.has('Kids') ? document.get(dictionary, 'Count') : 1
  return typeof count === 'number' ? count : 0
}
