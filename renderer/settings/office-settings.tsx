import { Button, NumberInput, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OfficeSettings } from '../../electron/api/contract/settings.ts'
import { toNotice } from '../data/notice.ts'
import { useOfficeSettings, useSettingsActions } from '../data/settings.ts'
import { Answer } from '../design/answer.tsx'
import { HourInput } from '../design/day-input.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { DaysField } from './days-field.tsx'
import { ExemptionsField } from './exemptions-field.tsx'

const PLACEMENTS = ['auto', 'last-page', 'new-page'] as const satisfies readonly OfficeSettings['statementPlacement'][]

/** Rules of this office that the law leaves open. */
export function OfficeSettingsForm({ administrator }: { readonly administrator: boolean }) {
  const { t } = useTranslation()
  const settings = useOfficeSettings()
  return (
    <section className="card" aria-labelledby="office-title">
      <h2 id="office-title">{t('settings.office')}</h2>
      <Answer query={settings}>{saved => <Fields saved={saved} administrator={administrator} />}</Answer>
    </section>
  )
}

function Fields({ saved, administrator }: { readonly saved: OfficeSettings; readonly administrator: boolean }) {
  const { t } = useTranslation()
  const { changeOffice } = useSettingsActions()
  const [settings, setSettings] = useState(saved)
  const [holidays, setHolidays] = useState<readonly string[] | null>(saved.extraHolidays)
  const [workdays, setWorkdays] = useState<readonly string[] | null>(saved.extraWorkdays)
  const change = (part: Partial<OfficeSettings>) => setSettings(before => ({ ...before, ...part }))
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (holidays && workdays)
      changeOffice.mutate({ ...settings, extraHolidays: [...holidays], extraWorkdays: [...workdays] })
  }
  return (
    <form onSubmit={save}>
      {changeOffice.error && <ErrorBox notice={toNotice(changeOffice.error, t)} />}
      <fieldset className="settings-plain" disabled={!administrator}>
        <div className="settings-fields">
          <TextInput
            label={t('settings.bookSymbol')}
            value={settings.bookSymbol}
            onChange={event => change({ bookSymbol: event.currentTarget.value })}
          />
          <HourInput
            label={t('settings.workdayEnds')}
            value={settings.workdayEnds}
            onChange={workdayEnds => change({ workdayEnds })}
          />
          <Select
            label={t('settings.statementPlacement')}
            data={PLACEMENTS.map(value => ({ value, label: t(`settings.placements.${value}`) }))}
            value={settings.statementPlacement}
            disabled={!administrator}
            onChange={value => change({ statementPlacement: PLACEMENTS.find(each => each === value) ?? 'auto' })}
          />
          <NumberInput
            label={t('settings.sealDiameter')}
            min={10}
            max={60}
            value={settings.sealDiameterMm}
            onChange={value => change({ sealDiameterMm: Number(value) || settings.sealDiameterMm })}
          />
          <NumberInput
            label={t('settings.claimMinutes')}
            min={1}
            max={1440}
            allowDecimal={false}
            value={settings.claimMinutes}
            onChange={value => change({ claimMinutes: Number(value) || settings.claimMinutes })}
          />
          <NumberInput
            label={t('settings.clockGapDays')}
            min={1}
            max={60}
            allowDecimal={false}
            value={settings.clockGapDays}
            onChange={value => change({ clockGapDays: Number(value) || settings.clockGapDays })}
          />
          <DaysField
            label={t('settings.extraHolidays')}
            description={t('settings.extraHolidaysNote')}
            days={saved.extraHolidays}
            onChange={setHolidays}
          />
          <DaysField
            label={t('settings.extraWorkdays')}
            description={t('settings.extraWorkdaysNote')}
            days={saved.extraWorkdays}
            onChange={setWorkdays}
          />
        </div>
        <ExemptionsField
          exemptions={settings.feeExemptions}
          onChange={feeExemptions => change({ feeExemptions: [...feeExemptions] })}
        />
        {administrator && (
          <Button type="submit" mt="md" loading={changeOffice.isPending} disabled={!holidays || !workdays}>
            {t(changeOffice.isSuccess ? 'settings.saved' : 'general.save')}
          </Button>
        )}
      </fieldset>
    </form>
  )
}
