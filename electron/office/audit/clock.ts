import type { Selectable } from 'kysely'
import type { AuditHeadTable } from '../../store/schema.ts'
import type { Reader, Writer } from '../../store/store.ts'
import { vietnamDay } from '../calendar.ts'
import { OfficeError } from '../errors.ts'
import { fromJson } from '../parts.ts'
import { officeSettingsSchema } from '../settings.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Clocks are set right by seconds in the course of a day; more than this behind the last event is a wrong clock. */
const BEHIND_LAST = 2 * MINUTE
/** From here on a difference from the time-stamp authority is said. */
const WORTH_SAYING = 5 * MINUTE
/** So much behind a time that an authority has vouched for is a wrong clock, even on the same day. */
const BEHIND_WITNESS = HOUR

/** What the office has seen of the time. */
export interface SeenTime {
  /** Of the last event. */
  readonly last: Date
  /** Newest time of an authority's time-stamp. */
  readonly witness: Date | null
  /** Longer without an event than this, and somebody must say that the clock is right. */
  readonly longestGapDays: number
}

export type ClockVerdict = 'right' | 'went-back' | 'ahead'

/**
 * Whether a clock that says `now` can be right. A number or a certification day must never come from one that ran back; one that ran ahead
 * would lock the office until that day has come.
 */
export function judgeClock(now: Date, { last, witness, longestGapDays }: SeenTime): ClockVerdict {
  const behindLast = now.getTime() < last.getTime() - BEHIND_LAST
  const behindWitness =
    witness !== null && (now.getTime() < witness.getTime() - BEHIND_WITNESS || vietnamDay(now) < vietnamDay(witness))
  if (behindLast || behindWitness) return 'went-back'
  const newest = Math.max(last.getTime(), witness?.getTime() ?? 0)
  return now.getTime() > newest + longestGapDays * DAY ? 'ahead' : 'right'
}

type Head = Pick<Selectable<AuditHeadTable>, 'at' | 'witnessed_at'>

/** The rule of `judgeClock` for an event at `at`, `head` being the chain's end before it. @throws OfficeError clock-went-back, clock-ahead */
export async function requireClockAfter(
  reader: Reader,
  officeId: string,
  head: Head,
  at: Date,
  mayBeLate = false,
): Promise<void> {
  const seen = await seenTime(reader, officeId, head)
  const verdict = judgeClock(at, seen)
  if (verdict === 'right' || (verdict === 'ahead' && mayBeLate)) return
  const last = seen.witness && seen.witness > seen.last ? seen.witness : seen.last
  throw new OfficeError(verdict === 'ahead' ? 'clock-ahead' : 'clock-went-back', {
    now: written(at),
    last: written(last),
  })
}

/**
 * Asked before something is done that cannot be taken back and whose event comes after it (a delivery).
 * @throws OfficeError clock-went-back, clock-ahead, office-unknown
 */
export async function requireClock(reader: Reader, officeId: string, at: Date): Promise<void> {
  await requireClockAfter(reader, officeId, await clockHead(reader, officeId), at)
}

export async function isClockRight(reader: Reader, officeId: string, at: Date): Promise<boolean> {
  return judgeClock(at, await seenTime(reader, officeId, await clockHead(reader, officeId))) === 'right'
}

/** @throws OfficeError office-unknown */
export async function clockHead(reader: Reader, officeId: string) {
  const head = await reader
    .selectFrom('audit_head')
    .select(['at', 'witnessed_at', 'ahead_seconds'])
    .where('office_id', '=', officeId)
    .executeTakeFirst()
  if (!head) throw new OfficeError('office-unknown')
  return head
}

export async function seenTime(reader: Reader, officeId: string, head: Head): Promise<SeenTime> {
  const setting = await reader
    .selectFrom('setting')
    .select('value')
    .where('office_id', '=', officeId)
    .where('name', '=', 'clockGapDays')
    .executeTakeFirst()
  const { clockGapDays } = officeSettingsSchema.shape
  return {
    last: new Date(head.at),
    witness: head.witnessed_at === null ? null : new Date(head.witnessed_at),
    longestGapDays: setting ? fromJson(clockGapDays, setting.value) : clockGapDays.parse(undefined),
  }
}

/** Between these two moments of ours the authority put its time on a signature. */
export interface StampedTime {
  readonly from: Date
  readonly to: Date
  readonly authority: Date
}

/** By how many seconds our clock is ahead of the authority's (behind: negative), as far as the waiting for its answer lets it be seen. */
export function secondsAhead({ from, to, authority }: StampedTime): number {
  const [start, end, time] = [from, to, authority].map(each => Math.floor(each.getTime() / 1000))
  if (start === undefined || end === undefined || time === undefined) return 0
  return time < start ? start - time : Math.min(0, end - time)
}

export const isWorthSaying = (seconds: number): boolean => Math.abs(seconds) * 1000 > WORTH_SAYING

/** Whether a difference is to be said that was not there at the signature before. */
export async function differsAnew(reader: Reader, officeId: string, stamped: StampedTime): Promise<boolean> {
  const before = await clockHead(reader, officeId)
  return isWorthSaying(secondsAhead(stamped)) && !isWorthSaying(before.ahead_seconds ?? 0)
}

/** Keeps what an authority said of the time; from then on the clock is held against it too. */
export async function witnessTime(writer: Writer, officeId: string, stamped: StampedTime): Promise<void> {
  const before = await clockHead(writer, officeId)
  const authority = stamped.authority.toISOString()
  const newer = before.witnessed_at === null || before.witnessed_at < authority
  await writer
    .updateTable('audit_head')
    .set({ ahead_seconds: secondsAhead(stamped), ...(newer ? { witnessed_at: authority } : {}) })
    .where('office_id', '=', officeId)
    .execute()
}

/** Nothing can be recorded until somebody sets the clock, or confirms it. */
export const isClockDoubt = (error: unknown): boolean =>
  error instanceof OfficeError && (error.code === 'clock-went-back' || error.code === 'clock-ahead')

/** The authority contradicts the PC. */
export const clockDiffers = (now: Date, authority: Date): OfficeError =>
  new OfficeError('clock-differs', { now: written(now), authority: written(authority) })

/** As people in Vietnam read it. */
const written = (time: Date): string =>
  time.toLocaleString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short', timeStyle: 'short' })
