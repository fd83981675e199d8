import { ActionIcon, Autocomplete, NumberInput, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { searchable } from '../data/format.ts'
import type { OriginalDraft } from './request-draft.ts'

/** One paper original on the desk. Common papers are offered while typing, with or without accents. */
export function OriginalFields({
  original,
  number,
  titleMissing,
  issuerMissing,
  onChange,
  onRemove,
}: {
  readonly original: OriginalDraft
  readonly number: number
  readonly titleMissing: boolean
  readonly issuerMissing: boolean
  readonly onChange: (part: Partial<OriginalDraft>) => void
  readonly onRemove?: () => void
}) {
  const { t } = useTranslation()
  return (
    <fieldset className="request-original">
      <legend className="visually-hidden">{t('request.original', { n: number })}</legend>
      <span className="request-number" aria-hidden="true">
        {number}
      </span>
      <Autocomplete
        id={`title-${original.key}`}
        label={t('request.paper')}
        required
        maxLength={1000}
        limit={8}
        data={t('request.papers').split('\n')}
        filter={({ options, search }) =>
          options.filter(option => 'label' in option && searchable(option.label).includes(searchable(search).trim()))
        }
        value={original.title}
        error={titleMissing && t('request.paperMissing')}
        onChange={title => onChange({ title })}
        openOnFocus={false}
      />
      <TextInput
        id={`issuer-${original.key}`}
        label={t('request.issuer')}
        required
        maxLength={1000}
        autoComplete="off"
        value={original.issuer}
        error={issuerMissing && t('request.issuerMissing')}
        onChange={event => onChange({ issuer: event.currentTarget.value })}
      />
      <NumberInput
        label={t('request.copies')}
        min={1}
        max={10_000}
        allowDecimal={false}
        allowNegative={false}
        clampBehavior="strict"
        value={original.copyCount}
        onChange={value => onChange({ copyCount: Number(value) || 1 })}
      />
      {onRemove && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('request.remove', { n: number })}
          onClick={onRemove}
        >
          <IconTrash size={18} />
        </ActionIcon>
      )}
    </fieldset>
  )
}
