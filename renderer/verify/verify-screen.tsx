import { Alert, Button, FileButton, Stack } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconFileSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { SignatureItem } from '../../electron/api/contract/verify.ts'
import { commonName } from '../data/certificate-name.ts'
import { dayAndTime } from '../data/format.ts'
import { toNotice } from '../data/notice.ts'
import { useVerification } from '../data/verify.ts'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { Screen } from '../design/screen.tsx'
import { DropZone } from '../officer/drop-zone.tsx'
import '../officer/workbench.css'
import './verify.css'

/** Is this signed PDF genuine? The verdict first, then each signature and what speaks for or against it. */
export function VerifyScreen() {
  const { t } = useTranslation()
  const verification = useVerification()
  const judge = (file: File | null | undefined) => file && verification.mutate(file)
  const choose = (
    <FileButton accept="application/pdf" onChange={judge}>
      {props => (
        <Button {...props} loading={verification.isPending}>
          {t('verify.choose')}
        </Button>
      )}
    </FileButton>
  )
  return (
    <Screen
      title={t('verify.title')}
      help="verify"
      actions={verification.data && choose}
      reading={verification.data !== undefined}
    >
      <DropZone disabled={verification.isPending} onFiles={([file]) => judge(file)}>
        {verification.error && <ErrorBox notice={toNotice(verification.error, t)} />}
        {verification.data ? (
          <Stack gap="md">
            <Alert
              role="status"
              color={verification.data.valid ? 'green' : 'red'}
              icon={
                verification.data.valid ? <IconCircleCheck aria-hidden="true" /> : <IconCircleX aria-hidden="true" />
              }
              title={t(verification.data.valid ? 'verify.valid' : 'verify.invalid')}
            >
              {verification.data.fileName} · {t('verify.signatures', { n: verification.data.signatures.length })}
            </Alert>
            {verification.data.signatures.map(signature => (
              <Signature key={signature.field} signature={signature} />
            ))}
          </Stack>
        ) : (
          <EmptyState icon={IconFileSearch} title={t('verify.empty')} text={t('verify.emptyText')}>
            {choose}
          </EmptyState>
        )}
      </DropZone>
    </Screen>
  )
}

function Signature({ signature }: { readonly signature: SignatureItem }) {
  const { t, i18n } = useTranslation()
  const time = signature.provenTime ?? signature.claimedTime
  return (
    <section className="card verify-signature" aria-label={signature.signerName}>
      <h2>{signature.signerName}</h2>
      <dl className="facts">
        <dt>{t('verify.verdict')}</dt>
        <dd data-tone={signature.indication === 'TOTAL-PASSED' ? 'good' : 'error'}>
          {t(`verify.indication.${signature.indication}`)}
        </dd>
        <dt>{t('verify.integrity')}</dt>
        <dd>{t(`verify.integrityOf.${signature.integrity}`)}</dd>
        <dt>{t('verify.changes')}</dt>
        <dd>{t(`verify.changesOf.${signature.changesAfter}`)}</dd>
        {time && (
          <>
            <dt>{t(signature.provenTime ? 'verify.provenTime' : 'verify.claimedTime')}</dt>
            <dd>{dayAndTime(time, i18n.language)}</dd>
          </>
        )}
        {signature.certificate && (
          <>
            <dt>{t('verify.issuer')}</dt>
            <dd>{commonName(signature.certificate.issuer)}</dd>
          </>
        )}
        {signature.level && (
          <>
            <dt>{t('verify.level')}</dt>
            <dd>{signature.level}</dd>
          </>
        )}
      </dl>
      {signature.messages.length > 0 && (
        <ul className="verify-messages">
          {signature.messages.map(message => (
            <li key={message.text} data-tone={message.severity === 'info' ? undefined : message.severity}>
              {message.text}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
