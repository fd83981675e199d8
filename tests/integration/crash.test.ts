import { expect, it } from 'vitest'
import { z } from 'zod'
import { VICTIMS } from '../crash/victims.ts'
import { runScript } from '../support/ctdesk.ts'

const foundSchema = z.looseObject({
  disk: z.string(),
  victims: z.record(z.string(), z.number()),
  numbers: z.number(),
  answers: z.number(),
  problems: z.array(z.string()),
  restored: z.record(z.string(), z.looseObject({ numbersGivenTwice: z.number() })),
})

/** The long run is `npm run crash -- 300`. */
it('whoever is killed, whatever the disk does: nothing is lost, doubled or skipped, nor given twice after a restore', {
  timeout: 900_000,
}, async () => {
  const { status, stdout, stderr } = await runScript('tests/crash/crash.ts', [String(VICTIMS.length)])
  expect(stderr).not.toContain('Error')
  const found = foundSchema.parse(JSON.parse(stdout))
  expect(found.problems).toEqual([])
  const spared = Object.keys(found.victims).filter(victim => found.victims[victim] === 0)
  expect(spared.filter(victim => !(found.disk.startsWith('not tried') && victim.startsWith('disk-')))).toEqual([])
  expect(found.numbers).toBeGreaterThan(0)
  expect(found.answers).toBeGreaterThan(0)
  expect(Object.values(found.restored).map(({ numbersGivenTwice }) => numbersGivenTwice)).toEqual([0, 0])
  expect(status).toBe(0)
})
