import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { PersonTable } from '../../store/schema.ts'
import type { Reader } from '../../store/store.ts'
import { OfficeError } from '../errors.ts'
import { fromJson } from '../parts.ts'
import { type Actor, type PersonView, ROLES, type Role } from '../types.ts'

export const rolesSchema = z.array(z.enum(ROLES))
const signerTitleSchema = z.array(z.string())

/** A row that another hand has made unreadable gives no rights, and stops no audit, which names it. */
function linesOf<Line>(schema: z.ZodType<readonly Line[]>, text: string): readonly Line[] {
  try {
    return fromJson(schema, text)
  } catch {
    return []
  }
}

export function personView(row: Selectable<PersonTable>): PersonView {
  return {
    id: row.person_id,
    name: row.name,
    roles: linesOf(rolesSchema, row.roles),
    signerTitle: linesOf(signerTitleSchema, row.signer_title),
    certificateSha256: row.certificate_sha256,
    hasSignatureImage: row.signature_image_sha256 !== null,
    hasPassword: row.password_hash !== null,
    active: row.active === 1,
  }
}

/** @throws OfficeError person-unknown */
export async function readPerson(reader: Reader, officeId: string, personId: string): Promise<PersonView> {
  const row = await reader
    .selectFrom('person')
    .selectAll()
    .where('office_id', '=', officeId)
    .where('person_id', '=', personId)
    .executeTakeFirst()
  if (!row) throw new OfficeError('person-unknown')
  return personView(row)
}

/** The person behind the actor. @throws OfficeError person-unknown, person-inactive */
export async function personOf(reader: Reader, actor: Actor): Promise<PersonView> {
  const person = await readPerson(reader, actor.officeId, actor.personId)
  if (!person.active) throw new OfficeError('person-inactive')
  return person
}

/** The person behind the actor, who must have one of the roles. @throws OfficeError role-missing and those of `personOf` */
export async function requireRole(reader: Reader, actor: Actor, ...roles: readonly Role[]): Promise<PersonView> {
  const person = await personOf(reader, actor)
  if (!roles.some(role => person.roles.includes(role))) {
    throw new OfficeError('role-missing', { roles: roles.join(' | ') })
  }
  return person
}
