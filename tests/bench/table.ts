import type { EngineBench, SizeBench } from './engines.ts'
import type { Race } from './race.ts'
import type { TokenBench } from './real-token.ts'

const cell = (value: number | string | null): string => (value === null ? '–' : String(value))

function table(head: readonly string[], rows: readonly (readonly (number | string | null)[])[]): string {
  const line = (cells: readonly (number | string | null)[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function raceTable(title: string, { limit, results }: Race): string {
  const rows = results.map(({ program, timing, toLimit, peakMemory, memoryGrowth, bytesAdded, remark }) => {
    const spread = timing && `${timing.minimum} – ${timing.maximum}`
    const kilobytes = bytesAdded === null ? null : Math.round(bytesAdded / 100) / 10
    return [program, timing?.median ?? remark, spread, toLimit, peakMemory, memoryGrowth, kilobytes]
  })
  const head = [title, 'ms (median)', 'min – max', '× limit', 'peak MB', 'grown by MB', 'KB added']
  const reference = ['limit: copy + SHA-256 + key', limit.median, `${limit.minimum} – ${limit.maximum}`, 1]
  return table(head, [[...reference, null, null, null], ...rows])
}

/** The tables of one size in Markdown. */
export function sizeTables({ megabytes, pages, sign, signAgain, verify }: SizeBench): string {
  return [
    `### ${megabytes} MB, ${pages === 1 ? '1 page' : `${pages} pages`}`,
    raceTable('first signature', sign),
    raceTable('second signature', signAgain),
    raceTable('verify, signed twice', verify),
  ].join('\n\n')
}

/** The tables that are not of one size. */
export function otherTables({ missing, starts, batch, token }: EngineBench): string {
  const parts: string[] = []
  if (Object.keys(starts).length > 0) {
    const rows = Object.entries(starts)
    parts.push('### Start', table(['from the start of the process to the first file of 1 MB signed', 'ms'], rows))
  }
  if (token) {
    const row = (name: string, { ours, reference, ratio }: TokenBench['sign']) =>
      [name, reference.median, ours.median, ratio] as const
    parts.push(
      table(
        [`1 MB behind a token that takes ${token.tokenMilliseconds} ms`, 'limit, ms', 'ours, ms', '× limit'],
        [row('first signature', token.sign), row('second signature', token.signAgain)],
      ),
    )
  }
  if (batch) {
    const { files, filesPerSecond, remarks, slowToken } = batch
    parts.push(
      '### Batch',
      table(
        [`${files} files of 1 MB`, 'files a second'],
        [...Object.entries(filesPerSecond), ...Object.entries(remarks)],
      ),
      `Behind a token that takes ${slowToken.milliseconds} ms: ${slowToken.bare} signatures a second alone, ${slowToken.batch} files a second in a batch (${Math.round(slowToken.share * 100)} %).`,
    )
  }
  for (const { name, missing: reason } of missing) parts.push(`${name}: not available here: ${reason}`)
  return parts.join('\n\n')
}
