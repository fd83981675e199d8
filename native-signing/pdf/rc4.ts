/**
 * RC4, for reading and adding to files that were encrypted long ago (ISO 32000-1 §7.6.2); OpenSSL has put it aside. Encrypting and
 * decrypting are the same. It protects nothing any more: that is the file's choice, not ours.
 */
export function rc4(key: Uint8Array, data: Uint8Array): Uint8Array {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index)
  const at = (index: number): number => state[index & 255] ?? 0
  const swap = (one: number, other: number): void => {
    const kept = at(one)
    state[one & 255] = at(other)
    state[other & 255] = kept
  }
  for (let index = 0, other = 0; index < 256; index++) {
    other = (other + at(index) + (key[index % key.length] ?? 0)) & 255
    swap(index, other)
  }
  const out = new Uint8Array(data.length)
  for (let index = 0, one = 0, other = 0; index < data.length; index++) {
    one = (one + 1) & 255
    other = (other + at(one)) & 255
    swap(one, other)
    out[index] = (data[index] ?? 0) ^ at(at(one) + at(other))
  }
  return out
}
