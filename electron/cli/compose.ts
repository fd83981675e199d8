import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Command } from 'commander'
import { composePages } from '../document/index.ts'
import type { PageImage } from '../document/types.ts'
import { ForeignFiles } from '../foreign/foreign-files.ts'
import { deskScanner, importFiles } from '../scanners.ts'
import type { Run } from './ctdesk.ts'
import { EXIT } from './output.ts'

/** `ctdesk compose`: images and PDFs → one PDF/A-2b, pages at 100 %. */
export function addCompose(program: Command, run: Run): void {
  program
    .command('compose')
    .description('images or PDFs → one PDF/A, page size kept at 100 %')
    .argument('<pages...>', 'JPEG, PNG, TIFF or PDF files, in order')
    .requiredOption('--out <file>')
    .option('--title <text>')
    .action((files: readonly string[], options: { out: string; title?: string }) =>
      run(async context => {
        await using foreign = new ForeignFiles()
        const folder = await mkdtemp(join(tmpdir(), 'ctdesk-compose-'))
        try {
          const pages: PageImage[] = []
          for await (const page of importFiles(deskScanner({}, foreign), files, folder, context.signal))
            pages.push(page)
          const title = options.title ?? basename(options.out, '.pdf')
          await composePages(pages, { title, createdAt: new Date() }, options.out)
          return { status: EXIT.done, data: { file: options.out, pages: pages.length }, lines: [options.out] }
        } finally {
          await rm(folder, { recursive: true, force: true })
        }
      }),
    )
}
