// Starts the desktop program from the sources: builds what is old, then opens the window. Arguments go to the program
// (--practice, --office=FOLDER, --data=FOLDER, --headless).
import { spawn } from 'node:child_process'
import { desktopCommand } from './desktop-command.mjs'
import { ensureBuilt } from './ensure-built.mjs'

ensureBuilt()
const { file, args, standIn } = desktopCommand(process.argv.slice(2))
if (standIn) process.stderr.write("Electron's binary is not here: the window opens in Chromium through the stand-in.\n")
const desktop = spawn(file, args, { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => desktop.kill(signal))
desktop.on('exit', (status, signal) => process.exit(status ?? (signal ? 1 : 0)))
