import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { app, protocol } from 'electron'
import { SCHEME } from './window/origin.ts'
import { startOptions } from './window/start-options.ts'

/**
 * The desktop program: one window, one office service, its devices. Only what must come before anything else stands here; the rest is loaded
 * by `window/run.ts` while the browser starts.
 */

const options = startOptions(process.argv)
if (options.dataFolder !== null) app.setPath('userData', options.dataFolder)
app.enableSandbox()
protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])

if (app.requestSingleInstanceLock()) void start()
else app.quit()

async function start(): Promise<void> {
  const ready = app.whenReady()
  enableCompileCache(join(app.getPath('userData'), 'compiled'))
  const { run } = await import('./window/run.ts')
  await ready
  await run(options)
}
