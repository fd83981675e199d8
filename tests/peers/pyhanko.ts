import { join } from 'node:path'
import { cached, run } from './cache.ts'
import { Helper, opinionsSchema } from './helper.ts'
import type { Peer } from './types.ts'

const VERSION = '0.38.0'

export type Forgery = 'page-contents' | 'overlay' | 'page-added'

export interface PyHanko extends Peer {
  /** Appends an incremental update that no signer agreed to. */
  tamper(input: string, output: string, kind: Forgery): Promise<void>
}

/** pyHanko in a virtual environment of its own. */
export async function startPyHanko(): Promise<PyHanko> {
  const folder = await cached(`pyhanko-${VERSION}`, async place => {
    await run('python3', ['-m', 'venv', place])
    await run(join(place, 'bin', 'pip'), ['install', '--quiet', `pyHanko==${VERSION}`, 'requests'], {
      maxBuffer: 1 << 26,
    })
  })
  const helper = new Helper(join(folder, 'bin', 'python'), [join(import.meta.dirname, 'python', 'peer.py')])
  return {
    name: 'pyHanko',
    processId: helper.processId,
    highestLevel: 'B-T',
    judge: async (file, trust) => opinionsSchema.parse(await helper.ask({ command: 'judge', file, ...trust })),
    async sign({ signer, subFilter, trust, ...order }) {
      const files = { key: signer.key, certificate: signer.certificate }
      await helper.ask({ command: 'sign', ...order, ...files, ...trust, subFilter: `/${subFilter}` })
    },
    async tamper(input, output, kind) {
      await helper.ask({ command: 'tamper', input, output, kind })
    },
    [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
  }
}
