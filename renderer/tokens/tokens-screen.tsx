import { Button } from '@mantine/core'
import { IconRefresh, IconUsb } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ManagedToken } from '../../electron/api/contract/tokens.ts'
import { useTokenOverview } from '../data/tokens.ts'
import { Answer } from '../design/answer.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { Screen } from '../design/screen.tsx'
import { ChangePinDialog } from './change-pin-dialog.tsx'
import { TokenPanel } from './token-panel.tsx'
import './tokens.css'

/** Where a token is named: its slot may soon hold another. */
const placeOf = ({ module, slotId, serialNumber }: ManagedToken): string => `${module} ${slotId} ${serialNumber}`

/** What is plugged in, what it is good for, and its PIN. */
export function TokensScreen() {
  const { t } = useTranslation()
  const [changing, setChanging] = useState<string | null>(null)
  const { query, lookAnew } = useTokenOverview(changing === null)
  const token = query.data?.tokens.find(each => placeOf(each) === changing)
  return (
    <Screen
      title={t('tokens.title')}
      subtitle={t('tokens.subtitle')}
      help="tokens"
      actions={
        <Button variant="default" leftSection={<IconRefresh size={18} />} onClick={() => void lookAnew()}>
          {t('tokens.again')}
        </Button>
      }
    >
      <Answer query={query}>
        {({ tokens, faults }) => (
          <div className="tokens">
            {tokens.map(each => (
              <TokenPanel key={placeOf(each)} token={each} onChangePin={() => setChanging(placeOf(each))} />
            ))}
            {tokens.length === 0 && (
              <EmptyState icon={IconUsb} title={t('tokens.nothing')} text={t('tokens.nothingText')} />
            )}
            {faults.map(({ module, error }) => {
              const name = t(error.code.startsWith('key-file-') ? 'tokens.keyFile' : 'tokens.driver', { module })
              return (
                <section key={module} aria-label={name}>
                  <p className="quiet tokens-driver">{name}</p>
                  <ErrorBox notice={error} />
                </section>
              )
            })}
          </div>
        )}
      </Answer>
      {token?.newPin && <ChangePinDialog token={token} limits={token.newPin} onClose={() => setChanging(null)} />}
    </Screen>
  )
}
