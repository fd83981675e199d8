/** A work that was begun; its result never fails, a fault is told in it. */
export interface Begun<T> {
  readonly result: Promise<T>
}

/**
 * Results of works that overlap, in the order in which they were begun, each as soon as it is its turn and the next was begun. Who stops early
 * waits for those under way.
 * @param works begins one work each time it is asked
 * @param most so many are under way while the next is begun
 */
export async function* overlapping<T>(works: AsyncGenerator<Begun<T>>, most: number): AsyncGenerator<T> {
  const waiting: { readonly result: Promise<T>; isOver: boolean }[] = []
  try {
    for await (const { result } of works) {
      const entry = { result, isOver: false }
      waiting.push(entry)
      result.then(() => {
        entry.isOver = true
      })
      while (waiting[0]?.isOver || waiting.length > most) {
        const first = waiting.shift()
        if (first) yield await first.result
      }
    }
    for (let next = waiting.shift(); next; next = waiting.shift()) yield await next.result
  } finally {
    await Promise.all(waiting.map(({ result }) => result))
  }
}
