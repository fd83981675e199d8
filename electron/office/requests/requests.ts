import { z } from 'zod'
import type { Reader } from '../../store/store.ts'
import { appendEvent, doerOf } from '../audit/chain.ts'
import { changedFacts, copyFacts, requestFacts } from '../audit/facts.ts'
import { copyViews } from '../copies/rows.ts'
import { searchable } from '../copies/search.ts'
import { OfficeError } from '../errors.ts'
import { type OfficeParts, parseInput } from '../parts.ts'
import { personOf, requireRole } from '../people/access.ts'
import { settingsOf } from '../people/people.ts'
import { deadlineRule } from '../rules.ts'
import type { RequestService } from '../service.ts'
import { typedText } from '../typed-text.ts'
import type { RequestView } from '../types.ts'
import { deadlineOf, latestExtension } from './deadline.ts'
import { requestRow } from './rows.ts'

/** Twelve digits; nothing more is certain of it (its inner meaning is no ground to send anybody away). */
const personalNumber = z.string().regex(/^\d{12}$/)

const contact = typedText.nullable()

const newRequestSchema = z.strictObject({
  requester: z.strictObject({
    name: typedText,
    personalNumber: z.string().trim().nullable(),
    email: contact.pipe(z.email().nullable()),
    phone: contact.pipe(
      z
        .string()
        .regex(/^\+?[\d .-]{8,20}$/)
        .nullable(),
    ),
  }),
  originals: z
    .array(
      z.strictObject({
        title: typedText,
        kind: typedText,
        issuer: typedText,
        copyCount: z.int().min(1).max(10_000),
      }),
    )
    .min(1)
    .max(200),
  receivedAt: z.date().optional(),
  exemptionId: z.string().nullable().default(null),
})

const extensionSchema = z.strictObject({
  dueAt: z.date(),
  reason: z.enum(['many-kinds', 'many-pages', 'many-copies', 'hard-to-compare']),
  writtenAgreement: z.boolean(),
})

const extensionReason = extensionSchema.shape.reason

/** A desk's clock may be a little ahead of the service's. */
const RECEIPT_TOLERANCE_MS = 60_000

export function createRequestService({ store, clock, newId, rules }: OfficeParts): RequestService {
  async function view(reader: Reader, officeId: string, requestId: string): Promise<RequestView> {
    const row = await requestRow(reader, officeId, requestId)
    return {
      id: row.request_id,
      requester: {
        name: row.requester_name,
        personalNumber: row.personal_number,
        email: row.email,
        phone: row.phone,
      },
      receivedAt: new Date(row.received_at),
      receivedBy: row.received_by,
      dueAt: new Date(row.due_at),
      extension:
        row.extension_reason === null
          ? null
          : {
              reason: extensionReason.parse(row.extension_reason),
              writtenAgreement: row.written_agreement === 1,
            },
      appointmentNeeded: row.appointment_needed === 1,
      exemptionId: row.exemption_id,
      copies: await copyViews(reader, officeId, { requestId }),
    }
  }

  return {
    receive: async (actor, input) => {
      const request = parseInput(newRequestSchema, input)
      const { requester } = request
      if (requester.personalNumber !== null && !personalNumber.safeParse(requester.personalNumber).success) {
        throw new OfficeError('personal-number-invalid')
      }
      const now = clock()
      const receivedAt = request.receivedAt ?? now
      if (receivedAt.getTime() > now.getTime() + RECEIPT_TOLERANCE_MS) throw new OfficeError('received-in-future')
      const requestId = newId()
      return store.write(async writer => {
        await requireRole(writer, actor, 'officer')
        const settings = await settingsOf(writer, actor.officeId)
        const { exemptionId } = request
        if (exemptionId !== null && !settings.feeExemptions.some(each => each.id === exemptionId)) {
          throw new OfficeError('exemption-unknown')
        }
        const { dueAt, appointmentNeeded } = deadlineOf(receivedAt, deadlineRule(rules, settings))
        const doer = doerOf(actor, now)
        const received = await writer
          .insertInto('request')
          .values({
            office_id: actor.officeId,
            request_id: requestId,
            requester_name: requester.name,
            personal_number: requester.personalNumber,
            email: requester.email,
            phone: requester.phone,
            received_at: receivedAt.toISOString(),
            received_by: actor.personId,
            due_at: dueAt.toISOString(),
            appointment_needed: appointmentNeeded ? 1 : 0,
            extension_reason: null,
            written_agreement: 0,
            exemption_id: exemptionId,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        await appendEvent(writer, doer, {
          action: 'request-received',
          subject: requestId,
          data: { originals: request.originals.length, ...requestFacts(received) },
        })
        for (const [index, original] of request.originals.entries()) {
          const copy = await writer
            .insertInto('copy')
            .values({
              office_id: actor.officeId,
              copy_id: newId(),
              request_id: requestId,
              position: index + 1,
              version: 1,
              state: 'draft',
              title: original.title,
              kind: original.kind,
              issuer: original.issuer,
              copy_count: original.copyCount,
              officer_id: actor.personId,
              search_text: searchable([requester.name, original.title, original.issuer].join('\n')),
            })
            .returningAll()
            .executeTakeFirstOrThrow()
          await appendEvent(writer, doer, { action: 'copy-received', subject: copy.copy_id, data: copyFacts(copy) })
        }
        return view(writer, actor.officeId, requestId)
      })
    },

    read: async (actor, requestId) => {
      await personOf(store.reader, actor)
      return view(store.reader, actor.officeId, requestId)
    },

    extend: async (actor, requestId, input) => {
      const extension = parseInput(extensionSchema, input)
      const now = clock()
      return store.write(async writer => {
        await requireRole(writer, actor, 'officer')
        const row = await requestRow(writer, actor.officeId, requestId)
        const settings = await settingsOf(writer, actor.officeId)
        const latest = latestExtension(new Date(row.received_at), deadlineRule(rules, settings))
        if (extension.dueAt.getTime() <= Date.parse(row.due_at)) throw new OfficeError('extension-not-later')
        if (extension.dueAt > latest && !extension.writtenAgreement) throw new OfficeError('extension-too-long')
        const extended = await writer
          .updateTable('request')
          .set({
            due_at: extension.dueAt.toISOString(),
            extension_reason: extension.reason,
            written_agreement: extension.writtenAgreement ? 1 : 0,
            appointment_needed: 1,
          })
          .where('office_id', '=', actor.officeId)
          .where('request_id', '=', requestId)
          .returningAll()
          .executeTakeFirstOrThrow()
        await appendEvent(writer, doerOf(actor, now), {
          action: 'request-extended',
          subject: requestId,
          data: changedFacts(requestFacts(row), requestFacts(extended)),
        })
        return view(writer, actor.officeId, requestId)
      })
    },
  }
}
