/** A difference between a peer and us that was looked into; docs/peers.md says more of each. */
export interface Explanation {
  readonly peer: string
  /** Of the case's name. */
  readonly cases: RegExp
  /** Of what the peer said. */
  readonly detail: RegExp
  readonly why: string
}

export const EXPLANATIONS: readonly Explanation[] = []

export const explain = (peer: string, name: string, detail: string): Explanation | undefined =>
  EXPLANATIONS.find(one => one.peer === peer && one.cases.test(name) && one.detail.test(detail))
