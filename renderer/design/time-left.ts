/**
 * Seconds that work will still take if it goes on as so far; null while too little is known to say.
 * @param done units done, fractions allowed
 * @param elapsedMs since the start
 */
export function timeLeft(done: number, total: number, elapsedMs: number): number | null {
  if (done <= 0 || elapsedMs < 500 || total <= 0) return null
  return Math.max(0, ((total - done) * elapsedMs) / done / 1000)
}
