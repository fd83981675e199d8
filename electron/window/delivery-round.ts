import type { ChangeFeed } from '../api/changes.ts'

export interface DeliveryRoundParts {
  readonly changes: ChangeFeed
  /** Sends what is due. @returns how many deliveries changed */
  readonly deliver: (signal: AbortSignal) => Promise<number>
  readonly onFault: (error: unknown) => void
  /** Milliseconds between two rounds without any news. */
  readonly every: number
  /** Milliseconds to wait at the start, and after a change, so that a batch of seals starts one round. */
  readonly settle: number
}

/** Sends sealed copies by itself: soon after a change, and again and again for those that must wait. One round at a time. */
export function startDeliveryRounds({ changes, deliver, onFault, every, settle }: DeliveryRoundParts): AsyncDisposable {
  const stop = new AbortController()
  const rounds = async () => {
    const news = changes.follow(stop.signal)
    let next = news.next()
    // not while the window comes up
    await pause(settle, stop.signal)
    while (!stop.signal.aborted) {
      try {
        if ((await deliver(stop.signal)) > 0) changes.tell({ subject: 'copies' })
      } catch (error) {
        if (!stop.signal.aborted) onFault(error)
      }
      const heard = await Promise.race([next.then(() => true), pause(every, stop.signal).then(() => false)])
      await pause(settle, stop.signal)
      // what was not heard is asked already: a second question would wait behind the first
      if (heard) next = news.next()
    }
  }
  const done = rounds()
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await done
    },
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end, { once: true })
    function end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}
