import { expect, test } from 'vitest'
import { checkServices } from '../../../electron/window/service-check.ts'
import { createHttpClient, type HttpClient, HttpFault } from '../../../native-signing/http/index.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const timestamp = { url: 'https://dauthoigian.example.vn', timeoutSeconds: 10, attempts: 1 }
const portal = {
  kind: 'dossier-api',
  settings: { baseUrl: 'https://motcua.example.vn' },
  credentialsFile: 'x',
} as const

test('a service that answers anything is there; one that does not is silent; one without an address is not set', async () => {
  const refusing: HttpClient = async () => ({ status: 405, body: new Uint8Array() })
  const silent: HttpClient = () => Promise.reject(new HttpFault('unreachable'))
  expect(await checkServices('.', { timestamp, delivery: portal }, refusing)).toEqual([
    { service: 'timestamp', state: 'there' },
    { service: 'delivery', state: 'there' },
  ])
  expect(await checkServices('.', { timestamp: null, delivery: portal }, silent)).toEqual([
    { service: 'timestamp', state: 'not-set' },
    { service: 'delivery', state: 'silent' },
  ])
})

test('packages by hand need a folder that can be written', async () => {
  using folder = temporaryFolder()
  const delivery = { kind: 'manual-package', folder: 'packages' } as const
  const [, state] = await checkServices(folder.path, { timestamp: null, delivery }, createHttpClient())
  expect(state).toEqual({ service: 'delivery', state: 'there' })
})
