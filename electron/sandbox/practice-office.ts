import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Desk, foundDesk, openDesk } from '../desk.ts'
import type { Actor, Role } from '../office/types.ts'
import { createPki, revocationList, savePki } from './pki.ts'
import { PRACTICE, type PracticeOffice, pkiFolder, writePracticeState } from './practice-state.ts'
import { makeKeyFiles, makeSoftTokens } from './practice-tokens.ts'
import { hasSoftHsm, type LaunchSoftTokenWorker } from './soft-token.ts'

export { openPracticeOffice, PRACTICE, type PracticeOffice, type PracticeToken } from './practice-state.ts'

/**
 * Makes a practice office in an empty folder: certificates nobody trusts, two soft tokens (key files where there is no SoftHSM), four
 * people, an open book. The addresses of its time-stamp authority and portal are written by `startPracticeServices`.
 * @param now UTC; certificates are valid around it
 * @param launch how the process is started that makes the tokens; Node's own way when left out
 * @param withSoftTokens false: key files play the tokens, as where SoftHSM is not installed
 */
export async function createPracticeOffice(
  folder: string,
  now: Date,
  launch?: LaunchSoftTokenWorker,
  withSoftTokens = hasSoftHsm(),
): Promise<PracticeOffice> {
  await mkdir(join(folder, 'practice'), { recursive: true })
  const pki = createPki({ now })
  savePki(pki, pkiFolder(folder))
  await writeFile(join(pkiFolder(folder), 'root.crl'), revocationList(pki, 'root', now))
  await writeFile(join(pkiFolder(folder), 'sub-ca.crl'), revocationList(pki, 'subCa', now))

  const { certificates, settings: tokens } = await (withSoftTokens ? makeSoftTokens : makeKeyFiles)({
    folder,
    pki,
    now,
    launch,
  })

  await foundDesk(
    folder,
    { name: PRACTICE.office, administrator: PRACTICE.people.admin },
    {
      practice: true,
      tokens,
      trust: {
        anchors: ['practice/pki/root.crt'],
        intermediates: ['practice/pki/sub-ca.crt'],
        revocationLists: ['practice/pki/root.crl', 'practice/pki/sub-ca.crl'],
      },
      // SANE's test device shows a chessboard of 10 mm squares, so that size and skew can be seen.
      scanner: {
        extraDevices: ['test'],
        deviceNames: { test: PRACTICE.scanner },
        deviceOptions: { test: ['--test-picture=Grid'] },
      },
    },
  )
  await writePracticeState(folder, certificates)
  await fill(folder, certificates)
  return { folder, pki, certificates }
}

/** The practice person with this role. */
export async function practiceActor(desk: Pick<Desk, 'officeId' | 'people'>, role: Role): Promise<Actor> {
  const person = (await desk.people()).find(p => p.roles.includes(role))
  if (!person) throw new Error(`the practice office has no ${role}`)
  return { officeId: desk.officeId, personId: person.id }
}

/** People, their certificates and marks, the seal, and the year's book. */
async function fill(folder: string, certificates: PracticeOffice['certificates']): Promise<void> {
  const desk = await openDesk(folder)
  try {
    const admin = await practiceActor(desk, 'admin')
    const { people, register } = desk.office
    await people.add(admin, { name: PRACTICE.people.officer, roles: ['officer'] })
    const signer = await people.add(admin, {
      name: PRACTICE.people.signer,
      roles: ['signer'],
      signerTitle: PRACTICE.signerTitle,
      certificateSha256: certificates.signer,
    })
    const { drawSeal, drawSignature } = await import('./paper-marks.ts')
    await people.setSignatureImage(admin, signer.id, await drawSignature(PRACTICE.people.signer, 7))
    await people.add(admin, { name: PRACTICE.people.clerk, roles: ['clerk'] })
    await people.setSeal(admin, {
      certificateSha256: certificates.organisation,
      png: await drawSeal(PRACTICE.office, 7),
    })
    await register.openBook(await practiceActor(desk, 'clerk'))
  } finally {
    await desk.close()
  }
}
