import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconKey, IconLock, IconUsb } from '@tabler/icons-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ManagedToken } from '../../electron/api/contract/tokens.ts'
import { CertificateLine } from './certificate-line.tsx'

const signs = {
  ok: { picture: IconCircleCheck, tone: 'good' },
  'count-low': { picture: IconAlertTriangle, tone: 'warning' },
  'final-try': { picture: IconAlertTriangle, tone: 'error' },
  locked: { picture: IconLock, tone: 'error' },
  'not-set': { picture: IconLock, tone: 'error' },
} as const

/** One token: whose making, how its PIN stands, and its certificates. */
export function TokenPanel({ token, onChangePin }: { readonly token: ManagedToken; readonly onChangePin: () => void }) {
  const { t } = useTranslation()
  const title = useId()
  const { picture: Picture, tone } = signs[token.pinState]
  const own = token.certificates.filter(each => !each.isIssuer)
  const issuers = token.certificates.filter(each => each.isIssuer)
  return (
    <section className="card token-panel" aria-labelledby={title}>
      <header>
        <IconUsb size={32} stroke={1.5} aria-hidden="true" />
        <div>
          <h2 id={title}>{token.label}</h2>
          <p className="quiet">
            {[
              token.issuer ?? token.manufacturer,
              token.model,
              token.serialNumber && t('tokens.serial', { serial: token.serialNumber }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        {token.newPin && (
          <Button
            variant="default"
            leftSection={<IconKey size={18} />}
            disabled={token.pinState === 'locked' || token.pinState === 'not-set'}
            onClick={onChangePin}
          >
            {t('tokens.changePin')}
            <span className="visually-hidden"> {token.label}</span>
          </Button>
        )}
      </header>
      <p className="token-pin" data-tone={tone}>
        <Picture size={18} aria-hidden="true" /> {t(`tokens.pin.${token.pinState}`)}
      </p>
      {own.length === 0 && <p className="quiet">{t('tokens.noCertificate')}</p>}
      <ul className="token-certificates">
        {own.map(each => (
          <CertificateLine key={each.sha256} certificate={each} />
        ))}
      </ul>
      {issuers.length > 0 && (
        <p className="quiet">{t('tokens.issuers', { names: issuers.map(each => each.commonName).join('; ') })}</p>
      )}
    </section>
  )
}
