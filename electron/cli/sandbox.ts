import { mkdir } from 'node:fs/promises'
import type { Command } from 'commander'
import { createPracticeOffice, PRACTICE } from '../sandbox/practice-office.ts'
import { startPracticeServices } from '../sandbox/practice-services.ts'
import type { Run } from './ctdesk.ts'
import { assertEmptyFolder } from './folders.ts'
import { EXIT } from './output.ts'

/** `ctdesk sandbox …`: a practice office to learn and test in, and its outside world. */
export function addSandbox(program: Command, run: Run): void {
  const sandbox = program.command('sandbox').description('a practice office: soft tokens, time-stamp authority, portal')
  sandbox
    .command('init')
    .description('make a practice office in an empty folder')
    .requiredOption('--office <folder>')
    .action((options: { office: string }) =>
      run(async () => {
        await mkdir(options.office, { recursive: true })
        await assertEmptyFolder(options.office)
        await createPracticeOffice(options.office, new Date())
        const tokens = Object.values(PRACTICE.tokens)
        return {
          status: EXIT.done,
          data: { office: options.office, people: PRACTICE.people, tokens },
          lines: [
            `✓ ${PRACTICE.office}`,
            ...Object.entries(PRACTICE.people).map(([role, name]) => `  ${role}: ${name}`),
            ...tokens.map(token => `  ${token.label}: PIN ${token.pin}`),
          ],
        }
      }),
    )
  sandbox
    .command('serve')
    .description("run a practice office's time-stamp authority and portal until Ctrl-C")
    .requiredOption('--office <folder>')
    .action((options: { office: string }) =>
      run(async context => {
        await using services = await startPracticeServices(options.office, () => new Date())
        const addresses = { timestamp: services.timestampAuthority.url, portal: services.portal.url }
        context.say(`dấu thời gian: ${addresses.timestamp}`)
        context.say(`cổng tập dượt: ${addresses.portal}`)
        await new Promise(resolve => context.signal.addEventListener('abort', resolve, { once: true }))
        return { status: EXIT.done, data: addresses, lines: [] }
      }),
    )
}
