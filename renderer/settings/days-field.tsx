import { Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { parseDay, writtenDay } from '../design/written-day.ts'

/** Days, one a line, as they are written in Vietnam. Null while a line is no day. */
export function DaysField({
  label,
  description,
  days,
  onChange,
}: {
  readonly label: string
  readonly description: string
  /** yyyy-mm-dd */
  readonly days: readonly string[]
  readonly onChange: (days: readonly string[] | null) => void
}) {
  const { t } = useTranslation()
  const [text, setText] = useState(() => days.map(writtenDay).join('\n'))
  const parsed = daysOf(text)
  return (
    <Textarea
      label={label}
      description={description}
      autosize
      minRows={2}
      maxRows={8}
      placeholder={t('general.dayExample')}
      value={text}
      error={parsed === null && t('general.dayWrong')}
      onChange={event => {
        setText(event.currentTarget.value)
        onChange(daysOf(event.currentTarget.value))
      }}
    />
  )
}

/** The days of a text, in order, each once; null where a line is none. */
export function daysOf(text: string): readonly string[] | null {
  const lines = text.split('\n').flatMap(line => line.trim() || [])
  const days = lines.flatMap(line => parseDay(line) ?? [])
  return days.length === lines.length ? [...new Set(days)].sort() : null
}
