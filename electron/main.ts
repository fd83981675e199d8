import { mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { app, dialog, protocol } from 'electron'
import { keepToOneself } from './own-folder.ts'
import { SCHEME } from './window/origin.ts'
import { startOptions } from './window/start-options.ts'

/**
 * The desktop program: one window, one office service, its devices. Only what must come before anything else stands here; the rest is loaded
 * by `window/run.ts` while the browser starts.
 */

keepToOneself()
const options = startOptions(process.argv)
app.enableSandbox()
protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])
start().catch(async (error: unknown) => {
  try {
    const { tellStartFailure } = await import('./window/start-failure.ts')
    await tellStartFailure(error, options)
  } catch {
    // Not even the sentences can be read.
    dialog.showErrorBox('Chương trình không khởi động được.', 'Cài đặt lại chương trình; dữ liệu đã lưu không bị mất.')
    app.exit(1)
  }
})

async function start(): Promise<void> {
  if (options.dataFolder !== null) app.setPath('userData', options.dataFolder)
  // Electron takes a folder that cannot be made for a second instance.
  mkdirSync(app.getPath('userData'), { recursive: true })
  if (!app.requestSingleInstanceLock()) return app.quit()
  enableCompileCache(join(app.getPath('userData'), 'compiled'))
  const [{ run }] = await Promise.all([import('./window/run.ts'), app.whenReady()])
  await run(options)
}
