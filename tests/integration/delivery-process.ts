/** Delivers once what is due, as a program of its own that can be killed: `node delivery-process.ts FOLDER OFFICE NOW PORTAL`. */
import { z } from 'zod'
import { createOffice } from '../../electron/office/office.ts'
import { createDossierAdapter } from '../../electron/portal/dossier-api.ts'
import { dossierSettings } from '../../electron/portal/dossier-settings.ts'
import { createHttpClient } from '../../native-signing/http/index.ts'
import { testParts } from './office-support.ts'

const [folder, officeId, now, portal] = z
  .tuple([z.string(), z.string(), z.string(), z.string()])
  .parse(process.argv.slice(2))
const { credentials, settings } = z
  .object({ credentials: z.object({ clientId: z.string(), clientSecret: z.string() }), settings: z.unknown() })
  .parse(JSON.parse(portal))
const parts = await testParts(folder, { now: new Date(now) })
const adapter = createDossierAdapter(dossierSettings(settings), {
  credentials,
  http: createHttpClient(),
  clock: parts.clock,
})
const outcomes = await createOffice(parts).delivery.run(officeId, adapter)
process.stdout.write(JSON.stringify(outcomes.map(({ result }) => result)))
await parts.store.close()
