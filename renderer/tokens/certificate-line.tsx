import { Badge } from '@mantine/core'
import { IconCertificate, IconCertificateOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { CertificateUse, ManagedCertificate } from '../../electron/api/contract/tokens.ts'
import { commonName } from '../data/certificate-name.ts'
import { day } from '../data/format.ts'

const colours = { mine: 'blue', seal: 'red', other: 'gray' } as const

const kindOf = (use: CertificateUse) => (use.kind === 'seal' ? 'seal' : use.mine ? 'mine' : 'other')
const nameOf = (use: CertificateUse) => (use.kind === 'seal' ? '' : use.name)

/** A certificate: whose, from when to when, and whether it can sign; where not, why and what to do. */
export function CertificateLine({ certificate }: { readonly certificate: ManagedCertificate }) {
  const { t, i18n } = useTranslation()
  const { fault, uses } = certificate
  const Picture = fault ? IconCertificateOff : IconCertificate
  return (
    <li data-usable={fault === null}>
      <Picture size={24} stroke={1.5} aria-hidden="true" />
      <div>
        <div className="token-certificate-name">
          <strong>{certificate.commonName}</strong>
          {uses.map(use => {
            const kind = kindOf(use)
            return (
              <Badge key={nameOf(use)} radius="sm" variant="light" color={colours[kind]}>
                {t(`tokens.use.${kind}`, { name: nameOf(use) })}
              </Badge>
            )
          })}
        </div>
        <div className="quiet">
          {t('tokens.validity', {
            from: day(certificate.validFrom, i18n.language),
            until: day(certificate.validUntil, i18n.language),
            issuer: commonName(certificate.issuer),
          })}
        </div>
        {fault ? (
          <div data-tone="error">
            {fault.what} <span className="token-todo">{fault.todo}</span>
          </div>
        ) : (
          <div data-tone={uses.length === 0 ? 'warning' : 'good'}>
            {t(uses.length === 0 ? 'tokens.notRegistered' : 'tokens.canSign')}
          </div>
        )}
      </div>
    </li>
  )
}
