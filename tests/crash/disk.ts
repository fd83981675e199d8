import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'

/** A small disk of its own that can be full, or read-only. */
export interface Disk extends Disposable {
  /** Leaves so many kilobytes of room. */
  fill(kilobytes: number): void
  /** Nothing that has a file open for writing may run. */
  stopWriting(): void
  /** As it was: room enough, and written to. */
  mend(): void
}

const ROOM = 'size=2g'

/** Mounts a disk in the folder. @returns why not, where mounting is not allowed */
export function smallDisk(folder: string): Disk | string {
  mkdirSync(folder, { recursive: true })
  const mount = (options: string, ...more: readonly string[]) =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', options, ...more, 'tmpfs', folder], { encoding: 'utf8' })
  const mounted = mount(ROOM)
  if (mounted.status !== 0) return mounted.error?.message ?? mounted.stderr.trim()
  const remount = (options: string) => execFileSync('mount', ['-o', `remount,${options}`, folder], { stdio: 'pipe' })
  const fill = (kilobytes: number, tries = 100): void => {
    const { blocks, bfree, bsize } = statfsSync(folder)
    try {
      remount(`size=${Math.ceil(((blocks - bfree) * bsize) / 1024) + kilobytes}k`)
    } catch (error) {
      // somebody has just written more than was left
      if (tries === 1) throw error
      fill(kilobytes, tries - 1)
    }
  }
  return {
    fill: kilobytes => fill(kilobytes),
    stopWriting: () => remount('ro'),
    mend: () => remount(`rw,${ROOM}`),
    [Symbol.dispose]: () => execFileSync('umount', ['--lazy', folder]),
  }
}
