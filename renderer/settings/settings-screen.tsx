import { Stack, Switch, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { ClockSettings } from '../audit/clock-settings.tsx'
import { useSession } from '../data/session.ts'
import { Screen } from '../design/screen.tsx'
import { LanguageSwitch } from '../shell/language-switch.tsx'
import { useSingleKeys } from '../shell/use-single-keys.ts'
import { BackupSettings } from './backup-settings.tsx'
import { DeskSettings } from './desk-settings.tsx'
import { OfficeName } from './office-name.tsx'
import { OfficeSettingsForm } from './office-settings.tsx'
import { PeopleSettings } from './people-settings.tsx'
import { PracticeSettings } from './practice-settings.tsx'
import { SealSettings } from './seal-settings.tsx'
import { SetupSteps } from './setup-steps.tsx'
import { UpdateSettings } from './update-settings.tsx'
import './settings.css'

/** This window's look for everybody; the office, its people and this PC's devices for the administrator. */
export function SettingsScreen({ person }: { readonly person: PersonItem }) {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true })
  const [singleKeys, setSingleKeys] = useSingleKeys()
  const practice = useSession().data?.office?.practice ?? false
  const administrator = person.roles.includes('admin')
  return (
    <Screen title={t('settings.title')} help="settings">
      <Stack gap="md" className="settings">
        <section className="card" aria-labelledby="window-title">
          <h2 id="window-title">{t('settings.window')}</h2>
          <div className="settings-row">
            <span>{t('settings.language')}</span>
            <LanguageSwitch />
          </div>
          <Switch
            label={t('settings.dark')}
            checked={colorScheme === 'dark'}
            onChange={event => setColorScheme(event.currentTarget.checked ? 'dark' : 'light')}
          />
          <Switch
            label={t('settings.singleKeys')}
            description={t('settings.singleKeysNote')}
            checked={singleKeys}
            onChange={event => setSingleKeys(event.currentTarget.checked)}
          />
        </section>
        {administrator && <SetupSteps />}
        {!administrator && <p className="quiet">{t('settings.onlyAdministrator')}</p>}
        <PeopleSettings worker={person} administrator={administrator} />
        <OfficeName administrator={administrator} />
        <SealSettings administrator={administrator} />
        <OfficeSettingsForm administrator={administrator} />
        <ClockSettings person={person} />
        {administrator && practice && <p className="quiet">{t('settings.notInPractice')}</p>}
        <DeskSettings changeable={administrator && !practice} />
        {!practice && <BackupSettings changeable={administrator} />}
        <UpdateSettings changeable={administrator && !practice} />
        {administrator && <PracticeSettings />}
      </Stack>
    </Screen>
  )
}
