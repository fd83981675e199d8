import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/** The whole program in its window: each step waits for what it expects to see, however slow the machine. */
export const inTheWindow = {
  extends: true,
  test: {
    name: 'window',
    include: ['tests/e2e/**/*.test.ts'],
    testTimeout: 180_000,
    expect: { poll: { timeout: 60_000, interval: 50 } },
  },
} satisfies TestProjectInlineConfiguration

/** Tests use real processes, tokens and devices, so a file is a process of its own and the limits are generous. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    hookTimeout: 180_000,
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: { name: 'parts', include: ['tests/{unit,integration}/**/*.test.ts'], testTimeout: 60_000 },
      },
      inTheWindow,
    ],
  },
})
