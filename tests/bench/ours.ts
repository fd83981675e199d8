import { Helper, opinionsSchema } from '../peers/helper.ts'
import type { Peer, SignerFiles, SigningOrder, Trust } from '../peers/types.ts'

export interface OurEngine extends Peer {
  /** Copy, SHA-256 of the file, one operation of the key. */
  limit(input: string, output: string, tokenMilliseconds?: number): Promise<void>
  /** As `sign`, with a token that takes so long. */
  signBehind(tokenMilliseconds: number, files: Pick<SigningOrder, 'input' | 'output' | 'field'>): Promise<void>
  /** Signs all in one batch with a token that takes so long for each; the outputs are removed again. @returns how many were signed */
  batch(inputs: readonly string[], outputs: readonly string[], tokenMilliseconds: number): Promise<unknown>
  /** The token alone. */
  token(times: number, tokenMilliseconds: number): Promise<unknown>
}

/** Our engine in a process of its own, so that its memory and start are seen as those of the others are. @param image of a visible mark */
export function startOurs({ keyStore, password }: SignerFiles, trust: Trust, image: string | null): OurEngine {
  const start = JSON.stringify({ keyStore, password, ...trust, image })
  const helper = new Helper(process.execPath, [`${import.meta.dirname}/ours-process.ts`, start])
  return {
    name: 'ours',
    processId: helper.processId,
    judge: async file => opinionsSchema.parse(await helper.ask({ command: 'judge', file })),
    async sign({ input, output, field }) {
      await helper.ask({ command: 'sign', input, output, field, tokenMilliseconds: 0 })
    },
    async signBehind(tokenMilliseconds, { input, output, field }) {
      await helper.ask({ command: 'sign', input, output, field, tokenMilliseconds })
    },
    async limit(input, output, tokenMilliseconds = 0) {
      await helper.ask({ command: 'limit', input, output, tokenMilliseconds })
    },
    batch: (inputs, outputs, tokenMilliseconds) => helper.ask({ command: 'batch', inputs, outputs, tokenMilliseconds }),
    token: (times, tokenMilliseconds) => helper.ask({ command: 'token', times, tokenMilliseconds }),
    [Symbol.asyncDispose]: () => helper[Symbol.asyncDispose](),
  }
}
