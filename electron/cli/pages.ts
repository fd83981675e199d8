import { type Command, Option } from 'commander'
import type { PageFile, ScanColour, ScannerDriver, ScanSides, ScanSource } from '../scanning/driver.ts'
import { onlyDevice } from '../scanning/index.ts'
import { CliError } from './errors.ts'
import type { CommandContext } from './output.ts'

/** How to scan, as the command line says it. */
export interface ScanOptions {
  readonly device?: string
  readonly source: ScanSource
  readonly sides: ScanSides
  readonly dpi: string
  readonly colour: ScanColour
  readonly paper: string
}

/** Adds the options that choose a scanner and how it scans. */
export function withScanOptions(command: Command): Command {
  return command
    .option('--device <id>', 'scanner; the only one, when left out')
    .addOption(new Option('--source <source>').choices(['feeder', 'flatbed']).default('feeder'))
    .addOption(new Option('--sides <sides>').choices(['front', 'both']).default('front'))
    .option('--dpi <n>', 'resolution; NĐ 30/2020 asks for 200 or more', '300')
    .addOption(new Option('--colour <mode>').choices(['colour', 'grey', 'lineart']).default('colour'))
    .option('--paper <size>', 'A4, A5, or WIDTHxHEIGHT in mm', 'A4')
}

const papers: Readonly<Record<string, readonly [number, number]>> = { A3: [297, 420], A4: [210, 297], A5: [148, 210] }

function paperSize(text: string): { widthMm: number; heightMm: number } {
  const measured = /^(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)$/.exec(text)
  const size = papers[text] ?? (measured ? [Number(measured[1]), Number(measured[2])] : undefined)
  if (!size) throw new CliError('argument-invalid', { name: '--paper', reason: text })
  return { widthMm: size[0] ?? 0, heightMm: size[1] ?? 0 }
}

/** Scans into a folder; every page is on disk when it is handed out. @throws ScanningError, CliError */
export async function* scanIntoFolder(
  scanner: ScannerDriver,
  options: ScanOptions,
  folder: string,
  context: CommandContext,
): AsyncGenerator<PageFile> {
  const deviceId = options.device ?? (await onlyDevice(scanner, context.signal)).id
  const dpi = Number(options.dpi)
  if (!Number.isInteger(dpi) || dpi < 50 || dpi > 1200)
    throw new CliError('argument-invalid', { name: '--dpi', reason: options.dpi })
  const request = {
    deviceId,
    source: options.source,
    sides: options.sides,
    dpi,
    colour: options.colour,
    paper: paperSize(options.paper),
  }
  for await (const event of scanner.scan(request, folder, context.signal)) {
    if (event.kind !== 'page') continue
    context.say(
      `trang ${event.page}: ${event.file.widthPx}×${event.file.heightPx}, ${Math.ceil(event.file.bytes / 1024)} KB`,
    )
    yield event.file
  }
}
