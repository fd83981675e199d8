import { z } from 'zod'
import { writtenDay } from '../../document/register.ts'
import type { Writer } from '../../store/store.ts'
import { appendEvent, doerOf } from '../audit/chain.ts'
import { CANCELLATION_TO_TELL, pagesFacts } from '../audit/facts.ts'
import { vietnamDay } from '../calendar.ts'
import { recall } from '../delivery/recall.ts'
import { OfficeError } from '../errors.ts'
import { type OfficeParts, parseInput } from '../parts.ts'
import { personOf } from '../people/access.ts'
import { officeOf, settingsOf } from '../people/people.ts'
import { requireReason } from '../reason.ts'
import { type VoidReason, voidNumber } from '../register/numbers.ts'
import { feeOf } from '../requests/fee.ts'
import type { CopyService } from '../service.ts'
import { fixedContent } from '../signing/fixing.ts'
import { typedText } from '../typed-text.ts'
import { type Actor, type CopyRef, type CopyView, REFUSAL_GROUNDS } from '../types.ts'
import { type CopyRow, copyInHand, copyRow, copyView, pageRows } from './rows.ts'
import type { CopyAction } from './state.ts'
import { type Mover, moveCopy, requireStep } from './transition.ts'

const comparisonSchema = z.strictObject({
  comparedWithOriginal: z.boolean(),
  allPagesPresent: z.boolean(),
  originalPages: z.int().min(1).max(10_000).optional(),
})

const groundSchema = z.literal(REFUSAL_GROUNDS)

const decisionSchema = z.strictObject({ number: typedText, date: z.iso.date() })

type Decisions = Pick<CopyService, 'submit' | 'returnForMending' | 'refuse' | 'refusalNotice' | 'withdraw' | 'cancel'>

/** The officer's, signer's and clerk's word on a copy, apart from the two signatures. */
export function createDecisions({ store, clock, rules }: OfficeParts): Decisions {
  /** One transaction: who, which copy, allowed at all? Then the decision's own writing. */
  async function decide(
    actor: Actor,
    ref: CopyRef,
    action: CopyAction,
    write: (writer: Writer, mover: Mover, row: CopyRow) => Promise<void>,
  ): Promise<CopyView> {
    const at = clock()
    return store.write(async writer => {
      const { roles } = await personOf(writer, actor)
      const row = await copyInHand(writer, actor, ref, at)
      requireStep(row, action, roles)
      await write(writer, { ...doerOf(actor, at), roles }, row)
      return copyView(writer, actor.officeId, ref.id)
    })
  }

  /** Refused and withdrawn copies end without being certified: a number they took is void, and what was fixed for signing is gone. */
  async function voidAndForget(writer: Writer, mover: Mover, row: CopyRow, reason: VoidReason) {
    await voidNumber(writer, mover, row.copy_id, reason)
    return { content: null, content_sha256: null, layout: null, composed_sha256: null }
  }

  return {
    submit: async (actor, copy, input) => {
      const comparison = parseInput(comparisonSchema, input)
      return decide(actor, copy, 'submit', async (writer, mover, row) => {
        const pages = await pageRows(writer, actor.officeId, row.copy_id)
        if (pages.length === 0) throw new OfficeError('copy-without-pages')
        if (!comparison.comparedWithOriginal || !comparison.allPagesPresent) throw new OfficeError('not-compared')
        const originalPages = comparison.originalPages ?? pages.length
        const request = await writer
          .selectFrom('request')
          .select('exemption_id')
          .where('office_id', '=', actor.officeId)
          .where('request_id', '=', row.request_id)
          .executeTakeFirstOrThrow()
        const settings = await settingsOf(writer, actor.officeId)
        const exempt = settings.feeExemptions.some(each => each.id === request.exemption_id)
        const fee = exempt ? 0 : feeOf(originalPages, row.copy_count, rules.tariff)
        await moveCopy(
          writer,
          mover,
          row,
          'submit',
          { original_pages: originalPages, fee, remark: null, officer_id: actor.personId },
          { ...pagesFacts(pages), comparedWithOriginal: 1, allPagesPresent: 1 },
        )
      })
    },

    returnForMending: async (actor, copy, reason) => {
      const remark = requireReason(reason)
      return decide(actor, copy, 'return', (writer, mover, row) =>
        moveCopy(
          writer,
          mover,
          row,
          'return',
          { remark, signed_sha256: null, signed_at: null, signer_id: null },
          { returnedSha256: row.signed_sha256 },
        ),
      )
    },

    refuse: async (actor, copy, groundInput, explanation) => {
      const ground = parseInput(groundSchema, groundInput)
      const remark = requireReason(explanation)
      return decide(actor, copy, 'refuse', async (writer, mover, row) => {
        const forgotten = await voidAndForget(writer, mover, row, 'refused')
        await moveCopy(writer, mover, row, 'refuse', { ...forgotten, remark, refusal_ground: ground })
      })
    },

    refusalNotice: async (actor, copyId) => {
      await personOf(store.reader, actor)
      const row = await copyRow(store.reader, actor.officeId, copyId)
      if (row.state !== 'refused') throw new OfficeError('copy-state-wrong', { state: row.state, action: 'print' })
      const ground = groundSchema.parse(row.refusal_ground)
      const request = await store.reader
        .selectFrom('request')
        .select('requester_name')
        .where('office_id', '=', actor.officeId)
        .where('request_id', '=', row.request_id)
        .executeTakeFirstOrThrow()
      const office = await officeOf(store.reader, actor.officeId)
      return {
        officeName: office.name,
        requesterName: request.requester_name,
        title: row.title,
        issuer: row.issuer,
        ground,
        groundText: rules.refusalGrounds.get(ground) ?? '',
        legalBasis: rules.refusalBasis,
        explanation: row.remark ?? '',
      }
    },

    withdraw: async (actor, copy, reason) => {
      const remark = requireReason(reason)
      return decide(actor, copy, 'withdraw', async (writer, mover, row) => {
        const forgotten = await voidAndForget(writer, mover, row, 'withdrawn')
        await moveCopy(writer, mover, row, 'withdraw', { ...forgotten, remark })
      })
    },

    cancel: async (actor, copy, input) => {
      const decision = parseInput(decisionSchema, input)
      return decide(actor, copy, 'cancel', async (writer, mover, row) => {
        const { number, date } = decision
        requireDecisionDay(date, row, mover.at)
        if (await recall(writer, actor.officeId, row.copy_id, mover.at)) {
          await appendEvent(writer, mover, { action: CANCELLATION_TO_TELL, subject: row.copy_id })
        }
        await moveCopy(writer, mover, row, 'cancel', { decision_number: number, decision_date: date })
      })
    },
  }
}

/** A copy is cancelled after it was certified, and not by a decision still to be made. @throws OfficeError decision-day-wrong */
function requireDecisionDay(date: string, row: CopyRow, now: Date): void {
  const from = fixedContent(row)?.statement.date ?? ''
  const to = vietnamDay(now)
  if (date < from || date > to)
    throw new OfficeError('decision-day-wrong', { from: writtenDay(from), to: writtenDay(to) })
}
