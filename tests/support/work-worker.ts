import { parentPort } from 'node:worker_threads'
import { z } from 'zod'

/** A worker that does as it is told: `answer` once, `fail`, `crash`, `exit`, `hang` heeding nothing, `wait` until it is stopped. */

const messageSchema = z.object({ id: z.int(), kind: z.enum(['begin', 'stop']), work: z.string().optional() })
const waiting = new Set<number>()

parentPort?.on('message', message => {
  const { id, kind, work } = messageSchema.parse(message)
  const say = (answer: object) => parentPort?.postMessage({ id, ...answer })
  if (kind === 'stop') {
    if (waiting.delete(id)) say({ kind: 'done' })
    return
  }
  switch (work) {
    case 'fail':
      return say({ kind: 'failed', code: 'pdf-password-wrong', parameters: {}, message: 'wrong' })
    case 'crash':
      throw new Error('crashed')
    case 'exit':
      return process.exit(1)
    case 'hang':
      for (;;);
    case 'wait':
      return waiting.add(id)
    default:
      say({ kind: 'item', item: work })
      return say({ kind: 'done' })
  }
})
