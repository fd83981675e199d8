import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { writeFileDurably } from '../files.ts'

const programStateSchema = z.object({
  language: z.enum(['vi', 'en']).default('vi'),
  /** Folder on the net with newer programs, named by the administration; null: updates come another way. */
  updateFeed: z
    .url({ protocol: /^https$/ })
    .nullable()
    .default(null),
  /** The practice office was left on purpose: it no longer opens by itself. */
  practiceLeft: z.boolean().default(false),
})

/** What this person's program remembers beside any office. */
export type ProgramState = z.infer<typeof programStateSchema>

/** A damaged or missing file counts as a first start: nothing in it is worth a fault. */
export async function readProgramState(file: string): Promise<ProgramState> {
  try {
    return programStateSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return programStateSchema.parse({})
  }
}

export const writeProgramState = (file: string, state: ProgramState): Promise<void> =>
  writeFileDurably(file, `${JSON.stringify(state, null, 2)}\n`)
