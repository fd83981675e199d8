import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readRevocationList } from '../../native-signing/path/index.ts'
import { readDeskSettings, writeDeskSettings } from '../desk-settings.ts'
import { writeFileDurably } from '../files.ts'
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

/** A revocation list is written anew, when the services start, where it is not valid for so many milliseconds more: six days of its seven. */
const LIST_REMAINS = 6 * 86_400_000

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
    const { thisUpdate, nextUpdate } = readRevocationList(await readFile(list))
    const now = clock()
    const remains = (nextUpdate ?? thisUpdate).getTime() - now.getTime()
    if (thisUpdate > now || remains < LIST_REMAINS) await writeFileDurably(list, revocationList(pki, authority, now))
  }
  await Promise.all([renew('root.crl', 'root'), renew('sub-ca.crl', 'subCa')])
  await using started = new AsyncDisposableStack()
  const timestampAuthority = await startTimestampAuthority({
    identity: pki.timestampAuthority,
    chain: [pki.subCa.certificate],
    clock,
  })
  started.defer(() => timestampAuthority.close())
  const portal = await startPortal()
  started.defer(() => portal.close())
  const { clientId, clientSecret } = portal.credentials
  await writeFile(join(folder, CREDENTIALS_FILE), JSON.stringify({ clientId, clientSecret }), { mode: 0o600 })
  await writeDeskSettings(folder, {
    ...settings,
    timestamp: { url: timestampAuthority.url, timeoutSeconds: 10 },
    delivery: { kind: 'dossier-api', settings: portal.dossierSettings, credentialsFile: CREDENTIALS_FILE },
  })
  const running = started.move()
  return { timestampAuthority, portal, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
