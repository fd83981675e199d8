/** Longer things are not kept: nothing that a hostile file brings may fill the memory. */
const MAXIMUM_BYTES = 16 * 1024

/**
 * The same pure work, its last results kept by content: the few certificates and keys of an office come again with every file.
 * @param work must not change its argument, and gives results that nobody changes
 */
export function remembering<T>(work: (bytes: Uint8Array) => T, kept = 100): (bytes: Uint8Array) => T {
  const results = new Map<string, { readonly result: T }>()
  return bytes => {
    if (bytes.length > MAXIMUM_BYTES) return work(bytes)
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    // a copy: a view, as Buffer's slices are too, would keep the whole file that it came from
    const entry = results.get(content) ?? { result: work(new Uint8Array(bytes)) }
    results.delete(content)
    results.set(content, entry)
    for (const oldest of results.keys()) {
      if (results.size <= kept) break
      results.delete(oldest)
    }
    return entry.result
  }
}
