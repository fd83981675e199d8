// The command that starts the built desktop program: Electron's binary where it is there, else Node with the stand-in on Chromium.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Electron's binary as its package has it, without asking the net for it; null where there is none. */
export function electronBinary() {
  const folder = join(root, 'node_modules', 'electron')
  const name = join(folder, 'path.txt')
  if (!existsSync(name)) return null
  const binary = join(process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist'), readFileSync(name, 'utf8'))
  return existsSync(binary) ? binary : null
}

/**
 * The packaged program of `scripts/package-check.mjs` where DESK_PACKAGED_PROGRAM names it, else the one built from the sources.
 * @returns {{ file: string, args: string[], standIn: boolean }}
 */
export function desktopCommand(args = []) {
  const packaged = process.env.DESK_PACKAGED_PROGRAM
  if (packaged) return { file: packaged, args: [...args], standIn: true }
  const electron = electronBinary()
  if (electron) return { file: electron, args: [root, ...args], standIn: false }
  const standIn = join(root, 'dist', 'stand-in', 'register.js')
  const main = join(root, 'dist', 'app', 'electron', 'main.js')
  return { file: process.execPath, args: ['--import', standIn, main, ...args], standIn: true }
}
