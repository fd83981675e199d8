/**
 * The outside world, a process of its own that can be killed: time-stamp authority and portal, at the same addresses each time.
 *
 *   node tests/crash/services.ts PRACTICE_FOLDER AUTHORITY_PORT PORTAL_PORT
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readDeskSettings } from '../../electron/desk-settings.ts'
import { startSandboxPortal } from '../../electron/sandbox/portal/portal.ts'
import { openPracticeOffice } from '../../electron/sandbox/practice-office.ts'
import { startTimestampAuthority } from '../../electron/sandbox/timestamp-authority.ts'
import { openVerifier } from '../../electron/signing-parts.ts'

const [folder, authorityPort, portalPort] = z
  .tuple([z.string(), z.coerce.number(), z.coerce.number()])
  .parse(process.argv.slice(2))
process.once('disconnect', () => process.exit())
const { pki, certificates } = await openPracticeOffice(folder)
const directory = join(folder, 'practice', 'portal')
mkdirSync(directory, { recursive: true })
const clock = () => new Date()
const authority = await startTimestampAuthority({
  identity: pki.timestampAuthority,
  chain: [pki.subCa.certificate],
  port: authorityPort,
  clock,
})
const portal = await startSandboxPortal({
  directory,
  port: portalPort,
  clock,
  verify: await openVerifier(folder, (await readDeskSettings(folder)).trust),
  organisationCertificates: [certificates.organisation],
})
process.send?.({
  authority: authority.url,
  portal: portal.url,
  settings: portal.dossierSettings,
  ...portal.credentials,
})
