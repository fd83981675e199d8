import { Button, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskSettingsItem } from '../../electron/api/contract/settings.ts'
import { toNotice } from '../data/notice.ts'
import { useDeskSettings, useSettingsActions } from '../data/settings.ts'
import { Answer } from '../design/answer.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { lookOf } from './look-of.ts'

/** Devices and services of this PC. */
export function DeskSettings({ changeable }: { readonly changeable: boolean }) {
  const { t } = useTranslation()
  const settings = useDeskSettings()
  return (
    <section className="card" aria-labelledby="desk-title">
      <h2 id="desk-title">{t('settings.desk')}</h2>
      <Answer query={settings}>{saved => <Fields saved={saved} changeable={changeable} />}</Answer>
    </section>
  )
}

const lines = (text: string): string[] => text.split('\n').flatMap(line => line.trim() || [])

function Fields({ saved, changeable }: { readonly saved: DeskSettingsItem; readonly changeable: boolean }) {
  const { t } = useTranslation()
  const { changeDesk } = useSettingsActions()
  const [modules, setModules] = useState(saved.tokenModules.join('\n'))
  const [scanners, setScanners] = useState(saved.extraScanners.join('\n'))
  const [timestampUrl, setTimestampUrl] = useState(saved.timestampUrl ?? '')
  const look = lookOf(changeable)
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
      <div className="settings-fields">
        <Textarea
          label={t('settings.tokenModules')}
          description={t('settings.tokenModulesNote')}
          {...look}
          autosize
          minRows={2}
          value={modules}
          onChange={event => setModules(event.currentTarget.value)}
        />
        <Textarea
          label={t('settings.scanners')}
          description={t('settings.scannersNote')}
          {...look}
          autosize
          minRows={2}
          value={scanners}
          onChange={event => setScanners(event.currentTarget.value)}
        />
        <TextInput
          label={t('settings.timestampUrl')}
          description={t('settings.timestampUrlNote')}
          {...look}
          type="url"
          value={timestampUrl}
          onChange={event => setTimestampUrl(event.currentTarget.value)}
        />
        <TextInput
          label={t('settings.delivery')}
          {...lookOf(false)}
          value={t(`settings.deliveries.${saved.delivery}`)}
        />
      </div>
      {changeable && (
        <Button type="submit" mt="md" loading={changeDesk.isPending}>
          {t('settings.saveAndReopen')}
        </Button>
      )}
    </form>
  )
}
