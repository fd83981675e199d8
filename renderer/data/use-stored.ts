import { useCallback, useState } from 'react'

/** A choice of this PC's window (profile of the scanner, keys on or off); nothing of the office's work. */
export function useStored<Value>(
  name: string,
  parse: (stored: unknown) => Value,
): readonly [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => parse(read(name)))
  const store = useCallback(
    (next: Value) => {
      localStorage.setItem(name, JSON.stringify(next))
      setValue(next)
    },
    [name],
  )
  return [value, store]
}

function read(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null')
  } catch {
    // Not written by this program: as if nothing were stored.
    return null
  }
}
