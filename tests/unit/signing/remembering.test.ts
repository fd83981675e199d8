import { expect, test } from 'vitest'
import { remembering } from '../../../native-signing/der/remembering.ts'

function counting(kept?: number) {
  const seen: Uint8Array[] = []
  const work = (bytes: Uint8Array): number => seen.push(bytes)
  return { seen, read: remembering(work, kept) }
}

test('the same bytes are worked on once, wherever they come from', () => {
  const { read, seen } = counting()
  const file = Uint8Array.of(9, 1, 2, 3, 9, 1, 2, 3)
  expect([read(file.subarray(1, 4)), read(file.subarray(5, 8)), read(Uint8Array.of(1, 2))]).toEqual([1, 1, 2])
  expect(seen[0]).toEqual(Uint8Array.of(1, 2, 3))
})

test.each([
  ['bytes', new Uint8Array(1_000_000)],
  ['a buffer, whose slices are no copies', Buffer.alloc(1_000_000)],
])('a result does not keep the whole file in memory that its bytes came from: %s', (_, file) => {
  const { read, seen } = counting()
  read(file.subarray(0, 4))
  expect(seen[0]?.buffer.byteLength).toBe(4)
})

test('of many different ones only the last are kept, those asked for again longest', () => {
  const { read } = counting(2)
  const [a, b, c] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]
  expect([read(a), read(b), read(a), read(c), read(a), read(b)]).toEqual([1, 2, 1, 3, 1, 4])
})

test('what is too long for a certificate is not kept at all', () => {
  const { read } = counting()
  const long = new Uint8Array(100_000)
  expect([read(long), read(long)]).toEqual([1, 2])
})
