import type { Command } from 'commander'
import { ForeignFiles } from '../foreign/foreign-files.ts'
import { deskScanner } from '../scanners.ts'
import type { Run } from './ctdesk.ts'
import { EXIT, table } from './output.ts'
import { type ScanOptions, scanIntoFolder, withScanOptions } from './pages.ts'

/** `ctdesk scan`: pages from a scanner into a folder; without `--out`, the list of scanners. */
export function addScan(program: Command, run: Run): void {
  withScanOptions(program.command('scan').description('scan pages into a folder; without --out, list the scanners'))
    .option('--out <folder>', 'where the pages go')
    .action((options: ScanOptions & { out?: string }) =>
      run(async context => {
        await using foreign = new ForeignFiles()
        const scanner = deskScanner({}, foreign)
        if (options.out === undefined) {
          const devices = await scanner.devices(context.signal)
          return {
            status: EXIT.done,
            data: { devices },
            lines: table(devices.map(d => [d.id, d.vendor, d.model, d.sources.map(s => s.source).join(', ')])),
          }
        }
        const pages = []
        for await (const page of scanIntoFolder(scanner, options, options.out, context)) pages.push(page)
        return { status: EXIT.done, data: { pages }, lines: pages.map(p => p.path) }
      }),
    )
}
