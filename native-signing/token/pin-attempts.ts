import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

/** Remembers how many logins in a row failed on a token, for tokens that do not say so themselves. Holds serial numbers, never PINs. */
export interface PinAttempts {
  failures(token: string): number
  remember(token: string, failures: number): void
}

/** Remembers as long as the program runs. */
export function memoryPinAttempts(): PinAttempts {
  const counts = new Map<string, number>()
  return {
    failures: token => counts.get(token) ?? 0,
    remember: (token, failures) => void counts.set(token, failures),
  }
}

const countsSchema = z.record(z.string(), z.int().nonnegative())

/** Remembers in a file, so that a restart does not forget a wrong PIN. @throws when the file is there and is not what was written */
export function filePinAttempts(file: string): PinAttempts {
  const read = (): Readonly<Record<string, number>> => {
    try {
      return countsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
      throw error
    }
  }
  return {
    failures: token => read()[token] ?? 0,
    remember: (token, failures) => {
      mkdirSync(dirname(file), { recursive: true })
      const next = `${file}.${process.pid}.new`
      writeFileSync(next, JSON.stringify({ ...read(), [token]: failures }), { flush: true })
      renameSync(next, file)
    },
  }
}
