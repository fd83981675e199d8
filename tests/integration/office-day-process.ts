/** One of several programs at the same office: `node office-day-process.ts FOLDER OFFICE OFFICER SIGNER CLERK COPIES NAME`, from the desk to the seal. */
import { z } from 'zod'
import { createOffice } from '../../electron/office/office.ts'
import { certified, testParts } from './office-support.ts'

const words = z.string().min(1)
const [folder, officeId, officer, signer, clerk, copies, name] = z
  .tuple([words, words, words, words, words, z.coerce.number(), words])
  .parse(process.argv.slice(2))
const time = { now: new Date('2026-11-20T03:00:00Z') }
const parts = await testParts(folder, time)
const person = (personId: string) => ({ officeId, personId })
const test = {
  ...{ office: createOffice(parts), parts, time, folder, admin: person(officer) },
  ...{ officer: person(officer), signer: person(signer), clerk: person(clerk) },
  [Symbol.asyncDispose]: () => parts.store.close(),
}
for (let copy = 1; copy <= copies; copy += 1) await certified(test, `${name} ${copy}`)
await parts.store.close()
process.disconnect()
