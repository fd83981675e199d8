import { z } from 'zod'

/** Faults of the sandbox portal: what a real portal, its gateway and its firewall do to a client on a bad day. */

const ENDPOINTS = [
  'token',
  'next-number',
  'upload',
  'create',
  'progress',
  'status',
  'lookup',
  'cancel',
  'store-login',
  'store-list',
  'store-file',
] as const

export type Endpoint = (typeof ENDPOINTS)[number]

const faultSchema = z.strictObject({
  /** What the client gets instead of the answer; `normal` only delays. `hang` never answers, `not-found` knows no such operation. */
  answer: z.enum(['normal', 'drop', 'hang', 'unauthorized', 'bad-gateway', 'html', 'duplicate', 'not-found']),
  /** Whether the portal does what was asked all the same: the answer is lost, the deed is not. */
  accepted: z.boolean().default(false),
  delayMilliseconds: z.int().min(0).default(0),
})

export type Fault = z.infer<typeof faultSchema>

/** Asked once per request; `call` counts the requests to this endpoint from 1. */
export type FaultPlan = (endpoint: Endpoint, call: number) => Fault | null

export const faultListSchema = z.array(
  z.strictObject({ endpoint: z.enum(ENDPOINTS), call: z.int().positive(), fault: faultSchema }),
)

export const noFaults: FaultPlan = () => null

/** Faults at exactly the listed calls. */
export function listedFaults(list: z.infer<typeof faultListSchema>): FaultPlan {
  return (endpoint, call) => list.find(entry => entry.endpoint === endpoint && entry.call === call)?.fault ?? null
}

/**
 * A share of all calls meets with an accident, the same ones for the same random numbers.
 * @param random in [0, 1), drawn twice a call
 */
export function randomFaults(random: () => number, share: number, kinds: readonly Fault[]): FaultPlan {
  return () => {
    const hit = random() < share
    return (hit ? kinds[Math.floor(random() * kinds.length)] : undefined) ?? null
  }
}
