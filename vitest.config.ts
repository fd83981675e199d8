import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The whole program in its window. */
const inTheWindow = {
  extends: true,
  test: {
    name: 'window',
    include: ['tests/e2e/**/*.test.ts'],
    testTimeout: 180_000,
  },
} satisfies TestProjectInlineConfiguration

/** The long ways first, so that none of them is left over when all else is done. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const inWindow = ({ project }: TestSpecification): number => Number(project.name === 'window')
    return (await super.sort(files)).toSorted((one, other) => inWindow(other) - inWindow(one))
  }
}

/** Tests use real processes, tokens and devices, so a file is a process of its own, and they wait for what they expect however slow the machine. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 50_000, interval: 50 } },
    reporters: ['default'],
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: { name: 'parts', include: ['tests/{unit,integration}/**/*.test.ts'], testTimeout: 60_000 },
      },
      inTheWindow,
    ],
  },
})
