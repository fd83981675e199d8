import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readDeskSettings, writeDeskSettings } from '../desk-settings.ts'
import { openVerifier } from '../signing-parts.ts'
import { revocationList } from './pki.ts'
import { type SandboxPortal, startSandboxPortal } from './portal/portal.ts'
import { openPracticeOffice } from './practice-state.ts'
import { startTimestampAuthority, type TimestampAuthority } from './timestamp-authority.ts'

/** The practice office's outside world: a time-stamp authority and a portal, on this PC only. */
export interface PracticeServices extends AsyncDisposable {
  readonly timestampAuthority: TimestampAuthority
  readonly portal: SandboxPortal
}

const CREDENTIALS_FILE = join('practice', 'portal-credentials.json')

/** Milliseconds for which a revocation list is not written again: a day of the seven that it is valid. */
const LIST_SERVES = 86_400_000

/**
 * Starts the services of the practice office in `folder`, renews its revocation lists, and writes the services' addresses into its
 * settings. What the portal has been given stays in the folder, over restarts too.
 */
export async function startPracticeServices(folder: string, clock: () => Date): Promise<PracticeServices> {
  const { pki, certificates } = await openPracticeOffice(folder)
  const lists = join(folder, 'practice', 'pki')
  const settings = await readDeskSettings(folder)
  const directory = join(folder, 'practice', 'portal')
  const startPortal = async () => {
    await mkdir(directory, { recursive: true })
    return startSandboxPortal({
      directory,
      port: 0,
      clock,
      verify: await openVerifier(folder, settings.trust),
      organisationCertificates: [certificates.organisation],
    })
  }
  const renew = async (name: string, authority: 'root' | 'subCa') => {
    const list = join(lists, name)
    const age = Math.abs(clock().getTime() - (await stat(list)).mtimeMs)
    if (age > LIST_SERVES) await writeFile(list, revocationList(pki, authority, clock()))
  }
  await Promise.all([renew('root.crl', 'root'), renew('sub-ca.crl', 'subCa')])
  const [timestampAuthority, portal] = await Promise.all([
    startTimestampAuthority({ identity: pki.timestampAuthority, chain: [pki.subCa.certificate], clock }),
    startPortal(),
  ])
  const { clientId, clientSecret } = portal.credentials
  await writeFile(join(folder, CREDENTIALS_FILE), JSON.stringify({ clientId, clientSecret }), { mode: 0o600 })
  await writeDeskSettings(folder, {
    ...settings,
    timestamp: { url: timestampAuthority.url, timeoutSeconds: 10 },
    delivery: { kind: 'dossier-api', settings: portal.dossierSettings, credentialsFile: CREDENTIALS_FILE },
  })
  return {
    timestampAuthority,
    portal,
    async [Symbol.asyncDispose]() {
      await timestampAuthority.close()
      await portal.close()
    },
  }
}
