import type { CopyState, Role } from '../types.ts'

export type CopyAction = 'submit' | 'return' | 'sign' | 'seal' | 'deliver' | 'refuse' | 'withdraw' | 'cancel'

interface Transition {
  readonly action: CopyAction
  readonly from: CopyState
  readonly to: CopyState
  /** Who may; `program` is the outbox, never a person. */
  readonly by: readonly (Role | 'program')[]
}

/**
 * The whole life of a copy. From `sealed` on nothing goes back: a wrong copy is cancelled by decision (TT 01/2020 Đ7). A signed copy the
 * clerk finds wrong goes back before it is sealed, so that it never has to leave the house first (NĐ 30/2020 Đ32).
 */
const TRANSITIONS: readonly Transition[] = [
  { action: 'submit', from: 'draft', to: 'submitted', by: ['officer'] },
  { action: 'return', from: 'submitted', to: 'draft', by: ['signer'] },
  { action: 'return', from: 'signed', to: 'draft', by: ['clerk'] },
  { action: 'sign', from: 'submitted', to: 'signed', by: ['signer'] },
  { action: 'seal', from: 'signed', to: 'sealed', by: ['clerk'] },
  { action: 'deliver', from: 'sealed', to: 'delivered', by: ['program'] },
  { action: 'refuse', from: 'draft', to: 'refused', by: ['officer', 'signer'] },
  { action: 'refuse', from: 'submitted', to: 'refused', by: ['officer', 'signer'] },
  { action: 'withdraw', from: 'draft', to: 'withdrawn', by: ['officer'] },
  { action: 'withdraw', from: 'submitted', to: 'withdrawn', by: ['officer'] },
  { action: 'cancel', from: 'sealed', to: 'cancelled', by: ['signer'] },
  { action: 'cancel', from: 'delivered', to: 'cancelled', by: ['signer'] },
]

export type Step =
  | { readonly allowed: true; readonly to: CopyState }
  | { readonly allowed: false; readonly because: 'state' | 'role' }

/** The one place that knows what may follow what, and by whose hand. */
export function stepOf(state: CopyState, action: CopyAction, roles: readonly (Role | 'program')[]): Step {
  const transition = TRANSITIONS.find(each => each.action === action && each.from === state)
  if (!transition) {
    const everMay = TRANSITIONS.some(each => each.action === action && each.by.some(role => roles.includes(role)))
    return { allowed: false, because: everMay ? 'state' : 'role' }
  }
  return transition.by.some(role => roles.includes(role))
    ? { allowed: true, to: transition.to }
    : { allowed: false, because: 'role' }
}

/** In which states a copy waits for whom. */
export const WAITING_FOR: Readonly<Record<Role, readonly CopyState[]>> = {
  officer: ['draft'],
  signer: ['submitted'],
  clerk: ['signed'],
  admin: [],
}
