import type { AuditService } from '../office/service.ts'

export interface DailyAnchorParts {
  readonly audit: Pick<AuditService, 'anchorDaily'>
  readonly officeId: string
  readonly onFault: (error: unknown) => void
  /** Milliseconds until it is looked for the first time: not while the window comes up. */
  readonly first: number
  /** Milliseconds between two looks. */
  readonly every: number
}

/** Lets the time-stamp authority witness the journal's end once a day while the program runs; where the authority is away, at the next look. */
export function startDailyAnchor({ audit, officeId, onFault, first, every }: DailyAnchorParts): AsyncDisposable {
  const stop = new AbortController()
  let looking = Promise.resolve()
  let timer = setTimeout(look, first)
  function look() {
    looking = audit
      .anchorDaily(officeId, stop.signal)
      .then(
        () => {},
        (error: unknown) => {
          if (!stop.signal.aborted) onFault(error)
        },
      )
      .finally(() => {
        if (!stop.signal.aborted) timer = setTimeout(look, every)
      })
  }
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      clearTimeout(timer)
      await looking
    },
  }
}
