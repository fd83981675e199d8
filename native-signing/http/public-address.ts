import { BlockList, isIP } from 'node:net'

/** What is not reached over the public internet (IANA's special-purpose registry, RFC 6890). */
const SPECIAL_IPV4 = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  SPECIAL_IPV4.addSubnet(network, prefix, 'ipv4')

/** Within 2000::/3, the only space that is given out, what is not a host of the internet. */
const SPECIAL_IPV6 = new BlockList()
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['3fff::', 20],
] as const)
  SPECIAL_IPV6.addSubnet(network, prefix, 'ipv6')

const GLOBAL_IPV6 = new BlockList()
GLOBAL_IPV6.addSubnet('2000::', 3, 'ipv6')

/** Forms of IPv6 that carry an IPv4 address, and at which of the eight groups it stands: mapped, NAT64 (RFC 6052), 6to4. */
const CARRYING_IPV4: readonly (readonly [groups: readonly number[], at: number])[] = [
  [[0, 0, 0, 0, 0, 0xffff], 6],
  [[0x64, 0xff9b, 0, 0, 0, 0], 6],
  [[0x2002], 1],
]

/** Whether an IP address is one of the public internet: not private, loopback, link-local, multicast or otherwise reserved, in any spelling. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !SPECIAL_IPV4.check(address, 'ipv4')
  // one with a zone is link-local
  if (family !== 6 || address.includes('%')) return false
  const groups = groupsOf(address)
  for (const [start, at] of CARRYING_IPV4) {
    if (!start.every((group, index) => groups[index] === group)) continue
    const carried = [groups[at] ?? 0, groups[at + 1] ?? 0].flatMap(group => [group >> 8, group & 0xff])
    return isPublicAddress(carried.join('.'))
  }
  return GLOBAL_IPV6.check(address, 'ipv6') && !SPECIAL_IPV6.check(address, 'ipv6')
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): readonly number[] {
  // URL writes every spelling in one way, an IPv4 tail too
  const [left = '', right] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const numbers = (text: string) => (text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16)))
  const [head, tail] = [numbers(left), numbers(right ?? '')]
  return right === undefined ? head : [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
}
