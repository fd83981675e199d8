import type { PathCertificate } from './certificate.ts'

export const ANY_POLICY = '2.5.29.32.0'

interface PolicyNode {
  readonly policy: string
  readonly parents: readonly PolicyNode[]
  readonly expected: ReadonlySet<string>
}
type Level = ReadonlyMap<string, PolicyNode>

/**
 * The valid policies of the path so far, one level for each certificate. RFC 9618 §5 puts this graph in place of RFC 5280's tree: the
 * answers are the same, but certificates made on purpose cannot make it grow without bounds. `null`: no policy is valid any more.
 */
export type PolicyGraph = readonly Level[] | null

const ANY_ONLY: ReadonlySet<string> = new Set([ANY_POLICY])

/** RFC 9618 §5.2. */
export function initialPolicyGraph(): PolicyGraph {
  return [new Map([[ANY_POLICY, { policy: ANY_POLICY, parents: [], expected: ANY_ONLY }]])]
}

/**
 * Takes a certificate's policies in (RFC 9618 §5.4, steps (d) and (e)).
 * @param anyPolicyCounts whether anyPolicy in the certificate still stands for every policy
 */
export function addPolicies(
  graph: PolicyGraph,
  { policies }: Pick<PathCertificate, 'policies'>,
  anyPolicyCounts: boolean,
): PolicyGraph {
  const last = graph?.at(-1)
  if (!graph || !last || !policies) return null
  const expectedBy = new Map<string, PolicyNode[]>()
  for (const node of last.values()) {
    for (const policy of node.expected) {
      const nodes = expectedBy.get(policy)
      if (nodes) nodes.push(node)
      else expectedBy.set(policy, [node])
    }
  }
  const level = new Map<string, PolicyNode>()
  const add = (policy: string, parents: readonly PolicyNode[]) =>
    level.set(policy, { policy, parents, expected: new Set([policy]) })
  const any = last.get(ANY_POLICY)
  for (const policy of policies) {
    if (policy === ANY_POLICY) continue
    const parents = expectedBy.get(policy) ?? (any ? [any] : null)
    if (parents) add(policy, parents)
  }
  if (policies.has(ANY_POLICY) && anyPolicyCounts) {
    for (const [policy, parents] of expectedBy) if (!level.has(policy)) add(policy, parents)
  }
  return prune([...graph, level])
}

/** Policy mappings of a certificate that is not the last (RFC 9618 §5.5, step (b)). */
export function mapPolicies(
  graph: PolicyGraph,
  mappings: ReadonlyMap<string, ReadonlySet<string>>,
  mappingAllowed: boolean,
): PolicyGraph {
  const last = graph?.at(-1)
  if (!graph || !last) return null
  const level = new Map(last)
  const any = last.get(ANY_POLICY)
  for (const [policy, expected] of mappings) {
    const node = last.get(policy)
    if (!mappingAllowed) level.delete(policy)
    else if (node) level.set(policy, { ...node, expected })
    else if (any) level.set(policy, { policy, parents: any.parents, expected })
  }
  return prune([...graph.slice(0, -1), level])
}

/** Takes away what no later level builds on. */
function prune(levels: readonly Level[]): PolicyGraph {
  const pruned = [...levels]
  for (let index = pruned.length - 1; index > 0; index--) {
    const level = pruned[index]
    const above = pruned[index - 1]
    if (!level || level.size === 0 || !above) return null
    const used = new Set([...level.values()].flatMap(node => node.parents))
    if (used.size === above.size) break
    pruned[index - 1] = new Map([...above].filter(([, node]) => used.has(node)))
  }
  return pruned
}

/** Policies that the authorities of the path grant, in the trust anchor's terms (RFC 9618 §5.6, steps (g)(1)–(4)). */
export function authorityPolicies(graph: PolicyGraph): ReadonlySet<string> {
  const granted = new Set<string>()
  for (const level of graph ?? []) {
    for (const { policy, parents } of level.values())
      if (policy !== ANY_POLICY && parents.length === 1 && parents[0]?.policy === ANY_POLICY) granted.add(policy)
  }
  if (graph?.at(-1)?.has(ANY_POLICY)) granted.add(ANY_POLICY)
  return granted
}

/** Those of them that the user accepts too (RFC 9618 §5.6, steps (g)(5) and (6)). */
export function userPolicies(granted: ReadonlySet<string>, accepted: ReadonlySet<string>): ReadonlySet<string> {
  if (accepted.has(ANY_POLICY)) return granted
  return granted.has(ANY_POLICY) ? accepted : new Set([...granted].filter(policy => accepted.has(policy)))
}
