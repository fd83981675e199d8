import { ApiError } from './errors.ts'

/** Long work of one window, so that it can be ended in order. */
export class Jobs {
  readonly #running = new Map<string, AbortController>()

  /**
   * Runs `work` under this id; its signal aborts when the page cancels the job, goes away, or the window closes.
   * @throws ApiError job-running-already
   */
  async *run<News>(
    jobId: string,
    gone: AbortSignal | undefined,
    work: (signal: AbortSignal) => AsyncIterable<News>,
  ): AsyncGenerator<News> {
    if (this.#running.has(jobId)) throw new ApiError('job-running-already')
    const controller = new AbortController()
    this.#running.set(jobId, controller)
    try {
      yield* work(gone ? AbortSignal.any([gone, controller.signal]) : controller.signal)
    } finally {
      this.#running.delete(jobId)
    }
  }

  /** As `run`, for work that answers once. @throws ApiError job-running-already */
  async once<Answer>(jobId: string, work: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const job = this.run(jobId, undefined, async function* (signal) {
      yield await work(signal)
    })
    for await (const answer of job) return answer
    throw new Error('a job of one answer gave none')
  }

  /** True when such a job was running. */
  cancel(jobId: string): boolean {
    const controller = this.#running.get(jobId)
    controller?.abort()
    return controller !== undefined
  }

  cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort()
  }
}
