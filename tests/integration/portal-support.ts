import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Checkpoint, DeliveryAdapter, DeliveryReceipt, Parcel } from '../../electron/portal/adapter.ts'
import { createDossierAdapter } from '../../electron/portal/dossier-api.ts'
import { dossierSettings } from '../../electron/portal/dossier-settings.ts'
import { PortalError } from '../../electron/portal/errors.ts'
import { type SandboxPortal, startSandboxPortal } from '../../electron/sandbox/portal/portal.ts'
import { createHttpClient, type HttpClient } from '../../native-signing/http/index.ts'
import type { Certificate, SignatureVerdict, VerificationReport } from '../../native-signing/types.ts'
import { attempt } from '../support/delivery-attempt.ts'

/** A clock that the test moves. */
export class TestClock {
  #now: number

  constructor(now = '2026-11-20T02:00:00.000Z') {
    this.#now = Date.parse(now)
  }

  readonly read = (): Date => new Date(this.#now)

  advance(milliseconds: number): void {
    this.#now += milliseconds
  }
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'portal-test-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

function certificate(sha256: string): Certificate {
  const day = new Date('2026-01-01T00:00:00Z')
  const name = `CN=${sha256}`
  return {
    der: new Uint8Array(),
    sha256,
    subject: name,
    commonName: sha256,
    issuer: name,
    serialNumber: '1',
    notBefore: day,
    notAfter: day,
  }
}

/** What the portal knows of the sandbox office. */
export const ORGANISATION = 'organisation'

/**
 * Stands in for the verifier: reads lines `signature <who> <intact|broken>` out of the file itself, so it judges what was really uploaded.
 */
export async function readMarkedSignatures(path: string): Promise<VerificationReport> {
  const lines = readFileSync(path, 'latin1').matchAll(/^% signature (\S+) (intact|broken)$/gm)
  const signatures = [...lines].map(([, who = '', state], index): SignatureVerdict => {
    const intact = state === 'intact'
    return {
      field: `Signature${index + 1}`,
      kind: 'signature',
      signer: certificate(who),
      signerName: who,
      claimedTime: null,
      provenTime: null,
      level: 'B-T',
      integrity: intact ? 'intact' : 'broken',
      coverage: 'whole-file',
      changesAfter: 'none',
      changes: [],
      indication: intact ? 'TOTAL-PASSED' : 'TOTAL-FAILED',
      subIndication: null,
      messages: [],
      revisionEnd: index + 1,
    }
  })
  return { file: path, valid: signatures.every(s => s.integrity === 'intact'), signatures }
}

export const TWO_SIGNATURES = ['chairman intact', `${ORGANISATION} intact`]

/** The program's own client, which a test may stand before. */
export const ownHttp = createHttpClient()

let serial = 0

/** A parcel of an invented person with a number of their own, its file in `folder`. */
export function parcelIn(folder: string, signatures: readonly string[] = TWO_SIGNATURES): Parcel {
  serial += 1
  const bytes = Buffer.from(`%PDF-1.7\n% copy ${serial}\n${signatures.map(s => `% signature ${s}\n`).join('')}%%EOF\n`)
  const path = join(folder, `copy-${serial}.pdf`)
  writeFileSync(path, bytes)
  return {
    copyId: `copy-${serial}`,
    title: 'Bằng tốt nghiệp đại học (mẫu)',
    number: String(serial).padStart(2, '0'),
    book: '01/2026-SCT/BS',
    requester: {
      name: 'Nguyễn Thị Mẫu',
      personalNumber: `0${String(10_000_000_000 + serial)}`,
      email: 'mau@example.test',
      phone: '0900000000',
    },
    receivedAt: new Date('2026-11-20T01:00:00.000Z'),
    signedAt: new Date('2026-11-20T01:20:00.250Z'),
    sealedAt: new Date('2026-11-20T01:30:00.500Z'),
    dueAt: new Date('2026-11-20T10:00:00.000Z'),
    officerName: 'Trần Văn Thử (mẫu)',
    signerName: 'Lê Thị Ký (mẫu)',
    file: { path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, name: 'ban-sao.pdf' },
  }
}

export interface PortalBench extends AsyncDisposable {
  readonly folder: string
  readonly clock: TestClock
  readonly portal: SandboxPortal
  /** A new adapter, as after a restart of the program. */
  adapter(changes?: Readonly<Record<string, unknown>>, http?: HttpClient): DeliveryAdapter
  /** What the portal has for this parcel's owner. */
  outcome(parcel: Parcel): { readonly dossiers: number; readonly papers: number; readonly state: number | undefined }
}

export async function openPortalBench(verify = readMarkedSignatures): Promise<PortalBench> {
  const folder = temporaryFolder()
  const clock = new TestClock()
  const portal = await startSandboxPortal({
    directory: join(folder.path, 'portal'),
    port: 0,
    clock: clock.read,
    verify,
    organisationCertificates: [ORGANISATION],
  })
  return {
    folder: folder.path,
    clock,
    portal,
    adapter: (changes = {}, http = ownHttp) =>
      createDossierAdapter(dossierSettings({ ...portal.dossierSettings, timeouts: { settle: 300_000 }, ...changes }), {
        credentials: portal.credentials,
        http,
        clock: clock.read,
      }),
    outcome(parcel) {
      const { dossiers, papers } = portal.inspect()
      const own = dossiers.filter(d => d.personalNumber === parcel.requester.personalNumber)
      return {
        dossiers: own.length,
        papers: papers.filter(p => p.personalNumber === parcel.requester.personalNumber).length,
        state: own[0]?.state,
      }
    },
    async [Symbol.asyncDispose]() {
      await portal.close()
      folder.remove()
    },
  }
}

/** Delivers as the outbox does: again and again with the checkpoint last saved, each time with a new adapter, until done. */
export async function deliverUntilDone(
  makeAdapter: () => DeliveryAdapter,
  parcel: Parcel,
  clock: TestClock,
  isTransient: (error: unknown) => boolean = error => error instanceof PortalError && error.retriable,
): Promise<{ readonly receipt: DeliveryReceipt; readonly errors: readonly unknown[] }> {
  let saved = '{}'
  const errors: unknown[] = []
  const save = async (checkpoint: Checkpoint) => {
    saved = JSON.stringify(checkpoint)
  }
  for (let left = 60; left > 0; left -= 1) {
    try {
      return { receipt: await makeAdapter().deliver(parcel, attempt(JSON.parse(saved), save)), errors }
    } catch (error) {
      if (!isTransient(error)) throw error
      errors.push(error)
      clock.advance(60_000)
    }
  }
  throw new Error('not delivered after 60 attempts', { cause: errors.at(-1) })
}

/** Everything that an error carries, causes included, as text. */
export function wholeText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = Object.getOwnPropertyNames(error).map(name => `${name}=${JSON.stringify(Reflect.get(error, name))}`)
  return `${error.name} ${error.message} ${error.stack} ${own.join(' ')} ${error.cause ? wholeText(error.cause) : ''}`
}
