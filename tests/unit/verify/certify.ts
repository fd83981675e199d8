import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { buildSignedAttributes, buildSignedData } from '../../../native-signing/cms/build.ts'
import { PdfDocument } from '../../../native-signing/pdf/document.ts'
import {
  array,
  dateString,
  dictionary,
  is,
  name,
  type PdfDictionary,
  textString,
  withEntries,
} from '../../../native-signing/pdf/objects.ts'
import { MemorySource } from '../../../native-signing/pdf/source.ts'
import { IncrementalUpdate } from '../../../native-signing/pdf/update.ts'
import { addField, planField, signatureDictionary } from '../../../native-signing/sign/field.ts'
import { holeEntries, writeWithHole } from '../../../native-signing/sign/hole.ts'
import type { TestOffice, TestSigner } from '../signing/support.ts'

/** What a first signature forbids for later, as other programs write it. */
export interface Locks {
  /** DocMDP /P */
  readonly certification?: 1 | 2 | 3
  /** FieldMDP: these, or all. */
  readonly locked?: readonly string[] | 'all'
  /** FieldMDP: all but these. */
  readonly lockedBut?: readonly string[]
  /** /P in the signature field's /Lock. */
  readonly lockLevel?: 1 | 2 | 3
}

function fieldLock({ locked, lockedBut }: Locks): PdfDictionary | null {
  const named = locked === 'all' ? null : (locked ?? lockedBut)
  if (!locked && !lockedBut) return null
  return dictionary({
    Type: name('TransformParams'),
    V: name('1.2'),
    Action: name(locked === 'all' ? 'All' : locked ? 'Include' : 'Exclude'),
    ...(named ? { Fields: array(named.map(each => textString(each))) } : {}),
  })
}

function transform(method: string, parameters: PdfDictionary): PdfDictionary {
  return dictionary({ Type: name('SigRef'), TransformMethod: name(method), TransformParams: parameters })
}

/** Gives the field that the update adds last a lock. */
function lockField(update: IncrementalUpdate, document: PdfDocument, level: 1 | 2 | 3): void {
  const form = update.current(document.catalog.entries.get('AcroForm'))
  const fields = is(form, 'dictionary') ? update.current(form.entries.get('Fields')) : null
  const field = is(fields, 'array') ? fields.items.at(-1) : null
  const own = update.current(field ?? null)
  if (!is(field, 'reference') || !is(own, 'dictionary')) throw new Error('no field')
  update.set(field, withEntries(own, { Lock: dictionary({ Action: name('Exclude'), Fields: array([]), P: level }) }))
}

/** Signs `input` (a file with a form) in a new field `Signature1`, invisible, with these locks. */
export async function certify(
  office: TestOffice,
  { certificate, session }: TestSigner,
  input: string,
  output: string,
  locks: Locks,
): Promise<void> {
  const bytes = readFileSync(input)
  const document = PdfDocument.open(new MemorySource(bytes))
  const update = new IncrementalUpdate(document)
  const level = locks.certification
  const permissions = level && dictionary({ Type: name('TransformParams'), P: level, V: name('1.2') })
  const lock = fieldLock(locks)
  const references = [
    ...(permissions ? [transform('DocMDP', permissions)] : []),
    ...(lock ? [transform('FieldMDP', lock)] : []),
  ]
  const room = 6000
  const signature = update.add(
    signatureDictionary({
      ...holeEntries(room),
      M: dateString(new Date()),
      ...(references.length > 0 ? { Reference: array(references) } : {}),
    }),
  )
  addField(document, update, planField(document, 'Signature1', null), 'Signature1', signature, null)
  if (locks.lockLevel !== undefined) lockField(update, document, locks.lockLevel)
  if (permissions) update.amend(document.catalogReference, { Perms: dictionary({ DocMDP: signature }) })
  const written = writeWithHole(update, signature, room, bytes.length)
  const whole = Buffer.concat([bytes, written.bytes])
  const [, before, after] = written.byteRange
  const digest = createHash('sha256').update(whole.subarray(0, before)).update(whole.subarray(after)).digest()
  const signedAttributes = buildSignedAttributes(digest, certificate)
  const value = await session.sign(certificate.sha256, 'RSA-PKCS1', 'SHA-256', signedAttributes)
  const cms = buildSignedData({
    ...{ certificate, chain: office.chain, scheme: 'RSA-PKCS1', hash: 'SHA-256', signedAttributes },
    ...{ signature: value, timestampToken: null },
  })
  whole.set(Buffer.from(Buffer.from(cms).toString('hex')), before + 1)
  writeFileSync(output, whole)
}
