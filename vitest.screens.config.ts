import { defineConfig } from 'vitest/config'
import { inTheWindow } from './vitest.config.ts'

/** Only the window, `npm run test:screens`: one at a time, so that nothing else takes the machine from it. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 1,
    hookTimeout: 180_000,
    env: { DESK_LONG: '1' },
    projects: [inTheWindow],
  },
})
