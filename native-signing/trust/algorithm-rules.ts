import { z } from 'zod'
import rulesOfTheLand from '../../resources/signing/algorithms.json' with { type: 'json' }
import { HASH_NAMES } from '../cms/algorithms.ts'
import type { AlgorithmUse } from '../path/signature.ts'

/** First day on which it is no longer relied on; null while none is known. */
const untilSchema = z.iso
  .date()
  .transform(day => new Date(`${day}T00:00:00Z`))
  .nullable()

const ruleSchema = { until: untilSchema, source: z.string(), note: z.string().optional() }

const rulesSchema = z
  .strictObject({
    /** Name → title of the text that the rules rest on. */
    sources: z.record(z.string(), z.string().min(1)),
    hashes: z.array(z.strictObject({ name: z.enum(Object.values(HASH_NAMES)), ...ruleSchema })),
    /** Of the rules of a kind, the one with the most bits that a key reaches holds for it. */
    keys: z.array(
      z.strictObject({ kind: z.enum(['RSA', 'DSA', 'EC', 'EdDSA']), fromBits: z.int().positive(), ...ruleSchema }),
    ),
  })
  .refine(
    ({ sources, hashes, keys }) => [...hashes, ...keys].every(({ source }) => source in sources),
    'a rule names a source that is not listed',
  )

/** Until when algorithms and key lengths are relied on, as data (`resources/signing/algorithms.json`). */
export type AlgorithmRules = z.output<typeof rulesSchema>

/** @throws ZodError */
export function parseAlgorithmRules(data: unknown): AlgorithmRules {
  return rulesSchema.parse(data)
}

/** The rules that come with the program. */
export const ALGORITHM_RULES: AlgorithmRules = parseAlgorithmRules(rulesOfTheLand)

/** The weaker of hash and key, and since when it is not relied on any more. */
export interface AlgorithmVerdict {
  /** As people name it: SHA-1, RSA 1024, secp192k1. */
  readonly weakest: string
  /** Null while no end is known; the beginning of time for what no rule accepts. */
  readonly until: Date | null
}

const NEVER = new Date(0)
const KEY_KINDS = { 'RSA-PKCS1': 'RSA', 'RSA-PSS': 'RSA', ECDSA: 'EC', DSA: 'DSA', EdDSA: 'EdDSA' } as const

/** How long signatures of that making are relied on. */
export function judgeAlgorithm(use: AlgorithmUse, rules: AlgorithmRules = ALGORITHM_RULES): AlgorithmVerdict {
  const key = judgeKey(use, rules)
  if (use.hash === null) return key
  const name = HASH_NAMES[use.hash]
  const rule = rules.hashes.find(each => each.name === name)
  const hash = { weakest: name, until: rule ? rule.until : NEVER }
  return endOf(hash) < endOf(key) ? hash : key
}

function judgeKey({ scheme, keyBits, curve }: AlgorithmUse, rules: AlgorithmRules): AlgorithmVerdict {
  const kind = KEY_KINDS[scheme]
  const bits = keyBits ?? curveBits(curve ?? '')
  const rule = rules.keys
    .filter(each => each.kind === kind && each.fromBits <= bits)
    .reduce<AlgorithmRules['keys'][number] | null>(
      (best, each) => (best && best.fromBits > each.fromBits ? best : each),
      null,
    )
  return { weakest: keyBits === null ? (curve ?? kind) : `${kind} ${keyBits}`, until: rule ? rule.until : NEVER }
}

/** Length of a curve's field as its name says: prime256v1, secp521r1, brainpoolP384r1; the Edwards curves by their primes. */
function curveBits(curve: string): number {
  if (curve === 'ed25519') return 255
  return Number(/\d{3}/.exec(curve)?.[0] ?? 0)
}

const endOf = ({ until }: AlgorithmVerdict): number => until?.getTime() ?? Number.POSITIVE_INFINITY

/** Whether signatures of that making may be relied on when they existed at `at`. */
export function isReliable(use: AlgorithmUse, at: Date, rules: AlgorithmRules = ALGORITHM_RULES): boolean {
  return at.getTime() < endOf(judgeAlgorithm(use, rules))
}
