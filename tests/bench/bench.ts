/**
 * `npm run bench -- [--sizes 1,11] [--runs N] [--batch N] [--copies N] [--office FOLDER] [--only audit|desk|engines|window]`: what signing and verifying cost, side by side with other
 * people's programs, and the main job's costly steps beside a reference, all in one run. Tables go to stderr, one JSON object to stdout:
 * milliseconds, megabytes, and ratios, which alone can be compared between machines.
 */
import { cpus } from 'node:os'
import { inspect, parseArgs } from 'node:util'
import { z } from 'zod'
import { benchAudit } from './audit.ts'
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
    copies: { type: 'string', default: '500' },
    office: { type: 'string' },
    only: { type: 'string' },
  },
})
const options = z
  .object({
    sizes: z.string().transform(text => text.split(',').filter(Boolean).map(Number)),
    runs: z.coerce.number().int().positive().nullable(),
    batch: z.coerce.number().int().nonnegative(),
    copies: z.coerce.number().int().positive(),
    office: z.string().nullable(),
    only: z.enum(['audit', 'desk', 'engines', 'window']).nullable(),
  })
  .parse({ ...values, runs: values.runs ?? null, office: values.office ?? null, only: values.only ?? null })

const say = (line: string) => process.stderr.write(`${line}\n`)
const { sizes, runs, batch: batchFiles, copies, office, only } = options

/** One part that fails takes nothing from the others. */
async function part<Figures>(
  name: NonNullable<typeof only>,
  measure: () => Promise<Figures>,
): Promise<Figures | { readonly error: string } | null> {
  if (only !== null && only !== name) return null
  try {
    return await measure()
  } catch (error) {
    process.exitCode = 1
    say(`${name}: ${inspect(error)}`)
    return { error: String(error) }
  }
}

const engines = await part('engines', () => benchEngines({ sizes, runs, batchFiles, say }))
if (engines && !('error' in engines)) say(otherTables(engines))
const desk = await part('desk', () => benchDesk(say))
const audit = await part('audit', () => benchAudit(copies, office, say))
const window = await part('window', () => benchWindow(say))
const machine = { cpus: cpus().length, model: cpus()[0]?.model ?? '', node: process.version }
process.stdout.write(`${JSON.stringify({ machine, audit, desk, engines, window }, null, 2)}\n`)
