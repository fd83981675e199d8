import { OfficeError } from '../office/errors.ts'
import type { Actor } from '../office/types.ts'
import { isOfficeName } from '../office/verification/names.ts'
import type { ApiDesk } from './context.ts'

/**
 * Why every copy sealed with this certificate would be judged as another office's: it bears another name. No refusal, since the office may
 * have been renamed.
 * @returns null where it is the office's, or on no token that is plugged in
 */
export async function sealProblem(
  desk: Pick<ApiDesk, 'tokens' | 'office'>,
  actor: Actor,
  certificateSha256: string,
): Promise<OfficeError | null> {
  const { name: office } = await desk.office.people.office(actor)
  const seen = await desk.tokens.list()
  const certificate = seen
    .flatMap(each => ('slotId' in each ? each.certificates : []))
    .find(({ sha256 }) => sha256 === certificateSha256)
  if (!certificate || isOfficeName(certificate.commonName, office)) return null
  return new OfficeError('seal-other-name', { name: certificate.commonName, office })
}
