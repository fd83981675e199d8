import { run } from './cache.ts'
import type { Peer } from './types.ts'

/** `qpdf --check`: is it a sound PDF, without a warning. */
export async function startQpdf(): Promise<Peer> {
  await run('qpdf', ['--version'])
  return {
    name: 'qpdf',
    async check(file) {
      try {
        await run('qpdf', ['--check', file])
        return null
      } catch (error) {
        const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
        return (output || String(error)).trim().replaceAll('\n', '; ').slice(0, 300)
      }
    },
    async [Symbol.asyncDispose]() {
      // nothing stays behind
    },
  }
}
