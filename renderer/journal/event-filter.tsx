import { Button, NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JournalFilter, JournalPart } from '../../electron/api/contract/journal.ts'
import { usePeople } from '../data/settings.ts'
import { DayInput } from '../design/day-input.tsx'

const PARTS: readonly JournalPart[] = ['receiving', 'signing', 'decisions', 'numbers', 'delivery', 'office', 'proof']
const PROGRAM = 'program'

/** Which days, whose, about which number, what kind. */
export function EventFilter({
  filter,
  onChange,
}: {
  readonly filter: JournalFilter
  readonly onChange: (filter: JournalFilter) => void
}) {
  const { t } = useTranslation()
  const people = usePeople()
  /** Fields that keep what was typed begin anew when the filter is taken away. */
  const [round, setRound] = useState(0)
  const set = <Field extends keyof JournalFilter>(field: Field, value: JournalFilter[Field] | undefined) => {
    const { [field]: _, ...rest } = filter
    onChange(value === undefined ? rest : { ...rest, [field]: value })
  }
  return (
    <search className="journal-filter" key={round}>
      <DayInput
        required={false}
        label={t('journal.from')}
        value={filter.from ?? null}
        onChange={day => set('from', day ?? undefined)}
      />
      <DayInput
        required={false}
        label={t('journal.to')}
        value={filter.to ?? null}
        onChange={day => set('to', day ?? undefined)}
      />
      <Select
        label={t('journal.person')}
        placeholder={t('journal.everybody')}
        clearable
        data={[
          ...(people.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          { value: PROGRAM, label: t('journal.program') },
        ]}
        value={filter.personId === null ? PROGRAM : (filter.personId ?? null)}
        onChange={id => set('personId', id === null ? undefined : id === PROGRAM ? null : id)}
      />
      <NumberInput
        label={t('journal.number')}
        hideControls
        allowDecimal={false}
        allowNegative={false}
        max={1_000_000}
        value={filter.number ?? ''}
        onChange={number => set('number', Number(number) || undefined)}
      />
      <Select
        label={t('journal.part')}
        placeholder={t('journal.everything')}
        clearable
        data={PARTS.map(part => ({ value: part, label: t(`journal.parts.${part}`) }))}
        value={filter.part ?? null}
        onChange={part =>
          set(
            'part',
            PARTS.find(each => each === part),
          )
        }
      />
      <Button
        variant="subtle"
        disabled={Object.keys(filter).length === 0}
        onClick={() => {
          onChange({})
          setRound(round + 1)
        }}
      >
        {t('journal.clear')}
      </Button>
    </search>
  )
}
