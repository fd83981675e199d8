import { Alert } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { CopyVerdictItem, SignatureItem, VerificationItem } from '../../electron/api/contract/verify.ts'
import { commonName } from '../data/certificate-name.ts'
import { dayAndTime } from '../data/format.ts'
import { ScrollPart } from '../design/scroll-part.tsx'

const LOOKS = {
  valid: { colour: 'green', Icon: IconCircleCheck },
  uncertain: { colour: 'yellow', Icon: IconAlertTriangle },
  'not-valid': { colour: 'red', Icon: IconCircleX },
  unsigned: { colour: 'red', Icon: IconCircleX },
} as const

const TONES = { 'TOTAL-PASSED': 'good', INDETERMINATE: 'warning', 'TOTAL-FAILED': 'error' } as const

/** What the file is worth, in words for somebody who knows nothing of signatures; the technical facts folded away. */
export function Report({
  result,
  onPage,
}: {
  readonly result: VerificationItem
  /** Somebody wants to see that page. */
  readonly onPage: (page: number) => void
}) {
  const { t } = useTranslation()
  const { colour, Icon } = LOOKS[result.verdict]
  return (
    <ScrollPart className="verify-report on-paper" aria-label={t('verify.report')}>
      <Alert
        role="status"
        color={colour}
        icon={<Icon aria-hidden="true" />}
        title={t(`verify.verdictOf.${result.verdict}`)}
      >
        {t(`verify.meaningOf.${result.verdict}`)}
        <div className="quiet verify-file">{result.fileName}</div>
      </Alert>
      {result.copy && <Copy copy={result.copy} />}
      {result.signatures.map(signature => (
        <Signature key={`${signature.field} ${signature.revisionEnd}`} signature={signature} onPage={onPage} />
      ))}
    </ScrollPart>
  )
}

function Copy({ copy }: { readonly copy: CopyVerdictItem }) {
  const { t } = useTranslation()
  return (
    <section className="card verify-signature" aria-labelledby="verify-copy">
      <h2 id="verify-copy">{t('verify.copy', { number: copy.number ?? '?', book: copy.book ?? '?' })}</h2>
      {copy.good ? (
        <p data-tone="good">{t('verify.copyGood')}</p>
      ) : (
        <ul className="verify-messages">
          {copy.problems.map(problem => (
            <li key={problem} data-tone="error">
              {problem}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

interface SignatureProps {
  readonly signature: SignatureItem
  readonly onPage: (page: number) => void
}

function Signature({ signature, onPage }: SignatureProps) {
  const { t, i18n } = useTranslation()
  const time = signature.provenTime ?? signature.claimedTime
  const part = signature.kind === 'document-timestamp' ? 'timestamp' : (signature.role ?? 'other')
  return (
    <section className="card verify-signature" aria-label={signature.signerName}>
      <div>
        <p className="quiet">{t(`verify.partOf.${part}`)}</p>
        <h2>{signature.signerName}</h2>
      </div>
      <p data-tone={TONES[signature.indication]} className="verify-verdict">
        {t(`verify.indication.${signature.indication}`)}
      </p>
      {time && (
        <p>
          {t(signature.provenTime ? 'verify.provenTime' : 'verify.claimedTime')}:{' '}
          <strong>{dayAndTime(time, i18n.language)}</strong>
        </p>
      )}
      {signature.messages.length > 0 && (
        <ul className="verify-messages">
          {signature.messages.map(message => (
            <li key={message.text} data-tone={message.severity === 'info' ? undefined : message.severity}>
              {message.text}
            </li>
          ))}
        </ul>
      )}
      <Changes signature={signature} onPage={onPage} />
      <details className="verify-facts">
        <summary>{t('verify.details')}</summary>
        <Facts signature={signature} />
      </details>
    </section>
  )
}

const JUDGED_TONES = { permitted: undefined, hides: 'warning', forbidden: 'error' } as const

/** What came after the signature: said in one sentence where nothing did, else listed with its page. */
function Changes({ signature: { changes, changesAfter, coverage }, onPage }: SignatureProps) {
  const { t } = useTranslation()
  if (coverage === 'partial') return null
  const once = new Map(changes.map(change => [`${change.page} ${change.text}`, change]))
  return (
    <div>
      <h3>{t('verify.changes')}</h3>
      <p data-tone={changesAfter === 'forbidden' ? 'error' : undefined}>{t(`verify.changesOf.${changesAfter}`)}</p>
      {once.size > 0 && (
        <ul className="verify-messages">
          {[...once].map(([key, { text, page, judged }]) => (
            <li key={key} data-tone={JUDGED_TONES[judged]}>
              {page !== null && (
                <>
                  <button type="button" className="verify-to-page" onClick={() => onPage(page)}>
                    {t('verify.onPage', { n: page })}
                  </button>
                  {': '}
                </>
              )}
              {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Facts({ signature }: { readonly signature: SignatureItem }) {
  const { t, i18n } = useTranslation()
  const { certificate } = signature
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    [t('verify.integrity'), t(`verify.integrityOf.${signature.integrity}`)],
    [t('verify.coverage'), t(`verify.coverageOf.${signature.coverage}`)],
    [t('verify.level'), signature.level && `PAdES ${signature.level}`],
    [t('verify.conclusion'), [signature.indication, signature.subIndication].filter(Boolean).join(' / ')],
    [t('verify.issuer'), certificate && commonName(certificate.issuer)],
    [
      t('verify.validity'),
      certificate &&
        `${dayAndTime(certificate.validFrom, i18n.language)} – ${dayAndTime(certificate.validUntil, i18n.language)}`,
    ],
    [t('verify.serial'), certificate?.serialNumber],
    [t('verify.field'), signature.field],
  ]
  return (
    <dl className="facts">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name} className="fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}
