import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createHttpClient, isPublicAddress } from '../../../native-signing/http/index.ts'

/** First and last address of what is not the public internet. */
const PRIVATE_RANGES = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['224.0.0.0', '255.255.255.255'],
] as const

const numberOf = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const dotted = (value: number) => [24, 16, 8, 0].map(shift => (value >>> shift) & 0xff).join('.')
const hex = (value: number) => `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`

/** The ways in which IPv6 carries an IPv4 address. */
const carried = (value: number) => [
  `::ffff:${dotted(value)}`,
  `::FFFF:${hex(value)}`,
  `0:0:0:0:0:ffff:${hex(value)}`,
  `64:ff9b::${dotted(value)}`,
  `2002:${hex(value)}::1`,
]

describe('an address of the public internet', () => {
  for (const [first, last] of PRIVATE_RANGES)
    test(`is none in ${first}–${last}, in no spelling`, () => {
      const inside = fc.integer({ min: numberOf(first), max: numberOf(last) })
      fc.assert(
        fc.property(inside, value => {
          for (const address of [dotted(value), ...carried(value)])
            expect([address, isPublicAddress(address)]).toEqual([address, false])
        }),
        { examples: [[numberOf(first)], [numberOf(last)]] },
      )
      for (const outside of [numberOf(first) - 1, numberOf(last) + 1]) {
        if (PRIVATE_RANGES.some(([a, b]) => outside >= numberOf(a) && outside <= numberOf(b))) continue
        if (outside < 0 || outside > 0xffffffff) continue
        for (const address of [dotted(outside), ...carried(outside)])
          expect([address, isPublicAddress(address)]).toEqual([address, true])
      }
    })

  test.each([
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'febf:ffff::1',
    'fc00::1',
    'fdff:ffff:ffff::1',
    'ff02::1',
    '::127.0.0.1',
    '64:ff9b:1::8.8.8.8',
    '100::1',
    '2001:db8::1',
    '2001::1',
    'localhost',
    '',
  ])('is not %s', address => {
    expect(isPublicAddress(address)).toBe(false)
  })

  test.each(['8.8.8.8', '203.162.0.181', '2001:4860:4860::8888', '2405:4800::1', '::ffff:8.8.8.8'])(
    'is %s',
    address => {
      expect(isPublicAddress(address)).toBe(true)
    },
  )
})

test.each([
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0x7f.1/',
  'http://017700000001/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://127.0.0.1./',
  'http://[::ffff:127.0.0.1]/',
  'http://[::1]/',
  'http://[64:ff9b::a00:1]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://user:password@10.0.0.1/',
  'http://localhost/',
  'https://localhost/',
  'http://8.8.8.8:9199/',
  'https://8.8.8.8:22/',
  'file:///etc/passwd',
  'ftp://8.8.8.8/',
  'data:text/plain,x',
  'no address',
])('a client for strangers’ addresses does not ask %s', async url => {
  const http = createHttpClient({ onlyPublic: true, environment: {} })
  await expect(http({ url, timeout: 10_000, maximumBytes: 10 })).rejects.toMatchObject({ kind: 'address-refused' })
})
