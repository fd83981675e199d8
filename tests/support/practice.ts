import { join } from 'node:path'
import sharp from 'sharp'
import { type Desk, openDesk } from '../../electron/desk.ts'
import type { BatchOutcome, SignatureKind } from '../../electron/office/signing/batch.ts'
import type { Actor, CopyView, Role } from '../../electron/office/types.ts'
import { createPracticeOffice, PRACTICE, practiceActor } from '../../electron/sandbox/practice-office.ts'
import { type PracticeServices, startPracticeServices } from '../../electron/sandbox/practice-services.ts'
import { importFiles } from '../../electron/scanners.ts'
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts'

/** An invented citizen; no province has code 099. */
export const CITIZEN = {
  name: 'Hoàng Minh Tuệ (mẫu)',
  personalNumber: '099090000017',
  email: null,
  phone: null,
} as const

/** A practice office in a folder of its own, its outside world running, one desk open. */
export interface Practice extends AsyncDisposable {
  readonly folder: TemporaryFolder
  readonly officeFolder: string
  readonly services: PracticeServices
  readonly desk: Desk
  actor(role: Role): Promise<Actor>
  /** New copies, each with one small page, submitted and waiting for the signer. */
  submitted(count: number, desk?: Desk): Promise<readonly CopyView[]>
  /** Signs or seals with the practice PIN (or another). */
  sign(
    copies: readonly CopyView[],
    kind: SignatureKind,
    options?: { desk?: Desk; pin?: string },
  ): Promise<readonly BatchOutcome[]>
}

/** @param withSoftTokens false: key files play the tokens, as on a PC without SoftHSM */
export async function openPractice(withSoftTokens = true): Promise<Practice> {
  const folder = temporaryFolder('desk-practice-')
  const officeFolder = folder.file('office')
  await createPracticeOffice(officeFolder, new Date(), undefined, withSoftTokens)
  const services = await startPracticeServices(officeFolder, () => new Date())
  const desk = await openDesk(officeFolder)
  const page = folder.file('page.jpg')
  await sharp({ create: { width: 620, height: 877, channels: 3, background: '#fdfcf7' } })
    .withMetadata({ density: 75 })
    .jpeg()
    .toFile(page)

  return {
    folder,
    officeFolder,
    services,
    desk,
    actor: role => practiceActor(desk, role),
    async submitted(count, own = desk) {
      const officer = await practiceActor(own, 'officer')
      const { copies } = await own.office.requests.receive(officer, {
        requester: CITIZEN,
        originals: Array.from({ length: count }, (_, n) => ({
          title: `Giấy tờ ${n + 1} (mẫu)`,
          kind: 'Giấy tờ khác',
          issuer: PRACTICE.office,
          copyCount: 1,
        })),
      })
      const done: CopyView[] = []
      for (const draft of copies) {
        let copy = draft
        for await (const file of importFiles(own.scanner, [page], join(own.incomingFolder(copy.id))))
          copy = await own.office.copies.addPages(officer, copy, [file])
        done.push(await own.office.copies.submit(officer, copy, { comparedWithOriginal: true, allPagesPresent: true }))
      }
      return done
    },
    async sign(copies, kind, options = {}) {
      const own = options.desk ?? desk
      const actor = await practiceActor(own, kind === 'signature' ? 'signer' : 'clerk')
      const token = PRACTICE.tokens[kind === 'signature' ? 'signer' : 'organisation']
      const chosen = await own.findToken(actor, kind)
      const outcomes: BatchOutcome[] = []
      for await (const outcome of own.signBatch(actor, copies, kind, chosen, Buffer.from(options.pin ?? token.pin)))
        outcomes.push(outcome)
      return outcomes
    },
    async [Symbol.asyncDispose]() {
      await desk.close()
      await services[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}
