import { SigningError } from '../../native-signing/index.ts'
import type { Peer, Trust } from './types.ts'

/** What a judge makes of a file that was tampered with. */
export interface Verdict {
  /** It takes every signature for valid. */
  readonly passed: boolean
  /** It broke down instead of judging. */
  readonly fault: string | null
}

/** Our engine refuses a file by its verdict or by an error of its own kind; whatever else it throws is a fault and no refusal. */
export async function verdictOn({ judge }: Peer, file: string, trust: Trust): Promise<Verdict> {
  try {
    const opinions = (await judge?.(file, trust)) ?? []
    return { passed: opinions.length > 0 && opinions.every(({ valid }) => valid), fault: null }
  } catch (error) {
    return { passed: false, fault: error instanceof SigningError ? null : String(error) }
  }
}
