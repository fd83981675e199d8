import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { OfficeSettings } from '../../electron/api/contract/settings.ts'

type Exemption = OfficeSettings['feeExemptions'][number]

/** Who pays no fee, and which text says so. */
export function ExemptionsField({
  exemptions,
  onChange,
}: {
  readonly exemptions: readonly Exemption[]
  readonly onChange: (exemptions: readonly Exemption[]) => void
}) {
  const { t } = useTranslation()
  const change = (id: string, part: Partial<Exemption>) =>
    onChange(exemptions.map(each => (each.id === id ? { ...each, ...part } : each)))
  return (
    <fieldset className="settings-plain">
      <legend className="settings-label">{t('settings.exemptions.title')}</legend>
      <ul className="settings-lines">
        {exemptions.map(({ id, name, legalBasis }, index) => (
          <li key={id} className="settings-line">
            <TextInput
              label={t('settings.exemptions.name')}
              required
              maxLength={200}
              value={name}
              onChange={event => change(id, { name: event.currentTarget.value })}
            />
            <TextInput
              label={t('settings.exemptions.basis')}
              placeholder={t('settings.exemptions.basisExample')}
              required
              maxLength={300}
              value={legalBasis}
              onChange={event => change(id, { legalBasis: event.currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={t('settings.exemptions.remove', { n: index + 1 })}
              onClick={() => onChange(exemptions.filter(each => each.id !== id))}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={16} />}
        onClick={() => onChange([...exemptions, { id: crypto.randomUUID(), name: '', legalBasis: '' }])}
      >
        {t('settings.exemptions.add')}
      </Button>
    </fieldset>
  )
}
