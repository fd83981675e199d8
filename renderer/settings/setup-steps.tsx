import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconLoader2, IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { OfficeItem } from '../../electron/api/contract/people.ts'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import type { TokenList } from '../../electron/api/contract/signing.ts'
import { toNotice } from '../data/notice.ts'
import { useScanners } from '../data/scanning.ts'
import { useOffice, usePeople, useSealProblem, useServices } from '../data/settings.ts'
import { useTokens } from '../data/signing.ts'
import './setup-steps.css'

const NEEDED = ['officer', 'signer', 'clerk'] as const satisfies readonly PersonItem['roles'][number][]
const marks = { good: IconCircleCheck, bad: IconAlertTriangle, wait: IconLoader2 }

interface Step {
  readonly name: string
  readonly mark: keyof typeof marks
  readonly words: string
}

/** What the office needs before its first copy, each tried against what is really there. */
export function SetupSteps() {
  const { t } = useTranslation()
  const office = useOffice()
  const people = usePeople()
  const tokens = useTokens()
  const scanners = useScanners()
  const services = useServices()
  const seal = useSealProblem(office.data?.sealCertificateSha256 ?? null)

  /** A step from an answer that may still be under way, or be a fault. */
  const step = <Data,>(
    name: string,
    query: { readonly data: Data | undefined; readonly error: unknown; readonly isFetching: boolean },
    judge: (data: Data) => Pick<Step, 'mark' | 'words'>,
  ): Step => {
    if (query.isFetching) return { name, mark: 'wait', words: t('setup.checking') }
    if (query.data === undefined) return { name, mark: 'bad', words: toNotice(query.error, t).what }
    return { name, ...judge(query.data) }
  }
  const steps: readonly Step[] = [
    step(t('setup.office'), office, ({ name }) => ({ mark: 'good', words: name })),
    step(t('setup.people'), people, all => {
      const missing = NEEDED.filter(role => !all.some(person => person.active && person.roles.includes(role)))
      const roles = missing.map(role => t(`role.${role}`)).join(', ')
      return missing.length === 0
        ? { mark: 'good', words: t('setup.peopleOk') }
        : { mark: 'bad', words: t('setup.peopleMissing', { roles }) }
    }),
    step(t('setup.token'), tokens, seen => {
      const state = tokenState(seen, people.data ?? [], office.data ?? null)
      // A token that is missed may be behind a driver or key file that could not be asked.
      const behind = state === 'tokenNone' || state === 'tokenAway' ? seen.faults[0]?.error : null
      const fault = state === 'tokenOk' ? seal.data : behind
      const words = fault ? `${fault.what} ${fault.todo}` : t(`setup.${state}`)
      return { mark: state === 'tokenOk' && !fault ? 'good' : 'bad', words }
    }),
    step(t('setup.scanner'), scanners, all =>
      all.length > 0
        ? { mark: 'good', words: t('setup.scannerOk', { names: all.map(nameOf).join(', ') }) }
        : { mark: 'bad', words: t('setup.scannerNone') },
    ),
    ...(['timestamp', 'delivery'] as const).map(service =>
      step(t(`setup.${service}`), services, all => {
        const state = all.find(each => each.service === service)?.state ?? 'not-set'
        return { mark: state === 'there' ? ('good' as const) : ('bad' as const), words: t(`setup.states.${state}`) }
      }),
    ),
  ]
  const again = () => {
    for (const query of [office, people, tokens, seal, scanners, services]) void query.refetch()
  }
  return (
    <section className="card" aria-labelledby="setup-title">
      <div className="setup-head">
        <h2 id="setup-title">{t('setup.title')}</h2>
        <Button size="xs" variant="default" leftSection={<IconRefresh size={16} />} onClick={again}>
          {t('setup.again')}
        </Button>
      </div>
      <p className="quiet">{t('setup.note')}</p>
      <ol className="setup-steps">
        {steps.map(({ name, mark, words }) => {
          const Mark = marks[mark]
          return (
            <li key={name} data-mark={mark}>
              <Mark size={20} role="img" aria-label={t(`setup.marks.${mark}`)} />
              <strong>{name}</strong>
              <span>{words}</span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}

const nameOf = ({ vendor, model }: { readonly vendor: string; readonly model: string }) => `${vendor} ${model}`.trim()

/** How far the tokens are: one seen, signer's and office's certificates linked, and these plugged in. */
export function tokenState(
  { tokens }: Pick<TokenList, 'tokens'>,
  people: readonly Pick<PersonItem, 'roles' | 'active' | 'certificateSha256'>[],
  office: Pick<OfficeItem, 'sealCertificateSha256'> | null,
): 'tokenOk' | 'tokenNone' | 'tokenSigner' | 'tokenSeal' | 'tokenAway' {
  const held = new Set(tokens.flatMap(token => token.certificates.map(each => each.sha256)))
  if (tokens.length === 0) return 'tokenNone'
  const signers = people.flatMap(each =>
    each.active && each.roles.includes('signer') && each.certificateSha256 ? [each.certificateSha256] : [],
  )
  if (signers.length === 0) return 'tokenSigner'
  const seal = office?.sealCertificateSha256 ?? null
  if (seal === null) return 'tokenSeal'
  return held.has(seal) && signers.some(each => held.has(each)) ? 'tokenOk' : 'tokenAway'
}
