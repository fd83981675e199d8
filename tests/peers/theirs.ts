import { writeFileSync } from 'node:fs'
import { altered, samplePdf } from '../unit/signing/support.ts'
import type { SignedCase } from './ours.ts'
import type { Forgery, PyHanko } from './pyhanko.ts'
import type { Peer, SigningOrder } from './types.ts'
import type { KeyName, World } from './world.ts'

/** How a peer is asked to sign. */
interface Profile {
  readonly key: KeyName
  readonly level: SigningOrder['level']
  readonly subFilter?: SigningOrder['subFilter']
  readonly certify?: boolean
  readonly visible?: boolean
}

const PROFILES: Readonly<Record<string, readonly Profile[]>> = {
  pyHanko: [
    { key: 'RSA', level: 'B-B' },
    { key: 'RSA', level: 'B-T', visible: true },
    { key: 'RSA-PSS', level: 'B-T' },
    { key: 'ECDSA', level: 'B-T' },
    { key: 'RSA', level: 'B-T', certify: true },
    { key: 'RSA', level: 'B-B', subFilter: 'adbe.pkcs7.detached' },
    { key: 'RSA', level: 'B-LT' },
    { key: 'RSA', level: 'B-LTA' },
  ],
  DSS: [
    { key: 'RSA', level: 'B-B' },
    { key: 'RSA', level: 'B-T' },
    { key: 'ECDSA', level: 'B-T' },
    { key: 'RSA', level: 'B-LT' },
    { key: 'RSA', level: 'B-LTA' },
  ],
  PDFBox: [
    { key: 'RSA', level: 'B-B' },
    { key: 'RSA', level: 'B-T' },
    { key: 'ECDSA', level: 'B-T' },
    { key: 'RSA', level: 'B-T', subFilter: 'adbe.pkcs7.detached' },
  ],
  LibPDF: [
    { key: 'RSA', level: 'B-B' },
    { key: 'RSA', level: 'B-T' },
    { key: 'ECDSA', level: 'B-T' },
  ],
  // poppler 22.12 refuses -etsi together with -add-signature
  pdfsig: [{ key: 'RSA', level: 'B-B', subFilter: 'adbe.pkcs7.detached' }],
}

/** A file signed by a peer; `failure` where the peer could not. */
export interface ForeignCase extends SignedCase {
  readonly maker: string
  readonly failure: string | null
}

/** LibPDF writes the signing-time attribute, which baseline signatures must not have (ETSI EN 319 142-1 §6.3). */
const isBaseline = (maker: string, subFilter: string): boolean => maker !== 'LibPDF' && subFilter.startsWith('ETSI')

/** Every peer that signs, by each of its profiles. */
export async function signedByPeers(world: World, peers: readonly Peer[]): Promise<readonly ForeignCase[]> {
  const cases: ForeignCase[] = []
  const input = world.folder.file('for-peers.pdf')
  writeFileSync(input, await samplePdf())
  for (const peer of peers) {
    for (const { key, level, subFilter = 'ETSI.CAdES.detached', ...extras } of PROFILES[peer.name] ?? []) {
      const details = [key, level, subFilter.startsWith('adbe') ? 'adbe' : null, ...Object.keys(extras)]
      const name = `${peer.name} · ${details.filter(Boolean).join(' · ')}`
      const output = world.folder.file(`${name.replaceAll(/\W+/g, '-')}.pdf`)
      const order: SigningOrder = {
        ...{ input, output, field: 'Foreign', level, subFilter, trust: world.trust, pss: key === 'RSA-PSS', ...extras },
        signer: world.signers[key].files,
        timestampAuthority: level === 'B-B' ? null : world.timestampAuthority,
      }
      const failure = await failureOf(peer.sign?.(order))
      const signatures = [{ field: null, level: isBaseline(peer.name, subFilter) ? level : null }]
      cases.push({ name, maker: peer.name, file: output, trust: world.trust, signatures, archival: null, failure })
    }
  }
  return cases
}

async function failureOf(work: Promise<void> | undefined): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A signed file that somebody changed afterwards. */
export interface TamperedCase {
  readonly name: string
  readonly file: string
}

const FORGERIES: readonly Forgery[] = ['page-contents', 'overlay', 'page-added']

/** Where the text is found, and its first group where it has one. @throws Error where it is not: nothing would be changed */
function found(file: Buffer, what: RegExp): RegExpExecArray {
  const match = what.exec(file.toString('latin1'))
  if (!match) throw new Error(`nothing to tamper with: no ${what.source}`)
  return match
}

/** The third byte of the first stream. */
function inFirstStream(file: Buffer): number {
  const { index, 0: keyword } = found(file, /\bstream\r?\n/)
  return index + keyword.length + 2
}

/** Well within the digits of the first signature's /Contents. */
const inFirstContents = (file: Buffer): number => Number(found(file, /\/ByteRange\s*\[\s*0\s+(\d+)\s/)[1]) + 1400

const flip = (at: (file: Buffer) => number) => (file: Buffer) => {
  const changed = Buffer.from(file)
  const place = at(file)
  changed.writeUInt8(changed.readUInt8(place) ^ 1, place)
  return changed
}

/** The changes of one file: bytes flipped in the page and in the signature, and updates appended that nobody signed. */
export async function tampered(
  world: Pick<World, 'folder'>,
  { name, file }: Pick<SignedCase, 'name' | 'file'>,
  pyHanko: PyHanko | null,
): Promise<readonly TamperedCase[]> {
  const target = (kind: string) => world.folder.file(`${name}-${kind}`.replaceAll(/\W+/g, '-').concat('.pdf'))
  const make = (kind: string, edit: (bytes: Buffer) => Uint8Array): TamperedCase => ({
    name: `${name} · ${kind}`,
    file: altered(file, target(kind), edit),
  })
  const cases = [
    make('byte flipped in a page', flip(inFirstStream)),
    make('byte flipped in the CMS', flip(inFirstContents)),
    make('bytes appended', bytes => Buffer.concat([bytes, Buffer.from('\n% more\n')])),
  ]
  if (!pyHanko) return cases
  for (const kind of FORGERIES) {
    await pyHanko.tamper(file, target(kind), kind)
    cases.push({ name: `${name} · ${kind}`, file: target(kind) })
  }
  return cases
}
