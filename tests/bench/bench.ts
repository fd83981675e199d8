/**
 * `npm run bench -- [--sizes 1,11] [--runs N] [--batch N] [--only desk|engines|window]`: what signing and verifying cost, side by side with other
 * people's programs, and the main job's costly steps beside a reference, all in one run. Tables go to stderr, one JSON object to stdout:
 * milliseconds, megabytes, and ratios, which alone can be compared between machines.
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { benchDesk } from './desk.ts'
import { benchEngines } from './engines.ts'
import { SCANS } from './scans.ts'
import { otherTables } from './table.ts'
import { benchWindow } from './window.ts'

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: SCANS.map(({ megabytes }) => megabytes).join(',') },
    runs: { type: 'string' },
    batch: { type: 'string', default: '200' },
    only: { type: 'string' },
  },
})
const options = z
  .object({
    sizes: z.string().transform(text => text.split(',').filter(Boolean).map(Number)),
    runs: z.coerce.number().int().positive().nullable(),
    batch: z.coerce.number().int().nonnegative(),
    only: z.enum(['desk', 'engines', 'window']).nullable(),
  })
  .parse({ ...values, runs: values.runs ?? null, only: values.only ?? null })

const say = (line: string) => process.stderr.write(`${line}\n`)
const { sizes, runs, batch: batchFiles, only } = options
const wanted = (part: typeof only) => only === null || only === part
const engines = wanted('engines') ? await benchEngines({ sizes, runs, batchFiles, say }) : null
if (engines) say(otherTables(engines))
const desk = wanted('desk') ? await benchDesk(say) : null
const window = wanted('window') ? await benchWindow(say) : null
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version }
process.stdout.write(`${JSON.stringify({ machine, ...(desk ?? {}), engines, window }, null, 2)}\n`)
