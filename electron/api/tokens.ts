import type { Certificate, TokenInfo } from '../../native-signing/types.ts'
import { explain, type Language } from '../messages.ts'
import type { Actor } from '../office/types.ts'
import type { ApiDesk } from './context.ts'
import {
  type CertificateUse,
  changePinSchema,
  type ManagedCertificate,
  type ManagedToken,
  overviewSchema,
  type TokenOverview,
} from './contract/tokens.ts'
import { certificateItem, tokenItem } from './items.ts'
import { personProcedure, router } from './procedures.ts'

/** The token manager: what is plugged in, what it is good for, and its PIN. */
export const tokensRouter = router({
  overview: personProcedure
    .input(overviewSchema)
    .query(async ({ ctx: { desk, actor, host }, input }): Promise<TokenOverview> => {
      const seen = await desk.tokens.list({}, input.anew)
      const uses = await usesOf(desk, actor)
      const language = host.language()
      const tokens = seen.flatMap(each => ('slotId' in each ? [managedToken(each, desk, uses, language)] : []))
      return {
        tokens: tokens.sort(
          (one, other) => nearness(one) - nearness(other) || one.label.localeCompare(other.label, 'vi'),
        ),
        faults: seen.flatMap(each =>
          'error' in each ? [{ module: each.module, error: explain(each.error, language) }] : [],
        ),
      }
    }),

  /** A query by name only: nothing in the office changes, so no window is told. */
  changePin: personProcedure.input(changePinSchema).query(async ({ ctx: { desk, session }, input }): Promise<null> => {
    const [pin, newPin] = [bytesOf(input.pin), bytesOf(input.newPin)]
    const { module, slotId, serialNumber, lastTryConfirmed } = input
    // With the old PIN nothing may be tried any more.
    await session.token.release()
    await desk.tokens.changePin({ module, slotId, serialNumber }, { pin, newPin, lastTryConfirmed })
    return null
  }),
})

const bytesOf = (pin: string | null): Buffer | null => (pin === null ? null : Buffer.from(pin, 'utf8'))

/** One's own token stands first, then the office's others, then strangers'. */
function nearness({ certificates }: ManagedToken): number {
  const uses = certificates.flatMap(each => each.uses)
  if (uses.some(use => use.kind === 'person' && use.mine)) return 0
  return uses.length > 0 ? 1 : 2
}

type Uses = (certificateSha256: string) => readonly CertificateUse[]

async function usesOf(desk: ApiDesk, actor: Actor): Promise<Uses> {
  const people = await desk.people()
  const { sealCertificateSha256 } = await desk.office.people.office(actor)
  return sha256 => [
    ...people
      .filter(person => person.active && person.certificateSha256 === sha256)
      .map(person => ({ kind: 'person', name: person.name, mine: person.id === actor.personId }) as const),
    ...(sealCertificateSha256 === sha256 ? [{ kind: 'seal' } as const] : []),
  ]
}

function managedToken(token: TokenInfo, desk: ApiDesk, uses: Uses, language: Language): ManagedToken {
  const certificate = (each: Certificate): ManagedCertificate => {
    const { isIssuer, problem } = desk.tokens.judge(each, token)
    const fault = problem && explain(problem, language)
    return { ...certificateItem(each), isIssuer, uses: uses(each.sha256), fault }
  }
  return {
    ...tokenItem(token),
    issuer: desk.tokens.issuerOf(token.module),
    newPin: desk.tokens.newPinLimits(token),
    certificates: token.certificates.map(certificate),
  }
}
