import { Button, Checkbox, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeskSettingsItem, TokenModuleItem } from '../../electron/api/contract/settings.ts'
import { toNotice } from '../data/notice.ts'
import { useDeskSettings, useSettingsActions, useTokenModules } from '../data/settings.ts'
import { Answer } from '../design/answer.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { lookOf } from './look-of.ts'

/** Devices and services of this PC. */
export function DeskSettings({ changeable }: { readonly changeable: boolean }) {
  const { t } = useTranslation()
  const settings = useDeskSettings()
  const modules = useTokenModules()
  return (
    <section className="card" aria-labelledby="desk-title">
      <h2 id="desk-title">{t('settings.desk')}</h2>
      <Answer query={settings}>
        {saved => (
          <Answer query={modules}>{known => <Fields saved={saved} modules={known} changeable={changeable} />}</Answer>
        )}
      </Answer>
    </section>
  )
}

const lines = (text: string): string[] => text.split('\n').flatMap(line => line.trim() || [])

interface FieldsProps {
  readonly saved: DeskSettingsItem
  readonly modules: readonly TokenModuleItem[]
  readonly changeable: boolean
}

function Fields({ saved, modules, changeable }: FieldsProps) {
  const { t } = useTranslation()
  const { changeDesk } = useSettingsActions()
  const [chosen, setChosen] = useState(modules.flatMap(({ id, isSet }) => (isSet ? id : [])))
  const [scanners, setScanners] = useState(saved.extraScanners.join('\n'))
  const [timestampUrl, setTimestampUrl] = useState(saved.timestampUrl ?? '')
  const look = lookOf(changeable)
  const save = (event: FormEvent) => {
    event.preventDefault()
    changeDesk.mutate({
      tokenModules: chosen,
      extraScanners: lines(scanners),
      timestampUrl: timestampUrl.trim() || null,
    })
  }
  return (
    <form onSubmit={save}>
      {changeDesk.error && <ErrorBox notice={toNotice(changeDesk.error, t)} />}
      <div className="settings-fields">
        <TokenModules known={modules} chosen={chosen} onChoose={setChosen} changeable={changeable} />
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

interface TokenModulesProps {
  readonly known: readonly TokenModuleItem[]
  /** Their ids. */
  readonly chosen: string[]
  readonly onChoose: (ids: string[]) => void
  readonly changeable: boolean
}

/** Those that were found, and others from the system's own dialog. */
function TokenModules({ known, chosen, onChoose, changeable }: TokenModulesProps) {
  const { t } = useTranslation()
  const { chooseTokenModule } = useSettingsActions()
  const [added, setAdded] = useState<readonly TokenModuleItem[]>([])
  const choose = () =>
    chooseTokenModule.mutate(undefined, {
      onSuccess: module => {
        if (!module) return
        setAdded(before => [...before, module])
        onChoose([...new Set([...chosen, module.id])])
      },
    })
  const all = [...new Map([...known, ...added].map(module => [module.id, module])).values()]
  return (
    <div>
      {chooseTokenModule.error && <ErrorBox notice={toNotice(chooseTokenModule.error, t)} />}
      <Checkbox.Group
        label={t('settings.tokenModules')}
        description={t(all.length > 0 ? 'settings.tokenModulesNote' : 'settings.tokenModulesNone')}
        value={chosen}
        onChange={onChoose}
      >
        <Stack gap="xs" mt="xs">
          {all.map(({ id, path }) => (
            <Checkbox key={id} value={id} label={path} disabled={!changeable} />
          ))}
        </Stack>
      </Checkbox.Group>
      {changeable && (
        <Button variant="default" mt="xs" loading={chooseTokenModule.isPending} onClick={choose}>
          {t('settings.tokenModulesChoose')}
        </Button>
      )}
    </div>
  )
}
