import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { replaceDurably, writeStreamDurably } from '../files.ts'
import type { ReleaseTarget } from './release.ts'

/** How this program came onto the PC, and how a newer one takes its place. */
export interface Installation {
  readonly target: ReleaseTarget
  /** Takes the bytes as they are judged: what is put in place is what was hashed. @throws what `program` throws; then all is as before */
  renew(program: AsyncIterable<Uint8Array>): Promise<void>
}

interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly arch: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where a Windows installer may lie until it has run. */
  readonly folder: string
}

/** Null where the program does not renew itself: a package of the system, a portable program, another processor. */
export function installationHere({ platform, arch, environment, folder }: Surroundings): Installation | null {
  if (arch !== 'x64') return null
  const image = environment['APPIMAGE']
  if (platform === 'linux' && image !== undefined)
    return { target: 'linux-x64-appimage', renew: program => renewImage(image, program) }
  if (platform === 'win32' && environment['PORTABLE_EXECUTABLE_FILE'] === undefined)
    return { target: 'windows-x64-installer', renew: program => runInstaller(join(folder, 'setup.exe'), program) }
  return null
}

/** The running program keeps the old file open; the next start takes the new one. */
async function renewImage(image: string, program: AsyncIterable<Uint8Array>): Promise<void> {
  const { mode } = await stat(image)
  await replaceDurably(image, async file => {
    for await (const chunk of program) await file.writeFile(chunk)
    await file.chmod(mode & 0o777)
  })
}

/** NSIS as electron-builder makes it: silent, as an update, into the folder of the old one. */
async function runInstaller(file: string, program: AsyncIterable<Uint8Array>): Promise<void> {
  await writeStreamDurably(file, program)
  const installer = spawn(file, ['--updated', '/S'], { cwd: dirname(file), detached: true, stdio: 'ignore' })
  await once(installer, 'spawn')
  installer.unref()
}
