import type { Updateable } from 'kysely'
import type { CopyTable } from '../../store/schema.ts'
import type { Writer } from '../../store/store.ts'
import { type AuditData, appendEvent, type Doer } from '../audit/chain.ts'
import { changedFacts, copyFacts } from '../audit/facts.ts'
import { OfficeError } from '../errors.ts'
import type { CopyState, Role } from '../types.ts'
import { type CopyRow, stateOf } from './rows.ts'
import { type CopyAction, stepOf } from './state.ts'

/** Where the action leads from the copy's state. @throws OfficeError role-missing, copy-state-wrong */
export function requireStep(row: CopyRow, action: CopyAction, roles: readonly (Role | 'program')[]): CopyState {
  const step = stepOf(stateOf(row), action, roles)
  if (step.allowed) return step.to
  throw new OfficeError(step.because === 'role' ? 'role-missing' : 'copy-state-wrong', { state: row.state, action })
}

/** Who moves a copy, with the roles just read from the store. */
export interface Mover extends Doer {
  readonly roles: readonly (Role | 'program')[]
}

/**
 * Writes a change of a copy and its audit event, with the facts that changed. The version moves on, so whoever looked before must look again.
 * @throws OfficeError copy-changed-meanwhile
 */
export async function changeCopy(
  writer: Writer,
  mover: Doer,
  row: CopyRow,
  change: Omit<Updateable<CopyTable>, 'version'>,
  event: { readonly action: string; readonly data?: AuditData },
): Promise<void> {
  const after = await writer
    .updateTable('copy')
    .set({ ...change, version: row.version + 1 })
    .where('office_id', '=', row.office_id)
    .where('copy_id', '=', row.copy_id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst()
  if (!after) throw new OfficeError('copy-changed-meanwhile')
  const data = { ...event.data, ...changedFacts(copyFacts(row), copyFacts(after)) }
  await appendEvent(writer, mover, { action: event.action, subject: row.copy_id, data })
}

/** Moves a copy along the state machine: new state and audit event; the copy leaves the desk that had claimed it. */
export async function moveCopy(
  writer: Writer,
  mover: Mover,
  row: CopyRow,
  action: CopyAction,
  change: Omit<Updateable<CopyTable>, 'version' | 'state'>,
  data: AuditData = {},
): Promise<void> {
  const state = requireStep(row, action, mover.roles)
  await changeCopy(
    writer,
    mover,
    row,
    { ...change, state, claimed_by: null, claimed_until: null },
    { action: `copy-${action}`, data: { ...data, from: row.state } },
  )
}
