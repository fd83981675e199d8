import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { resourcePath } from './resources.ts'

/** Version of this program, as its package says. */
export function programVersion(): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(resourcePath('..', 'package.json'), 'utf8')))
    .version
}
