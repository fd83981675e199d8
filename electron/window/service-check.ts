import { access, constants, mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import { type HttpClient, HttpFault } from '../../native-signing/http/index.ts'
import type { ServiceState } from '../api/contract/settings.ts'
import type { DeskSettings } from '../desk-settings.ts'

const ANSWER_WITHIN = 10_000
const addressSchema = z.object({ baseUrl: z.url() })

/** Whether the services that the settings name are there, tried now: any answer of theirs counts, what they say to real work is another matter. */
export async function checkServices(
  folder: string,
  { timestamp, delivery }: Pick<DeskSettings, 'timestamp' | 'delivery'>,
  http: HttpClient,
): Promise<readonly ServiceState[]> {
  const answers = async (address: string): Promise<'there' | 'silent'> => {
    try {
      await http({ url: address, method: 'HEAD', timeout: ANSWER_WITHIN, maximumBytes: 0 })
      return 'there'
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error
      return 'silent'
    }
  }
  const deliveryState = async (): Promise<ServiceState['state']> => {
    if (delivery.kind === 'manual-package')
      return (await canWrite(resolve(folder, delivery.folder))) ? 'there' : 'silent'
    const address = addressSchema.safeParse(delivery.settings)
    return address.success ? answers(address.data.baseUrl) : 'not-set'
  }
  return Promise.all([
    (async () => ({ service: 'timestamp', state: timestamp ? await answers(timestamp.url) : 'not-set' }) as const)(),
    (async () => ({ service: 'delivery', state: await deliveryState() }) as const)(),
  ])
}

async function canWrite(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
