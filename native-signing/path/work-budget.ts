/** Judging took more work than any honest set of certificates needs. */
export class WorkLimitExceeded extends Error {
  constructor() {
    super('work limit exceeded')
    this.name = 'WorkLimitExceeded'
  }
}

/** Steps that one validation may take: hostile certificates must not keep us busy. */
export class WorkBudget {
  #left: number

  constructor(steps: number) {
    this.#left = steps
  }

  /** @throws WorkLimitExceeded */
  spend(steps = 1): void {
    this.#left -= steps
    if (this.#left < 0) throw new WorkLimitExceeded()
  }
}
