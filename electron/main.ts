import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { app, dialog, protocol } from 'electron'
import { explain } from './messages.ts'
import { openLog } from './window/log.ts'
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
  const dataFolder = app.getPath('userData')
  const log = openLog(join(dataFolder, 'logs'), () => new Date())
  try {
    const ready = app.whenReady()
    enableCompileCache(join(dataFolder, 'compiled'))
    const { run } = await import('./window/run.ts')
    await ready
    await run(options, log)
  } catch (error) {
    log.fault('the program could not start', error)
    const { what, todo } = explain(error, 'vi')
    dialog.showErrorBox(what, todo)
    app.exit(1)
  }
}
