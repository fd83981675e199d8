export type CellState = 'ok' | 'red' | 'explained' | 'accepts' | 'none'

export interface Cell {
  readonly state: CellState
  readonly reason: string
}

export interface Row {
  readonly case: string
  readonly cells: Readonly<Record<string, Cell>>
}

const SIGNS: Readonly<Record<CellState, string>> = {
  ok: 'ok',
  red: 'RED',
  explained: 'expl',
  accepts: 'takes',
  none: '-',
}

/** A table for the terminal, with the reasons of all cells that are not ok below it. */
export function renderTable(title: string, rows: readonly Row[], columns: readonly string[]): string {
  const width = Math.max(title.length, ...rows.map(row => row.case.length)) + 2
  const line = (first: string, others: readonly string[]) =>
    `${first.padEnd(width)}${others.map(text => text.padEnd(9)).join('')}`.trimEnd()
  const body = rows.map(row =>
    line(
      row.case,
      columns.map(name => SIGNS[row.cells[name]?.state ?? 'none']),
    ),
  )
  const reasons = rows.flatMap(row =>
    Object.entries(row.cells)
      .filter(([, cell]) => cell.state === 'red')
      .map(([peer, cell]) => `  ${SIGNS[cell.state]} ${peer}, ${row.case}: ${cell.reason}`),
  )
  return [line(title, columns), ...body, ...reasons, ''].join('\n')
}
