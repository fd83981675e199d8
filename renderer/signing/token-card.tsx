import { IconAlertTriangle, IconCircleCheck, IconLock, IconUsb } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { CertificateItem, TokenItem } from '../../electron/api/contract/signing.ts'
import { commonName } from '../data/certificate-name.ts'
import { day } from '../data/format.ts'
import { useNow } from '../design/use-now.ts'

const DAY = 86_400_000
/** A certificate of the office needs weeks to be renewed. */
const EXPIRES_SOON_DAYS = 45

const signs = {
  ok: IconCircleCheck,
  'count-low': IconAlertTriangle,
  'final-try': IconAlertTriangle,
  locked: IconLock,
  'not-set': IconLock,
}

/** Which token, which certificate, valid until when, and how the PIN stands: all before anything is typed. */
export function TokenCard({
  token,
  certificate,
}: {
  readonly token: TokenItem
  readonly certificate: CertificateItem
}) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const days = Math.floor((new Date(certificate.validUntil).getTime() - now.getTime()) / DAY)
  const Sign = signs[token.pinState]
  return (
    <div className="token-card">
      <IconUsb size={28} stroke={1.5} aria-hidden="true" />
      <dl>
        <dt>{t('pin.token')}</dt>
        <dd>
          <strong>{token.label}</strong> <span className="quiet">{token.serialNumber}</span>
        </dd>
        <dt>{t('pin.certificate')}</dt>
        <dd>
          <strong>{certificate.commonName}</strong>
          <div className="quiet">{t('pin.issuer', { name: commonName(certificate.issuer) })}</div>
        </dd>
        <dt>{t('pin.validUntil')}</dt>
        <dd data-tone={days < EXPIRES_SOON_DAYS ? 'warning' : undefined}>
          {day(certificate.validUntil, i18n.language)}
          {days < EXPIRES_SOON_DAYS && <strong> {t('pin.expiresIn', { n: Math.max(0, days) })}</strong>}
        </dd>
        <dt>{t('pin.state')}</dt>
        <dd data-tone={token.pinState === 'ok' ? 'good' : token.pinState === 'count-low' ? 'warning' : 'error'}>
          <Sign size={16} aria-hidden="true" /> {t(`pin.states.${token.pinState}`)}
        </dd>
      </dl>
    </div>
  )
}
