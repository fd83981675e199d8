import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { certificateFromDer } from '../../native-signing/token/certificate.ts'
import { type Desk, foundDesk, openDesk } from '../desk.ts'
import type { Actor, Role } from '../office/types.ts'
import { drawSeal, drawSignature } from './paper-marks.ts'
import { createPki, issueCertificate, revocationList, type SandboxPki, savePki } from './pki.ts'
import { PRACTICE, type PracticeOffice, type PracticeToken, pkiFolder, writePracticeState } from './practice-state.ts'
import { createSoftToken, type LaunchSoftTokenWorker, type SoftTokenOptions } from './soft-token.ts'

export { openPracticeOffice, PRACTICE, type PracticeOffice, type PracticeToken } from './practice-state.ts'

/**
 * Makes a practice office in an empty folder: certificates nobody trusts, two soft tokens, four people, an open book. The addresses of
 * its time-stamp authority and portal are written by `connectPractice` when those run.
 * @param now UTC; certificates are valid around it
 * @param launch how the process is started that makes the tokens; Node's own way when left out
 */
export async function createPracticeOffice(
  folder: string,
  now: Date,
  launch?: LaunchSoftTokenWorker,
): Promise<PracticeOffice> {
  await mkdir(join(folder, 'practice'), { recursive: true })
  const pki = createPki({ now })
  savePki(pki, pkiFolder(folder))
  await writeFile(join(pkiFolder(folder), 'root.crl'), revocationList(pki, 'root', now))
  await writeFile(join(pkiFolder(folder), 'sub-ca.crl'), revocationList(pki, 'subCa', now))

  const tokens = join(folder, 'practice', 'tokens')
  const signer = await makeToken(tokens, pki, now, 'signer', PRACTICE.people.signer, launch)
  const organisation = await makeToken(tokens, pki, now, 'organisation', PRACTICE.office, launch)

  await foundDesk(
    folder,
    { name: PRACTICE.office, administrator: PRACTICE.people.admin },
    {
      practice: true,
      tokens: { modules: [signer.module], environment: { ...signer.environment } },
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
  const certificates = { signer: signer.sha256, organisation: organisation.sha256 }
  await writePracticeState(folder, certificates)
  await fill(folder, certificates)
  return { folder, pki, certificates }
}

/** The practice person with this role. */
export async function practiceActor(desk: Desk, role: Role): Promise<Actor> {
  const person = (await desk.people()).find(p => p.roles.includes(role))
  if (!person) throw new Error(`the practice office has no ${role}`)
  return { officeId: desk.officeId, personId: person.id }
}

const day = 86_400_000

async function makeToken(
  folder: string,
  pki: SandboxPki,
  now: Date,
  kind: PracticeToken,
  commonName: string,
  launch: LaunchSoftTokenWorker | undefined,
): Promise<{ module: string; environment: Readonly<Record<string, string>>; sha256: string }> {
  const options: SoftTokenOptions = {
    folder,
    label: PRACTICE.tokens[kind].label,
    pin: PRACTICE.tokens[kind].pin,
    securityOfficerPin: PRACTICE.securityOfficerPin,
    chain: [pki.subCa.certificate],
    identities: [
      {
        certificateLabel: `${commonName}'s Certificate`,
        certify: publicKey =>
          issueCertificate(pki, {
            kind: kind === 'signer' ? 'person' : 'organisation',
            publicKey,
            subject: { locality: PRACTICE.locality, organisation: PRACTICE.office, commonName },
            notBefore: new Date(now.getTime() - day),
            notAfter: new Date(now.getTime() + 3 * 365 * day),
          }),
      },
    ],
  }
  const token = await createSoftToken(options, launch)
  const [certificate] = token.certificates
  if (!certificate) throw new Error('the practice token has no certificate')
  return { module: token.module, environment: token.environment, sha256: certificateFromDer(certificate).sha256 }
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
