import { startSandboxPortal } from '../../electron/sandbox/portal/portal.ts'
import { ORGANISATION, readMarkedSignatures } from './portal-support.ts'

/** A sandbox portal as a process of its own, to be killed. Prints where it is and how to log in. */
const [directory = ''] = process.argv.slice(2)
const portal = await startSandboxPortal({
  directory,
  port: 0,
  clock: () => new Date(),
  verify: readMarkedSignatures,
  organisationCertificates: [ORGANISATION],
})
const { credentials, dossierSettings } = portal
process.stdout.write(`${JSON.stringify({ credentials, dossierSettings })}\n`)
