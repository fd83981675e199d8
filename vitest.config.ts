import { defineConfig } from 'vitest/config'

/** Tests use real processes, tokens and devices, so a file is a process of its own and the limits are generous. */
export default defineConfig({
  test: {
    include: ['tests/{unit,integration,e2e}/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
})
