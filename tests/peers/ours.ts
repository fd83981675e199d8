import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBlobs } from '../../electron/store/blobs.ts'
import { createStatusFetcher, extendPdf } from '../../native-signing/index.ts'
import { openPractice } from '../support/practice.ts'
import type { TemporaryFolder } from '../support/temporary-folder.ts'
import { type SignOptions, signatureImage, signFile } from '../unit/signing/support.ts'
import type { InputKind } from './inputs.ts'
import type { Archival, Opinion, Trust } from './types.ts'
import type { KeyName, World } from './world.ts'

/** A file that is sound, and what every judge must find in it. */
export interface SignedCase {
  readonly name: string
  readonly file: string
  readonly trust: Trust
  readonly signatures: readonly Pick<Opinion, 'field' | 'level'>[]
  /** The PDF/A that must be kept. */
  readonly archival: Archival | null
}

export const KEYS: readonly KeyName[] = ['RSA', 'RSA-PSS', 'ECDSA']
export const LEVELS = ['B-B', 'B-T'] as const

/** The file that our engine makes of this input, key and level, with a picture on page 1. */
export async function signedByUs(
  world: World,
  input: InputKind,
  key: KeyName,
  level: (typeof LEVELS)[number],
): Promise<SignedCase> {
  const name = `${input.name} · ${key} · ${level}`
  const stem = name.replaceAll(/[^\w]+/g, '-')
  const plain = world.folder.file(`${stem}-input.pdf`)
  const file = world.folder.file(`${stem}.pdf`)
  await input.make(plain)
  const signer = world.signers[key]
  const field = input.field ?? 'ChuKy'
  const picture = { page: 1, rectangle: { x: 300, y: 200, width: 120, height: 60 }, image: await signatureImage() }
  // PDF/A-2 allows transparency, but the picture of a waiting field has its own place
  const changes: SignOptions['changes'] = {
    scheme: signer.scheme,
    fieldName: field,
    appearance: input.field ? null : picture,
  }
  await signFile(world.office, signer, plain, file, {
    changes,
    timestamper: level === 'B-T' ? world.timestamper : null,
  })
  const before = readFileSync(plain)
  if (!readFileSync(file).subarray(0, before.length).equals(before)) throw new Error(`${name}: the input was changed`)
  return {
    name,
    file,
    trust: world.trust,
    signatures: [...(input.earlier ?? []), { field, level }],
    archival: input.archival ?? null,
  }
}

/** A file signed by us, lifted to a level for the long term. */
export async function extendedByUs(world: World, signed: SignedCase, level: 'B-LT' | 'B-LTA'): Promise<SignedCase> {
  const output = signed.file.replace(/\.pdf$/, `-${level}.pdf`)
  const { trust } = world.office
  const fetcher = createStatusFetcher({ allowPrivate: true })
  await extendPdf(signed.file, { level, timestamper: world.timestamper, trust, fetcher, output })
  const signatures = signed.signatures.map(({ field }) => ({ field, level }))
  return { ...signed, name: signed.name.replace(/B-T$/, level), file: output, signatures }
}

/** Copies of the practice office, made, signed and sealed with soft tokens as an office does it: each as composed, once and twice signed. */
export async function practiceCopies(folder: TemporaryFolder, count: number): Promise<readonly SignedCase[]> {
  await using practice = await openPractice()
  const signed = await practice.sign(await practice.submitted(count), 'signature')
  const done = signed.map(outcome => {
    if (outcome.result !== 'done') throw new Error('the practice office could not sign', { cause: outcome })
    return outcome.copy
  })
  const sealed = await practice.sign(done, 'seal')
  const keep = (name: string, bytes: Uint8Array) => {
    writeFileSync(folder.file(name), bytes)
    return folder.file(name)
  }
  const pki = (name: string) =>
    keep(`practice-${name}`, readFileSync(join(practice.officeFolder, 'practice', 'pki', name)))
  const trust: Trust = {
    roots: [pki('root.crt')],
    helpers: [pki('sub-ca.crt')],
    lists: [pki('root.crl'), pki('sub-ca.crl')],
  }
  const blobs = openBlobs(join(practice.officeFolder, 'blobs'))
  return sealed.flatMap((outcome, index) => {
    if (outcome.result !== 'done') throw new Error('the practice office could not seal', { cause: outcome })
    const { composedSha256, signedSha256, sealedSha256 } = outcome.copy
    const states = [composedSha256, signedSha256, sealedSha256].map(sha256 => {
      if (!sha256) throw new Error('a sealed copy lacks one of its files')
      return readFileSync(blobs.path(sha256))
    })
    return ['composed', 'signed', 'signed and sealed'].map((state, signatures): SignedCase => {
      const name = `copy ${index + 1}, ${state}`
      const file = keep(`${name.replaceAll(/\W+/g, '-')}.pdf`, states[signatures] ?? Buffer.alloc(0))
      const found = Array.from({ length: signatures }, () => ({ field: null, level: 'B-T' }))
      return { name, file, trust, signatures: found, archival: '2b' }
    })
  })
}
