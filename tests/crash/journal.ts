import { closeSync, fsyncSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const entrySchema = z.discriminatedUnion('what', [
  /** The office answered that this had been done: from then on no crash may undo it. */
  z.strictObject({
    what: z.literal('done'),
    step: z.enum(['received', 'submitted', 'signed', 'sealed', 'withdrawn', 'cancelled', 'delivered', 'archived']),
    copyId: z.string(),
    /** The copy's number in the register, where it has one. */
    number: z.number().nullable(),
    sealedSha256: z.string().nullable(),
  }),
  /** It answered with an error that a crash of something else explains. */
  z.strictObject({ what: z.literal('borne'), step: z.string(), code: z.string() }),
  /** It answered with any other error. */
  z.strictObject({ what: z.literal('unexpected'), step: z.string(), code: z.string(), message: z.string() }),
])
export type Entry = z.infer<typeof entrySchema>
export type Done = Extract<Entry, { what: 'done' }>

/** What the office answered, kept by who was answered, apart from the office. */
export class Journal implements Disposable {
  readonly #file: number

  constructor(folder: string, name: string) {
    this.#file = openSync(join(folder, `${name}-${process.pid}.jsonl`), 'a')
  }

  /** On disk when it returns. */
  write(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`)
    fsyncSync(this.#file)
  }

  [Symbol.dispose](): void {
    closeSync(this.#file)
  }
}

/** All entries of all who wrote; a last line that a kill cut off was answered to nobody. */
export function readJournals(folder: string): readonly Entry[] {
  return readdirSync(folder).flatMap(name => {
    const text = readFileSync(join(folder, name), 'utf8')
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    return whole
      .split('\n')
      .filter(line => line !== '')
      .map(line => entrySchema.parse(JSON.parse(line)))
  })
}
