import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const lockSchema = z.strictObject({ pid: z.int().positive(), started: z.string().min(1) })

/**
 * When a process was started, as the kernel tells it: with its number it is one process and no later one. Null: there is none, or no /proc.
 */
function startOf(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // The second field, a name in brackets, may hold spaces and brackets itself; the start is the 22nd (proc_pid_stat(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')
    return fields?.[19] === undefined ? null : `${boot} ${fields[19]}`
  } catch {
    return null
  }
}

/**
 * A file with our process in it. Where the process of that file still runs it is woken by SIGUSR2; another one that has its number by now is
 * left alone.
 * @returns false: the program runs already
 */
export function takeSingleInstanceLock(file: string, say: (word: string) => void): boolean {
  mkdirSync(dirname(file), { recursive: true })
  const ours = JSON.stringify({ pid: process.pid, started: startOf(process.pid) ?? 'unknown' })
  for (;;) {
    try {
      writeFileSync(file, ours, { flag: 'wx' })
      return true
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      if (wake(file)) {
        say('The program is open already; its window comes to the front.')
        return false
      }
      rmSync(file, { force: true })
    }
  }
}

function wake(file: string): boolean {
  const lock = lockSchema.safeParse(readLock(file)).data
  if (!lock || startOf(lock.pid) !== lock.started) return false
  try {
    return process.kill(lock.pid, 'SIGUSR2')
  } catch {
    return false
  }
}

function readLock(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
