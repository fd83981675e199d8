import { z } from 'zod'
import type { Reader } from '../../store/store.ts'
import { appendEvent, startChain } from '../audit/chain.ts'
import { OfficeError } from '../errors.ts'
import { fromJson, type OfficeParts, parseInput, typedText } from '../parts.ts'
import type { PeopleService } from '../service.ts'
import { type OfficeSettings, officeSettingsSchema } from '../settings.ts'
import { pngSize } from '../signing/picture.ts'
import type { Actor, OfficeView, PersonView } from '../types.ts'
import { personOf, personView, requireRole, rolesSchema } from './access.ts'
import { hashPassword, isPassword } from './password.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const newPersonSchema = z.strictObject({
  name: typedText,
  roles: rolesSchema.min(1),
  signerTitle: z.array(typedText).max(4).default([]),
  certificateSha256: sha256.nullable().default(null),
})

const personChangeSchema = z.strictObject({
  name: typedText.optional(),
  roles: rolesSchema.min(1).optional(),
  signerTitle: z.array(typedText).max(4).optional(),
  certificateSha256: sha256.nullable().optional(),
  active: z.boolean().optional(),
})

/** The office's settings, defaults filled in. */
export async function settingsOf(reader: Reader, officeId: string): Promise<OfficeSettings> {
  const rows = await reader.selectFrom('setting').select(['name', 'value']).where('office_id', '=', officeId).execute()
  return officeSettingsSchema.parse(
    Object.fromEntries(rows.map(({ name, value }) => [name, fromJson(z.json(), value)])),
  )
}

/** @throws OfficeError office-unknown */
export async function officeOf(reader: Reader, officeId: string) {
  const row = await reader.selectFrom('office').selectAll().where('office_id', '=', officeId).executeTakeFirst()
  if (!row) throw new OfficeError('office-unknown')
  return row
}

