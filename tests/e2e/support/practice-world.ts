import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { readDeskSettings } from '../../../electron/desk-settings.ts'
import type { faultListSchema } from '../../../electron/sandbox/portal/faults.ts'
import { PortalStore } from '../../../electron/sandbox/portal/store.ts'
import { createPersonalStoreClient, type PersonalStoreClient } from '../../../electron/sandbox/portal-store-client.ts'
import type { RunningDesk } from './launch.ts'

/** The world outside the practice office's window, as a citizen or an accident meets it. */

const officeFolder = (desk: RunningDesk): string => join(desk.dataFolder, 'practice-office')
const deliverySchema = z.object({ kind: z.literal('dossier-api'), settings: z.looseObject({ baseUrl: z.url() }) })

async function portalAddress(desk: RunningDesk): Promise<string> {
  const { delivery } = await readDeskSettings(officeFolder(desk))
  return deliverySchema.parse(delivery).settings.baseUrl
}

/** The citizens' personal store behind the running desk's practice portal. */
export async function personalStore(desk: RunningDesk): Promise<PersonalStoreClient> {
  const store = new PortalStore(join(officeFolder(desk), 'practice', 'portal'))
  const password = store.secret('store-password')
  store.close()
  return createPersonalStoreClient({ url: await portalAddress(desk), username: '000.00.01.H99', password })
}

/** The portal misbehaves at exactly these calls from now on; an empty list mends it. */
export async function setPortalFaults(desk: RunningDesk, faults: z.input<typeof faultListSchema>): Promise<void> {
  const answer = await fetch(`${await portalAddress(desk)}/sandbox/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  })
  if (!answer.ok) throw new Error(`the portal answered ${answer.status}`)
}

export interface TestScanner {
  /** For the program's environment. */
  readonly environment: Readonly<Record<string, string>>
  /** What the device answers from the next scan on. */
  answers(status: 'Default' | 'SANE_STATUS_JAMMED'): void
}

/** SANE's test device with settings of its own: only a small sheet, and it can be told to fail. @param slow seconds for a sheet */
export function testScanner(folder: string, { slow = false } = {}): TestScanner {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'dll.conf'), 'test\n')
  const usual = readFileSync('/etc/sane.d/test.conf', 'utf8')
    .replace(/^geometry_max .*$/m, 'geometry_max 120.0')
    .replace(/^read-delay .*$/m, `read-delay ${slow}`)
    .replace(/^read-delay-duration .*$/m, 'read-delay-duration 20000')
  const answers: TestScanner['answers'] = status =>
    writeFileSync(join(folder, 'test.conf'), usual.replace(/^read-status-code .*$/m, `read-status-code "${status}"`))
  answers('Default')
  return { environment: { SANE_CONFIG_DIR: folder }, answers }
}
