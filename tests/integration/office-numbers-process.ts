/** One of two processes that take numbers from the same file: `node office-numbers-process.ts FOLDER OFFICE PERSON`, copies by message. */
import { once } from 'node:events'
import { z } from 'zod'
import { fixContent } from '../../electron/office/signing/fixing.ts'
import { choiceOf, SIGNER, testParts } from './office-support.ts'

const [folder, officeId, personId] = z.tuple([z.string(), z.string(), z.string()]).parse(process.argv.slice(2))
const ids = z.array(z.string()).parse((await once(process, 'message'))[0])
const parts = await testParts(folder, { now: new Date('2026-11-20T03:00:00Z') })
for (const id of ids) {
  await fixContent(parts, { officeId, personId }, { id, version: 1 }, choiceOf(SIGNER).certificate.sha256)
}
await parts.store.close()
process.disconnect()