export function createPeopleService({ store, blobs, clock, newId }: OfficeParts): PeopleService {
  async function readPerson(reader: Reader, officeId: string, personId: string): Promise<PersonView> {
    const row = await reader
      .selectFrom('person')
      .selectAll()
      .where('office_id', '=', officeId)
      .where('person_id', '=', personId)
      .executeTakeFirst()
    if (!row) throw new OfficeError('person-unknown')
    return personView(row)
  }

  async function readOffice(reader: Reader, officeId: string): Promise<OfficeView> {
    const row = await officeOf(reader, officeId)
    return {
      id: row.office_id,
      name: row.name,
      sealCertificateSha256: row.seal_certificate_sha256,
      hasSealImage: row.seal_image_sha256 !== null,
    }
  }

  /** @throws OfficeError password-wrong */
  async function checkPassword(reader: Reader, actor: Actor, password: string | null): Promise<void> {
    const row = await reader
      .selectFrom('person')
      .select('password_hash')
      .where('office_id', '=', actor.officeId)
      .where('person_id', '=', actor.personId)
      .executeTakeFirst()
    const kept = row?.password_hash ?? null
    if (kept !== null && !(await isPassword(password ?? '', kept))) throw new OfficeError('password-wrong')
  }

  const doer = (actor: Actor) => ({ officeId: actor.officeId, actorId: actor.personId, at: clock() })

  return {
    found: async (office, administrator) => {
      const officeName = parseInput(typedText, office.name)
      const name = parseInput(typedText, administrator.name)
      const actor: Actor = { officeId: newId(), personId: newId() }
      const at = clock()
      await store.write(async writer => {
        await writer
          .insertInto('office')
          .values({
            office_id: actor.officeId,
            name: officeName,
            seal_certificate_sha256: null,
            seal_image_sha256: null,
            created_at: at.toISOString(),
          })
          .execute()
        await writer
          .insertInto('person')
          .values({
            office_id: actor.officeId,
            person_id: actor.personId,
            name,
            roles: JSON.stringify(['admin']),
            signer_title: '[]',
            certificate_sha256: null,
            signature_image_sha256: null,
            active: 1,
          })
          .execute()
        await startChain(writer, actor.officeId, at)
        await appendEvent(writer, doer(actor), { action: 'office-founded', subject: actor.officeId })
      })
      return actor
    },

    add: async (actor, input) => {
      const person = parseInput(newPersonSchema, input)
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const personId = newId()
        await writer
          .insertInto('person')
          .values({
            office_id: actor.officeId,
            person_id: personId,
            name: person.name,
            roles: JSON.stringify(person.roles),
            signer_title: JSON.stringify(person.signerTitle),
            certificate_sha256: person.certificateSha256,
            signature_image_sha256: null,
            active: 1,
          })
          .execute()
        await appendEvent(writer, doer(actor), {
          action: 'person-added',
          subject: personId,
          data: { roles: person.roles.join(' '), certificateSha256: person.certificateSha256 },
        })
        return readPerson(writer, actor.officeId, personId)
      })
    },

    change: async (actor, personId, input) => {
      const change = parseInput(personChangeSchema, input)
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const before = await readPerson(writer, actor.officeId, personId)
        const after = {
          name: change.name ?? before.name,
          roles: change.roles ?? before.roles,
          signerTitle: change.signerTitle ?? before.signerTitle,
          certificateSha256:
            change.certificateSha256 === undefined ? before.certificateSha256 : change.certificateSha256,
          active: change.active ?? before.active,
        }
        await writer
          .updateTable('person')
          .set({
            name: after.name,
            roles: JSON.stringify(after.roles),
            signer_title: JSON.stringify(after.signerTitle),
            certificate_sha256: after.certificateSha256,
            active: after.active ? 1 : 0,
          })
          .where('office_id', '=', actor.officeId)
          .where('person_id', '=', personId)
          .execute()
        await appendEvent(writer, doer(actor), {
          action: 'person-changed',
          subject: personId,
          data: {
            roles: after.roles.join(' '),
            certificateSha256: after.certificateSha256,
            active: after.active ? 1 : 0,
          },
        })
        return readPerson(writer, actor.officeId, personId)
      })
    },

    setSignatureImage: async (actor, personId, png) => {
      pngSize(png)
      await requireRole(store.reader, actor, 'admin')
      const imageSha256 = await blobs.put(png)
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        await readPerson(writer, actor.officeId, personId)
        await writer
          .updateTable('person')
          .set({ signature_image_sha256: imageSha256 })
          .where('office_id', '=', actor.officeId)
          .where('person_id', '=', personId)
          .execute()
        await appendEvent(writer, doer(actor), {
          action: 'signature-image-set',
          subject: personId,
          data: { imageSha256 },
        })
        return readPerson(writer, actor.officeId, personId)
      })
    },

    list: async actor => {
      await personOf(store.reader, actor)
      const rows = await store.reader
        .selectFrom('person')
        .selectAll()
        .where('office_id', '=', actor.officeId)
        .orderBy('name')
        .execute()
      return rows.map(personView)
    },

    setPassword: async (actor, personId, { current, next }) => {
      const own = personId === actor.personId
      if (own) await checkPassword(store.reader, actor, current)
      else await requireRole(store.reader, actor, 'admin')
      const kept = next === null ? null : await hashPassword(next)
      return store.write(async writer => {
        if (!own) await requireRole(writer, actor, 'admin')
        await readPerson(writer, actor.officeId, personId)
        await writer
          .updateTable('person')
          .set({ password_hash: kept })
          .where('office_id', '=', actor.officeId)
          .where('person_id', '=', personId)
          .execute()
        await appendEvent(writer, doer(actor), {
          action: kept === null ? 'password-removed' : 'password-set',
          subject: personId,
        })
        return readPerson(writer, actor.officeId, personId)
      })
    },

    admit: async (actor, password) => {
      await personOf(store.reader, actor)
      await checkPassword(store.reader, actor, password)
      return readPerson(store.reader, actor.officeId, actor.personId)
    },

    office: async actor => {
      await personOf(store.reader, actor)
      return readOffice(store.reader, actor.officeId)
    },

    setSeal: async (actor, seal) => {
      const certificateSha256 = parseInput(sha256, seal.certificateSha256)
      if (seal.png) pngSize(seal.png)
      await requireRole(store.reader, actor, 'admin')
      const newImage = seal.png ? await blobs.put(seal.png) : null
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const before = await officeOf(writer, actor.officeId)
        const imageSha256 = seal.png === undefined ? before.seal_image_sha256 : newImage
        await writer
          .updateTable('office')
          .set({ seal_certificate_sha256: certificateSha256, seal_image_sha256: imageSha256 })
          .where('office_id', '=', actor.officeId)
          .execute()
        await appendEvent(writer, doer(actor), {
          action: 'seal-set',
          subject: actor.officeId,
          data: { certificateSha256, imageSha256 },
        })
        return readOffice(writer, actor.officeId)
      })
    },

    settings: async actor => {
      await personOf(store.reader, actor)
      return settingsOf(store.reader, actor.officeId)
    },

    changeSettings: async (actor, change) => {
      return store.write(async writer => {
        await requireRole(writer, actor, 'admin')
        const before = await settingsOf(writer, actor.officeId)
        const after = parseInput(officeSettingsSchema, { ...before, ...change })
        for (const [name, setting] of Object.entries(after).filter(([each]) => each in change)) {
          const value = JSON.stringify(setting)
          await writer
            .insertInto('setting')
            .values({ office_id: actor.officeId, name, value })
            .onConflict(conflict => conflict.columns(['office_id', 'name']).doUpdateSet({ value }))
            .execute()
          await appendEvent(writer, doer(actor), { action: 'setting-changed', subject: name })
        }
        return settingsOf(writer, actor.officeId)
      })
    },
  }
}
