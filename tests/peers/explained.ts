/** A difference between a peer and us that was looked into; docs/peers.md says more of each. */
export interface Explanation {
  readonly peer: string
  /** Of the case's name. */
  readonly cases: RegExp
  /** Of what the peer said. */
  readonly detail: RegExp
  readonly why: string
}

export const EXPLANATIONS: readonly Explanation[] = [
  {
    peer: 'pdfsig',
    cases: /^signed by pyHanko · RSA · /,
    detail: /^ChuKy Signature is Valid\. Unknown issue with Certificate/,
    why: "poppler 22.12 cannot judge the certificate of a second signature by the same signer; so too in pyHanko's files",
  },
]

export const explain = (peer: string, name: string, detail: string): Explanation | undefined =>
  EXPLANATIONS.find(one => one.peer === peer && one.cases.test(name) && one.detail.test(detail))
