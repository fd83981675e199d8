import { defineConfig } from 'vitest/config'
import usual from './vitest.config.ts'

/** The long ways through the window, `npm run test:screens`: one window at a time, so that nothing else takes the machine from it. */
export default defineConfig({
  test: { ...usual.test, include: ['tests/{screens,e2e}/**/*.test.ts'], maxWorkers: 1, env: { DESK_LONG: '1' } },
})
