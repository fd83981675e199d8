import { expect, it } from 'vitest'
import { z } from 'zod'
import { runScript } from '../support/ctdesk.ts'

/** The long run is `npm run crash -- 300`. */
it('the office killed at random moments loses, doubles and skips nothing', { timeout: 240_000 }, async () => {
  const { status, stdout, stderr } = await runScript('tests/crash/crash.ts', ['6'])
  expect(stderr).not.toContain('Error')
  const found = z
    .looseObject({ kills: z.number(), copies: z.number(), problems: z.array(z.string()) })
    .parse(JSON.parse(stdout))
  expect(found).toMatchObject({ kills: 6, problems: [] })
  expect(found.copies).toBeGreaterThan(0)
  expect(status).toBe(0)
})
