import { Button, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskSettingsItem } from '../../electron/api/contract/settings.ts'
import { toNotice } from '../data/notice.ts'
import { useDeskSettings, useSettingsActions } from '../data/settings.ts'
import { Answer } from '../design/answer.tsx'
import { ErrorBox } from '../design/error-notice.tsx'

/** Devices and services of this PC. */
export function DeskSettings({ administrator }: { readonly administrator: boolean }) {
  const { t } = useTranslation()
  const settings = useDeskSettings()
  return (
    <section className="card" aria-labelledby="desk-title">
      <h2 id="desk-title">{t('settings.desk')}</h2>
      <Answer query={settings}>{saved => <Fields saved={saved} administrator={administrator} />}</Answer>
    </section>
  )
}

const lines = (text: string): string[] => text.split('\n').flatMap(line => line.trim() || [])

function Fields({ saved, administrator }: { readonly saved: DeskSettingsItem; readonly administrator: boolean }) {
  const { t } = useTranslation()
  const { changeDesk } = useSettingsActions()
  const [modules, setModules] = useState(saved.tokenModules.join('\n'))
  const [scanners, setScanners] = useState(saved.extraScanners.join('\n'))
  const [timestampUrl, setTimestampUrl] = useState(saved.timestampUrl ?? '')
  const save = (event: FormEvent) => {
    event.preventDefault()
    changeDesk.mutate({
      tokenModules: lines(modules),
      extraScanners: lines(scanners),
      timestampUrl: timestampUrl.trim() || null,
    })
  }
  return (
    <form onSubmit={save}>
      {changeDesk.error && <ErrorBox notice={toNotice(changeDesk.error, t)} />}
      <fieldset className="settings-plain" disabled={!administrator}>
        <div className="settings-fields">
          <Textarea
            label={t('settings.tokenModules')}
            description={t('settings.tokenModulesNote')}
            autosize
            minRows={2}
            value={modules}
            onChange={event => setModules(event.currentTarget.value)}
          />
          <Textarea
            label={t('settings.scanners')}
            description={t('settings.scannersNote')}
            autosize
            minRows={2}
            value={scanners}
            onChange={event => setScanners(event.currentTarget.value)}
          />
          <TextInput
            label={t('settings.timestampUrl')}
            description={t('settings.timestampUrlNote')}
            type="url"
            value={timestampUrl}
            onChange={event => setTimestampUrl(event.currentTarget.value)}
          />
          <TextInput label={t('settings.delivery')} readOnly value={t(`settings.deliveries.${saved.delivery}`)} />
        </div>
        {administrator && (
          <Button type="submit" mt="md" loading={changeDesk.isPending}>
            {t('settings.saveAndReopen')}
          </Button>
        )}
      </fieldset>
    </form>
  )
}
