import { readdirSync, readFileSync } from 'node:fs'

/** Children of a process, by what Linux says of its threads. */
export function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap(thread =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    )
  } catch {
    return []
  }
}

/** Largest resident size that the children of this process have had while this was watched, bytes. */
export function watchChildren(): Disposable & { readonly peak: number } {
  let peak = 0
  const look = () => {
    for (const child of childrenOf(process.pid))
      try {
        const most = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))
        peak = Math.max(peak, Number(most?.[1] ?? 0) * 1024)
      } catch {
        // It has just ended.
      }
  }
  const timer = setInterval(look, 10)
  return {
    get peak() {
      return peak
    },
    [Symbol.dispose]: () => clearInterval(timer),
  }
}

/** Whether a process is there, and no zombie. */
export function lives(pid: number): boolean {
  try {
    return !/State:\s+Z/.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
