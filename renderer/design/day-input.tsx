import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { parseDay, writtenDay } from './written-day.ts'

/** A day as it is written in Vietnam, "22/11/2026": the browser's own field follows the system's language instead. Null while it is no day. */
export function DayInput({
  label,
  value,
  onChange,
  required = true,
}: {
  readonly label: string
  /** yyyy-mm-dd */
  readonly value: string | null
  readonly onChange: (day: string | null) => void
  readonly required?: boolean
}) {
  const { t } = useTranslation()
  const [text, setText] = useState(value === null ? '' : writtenDay(value))
  return (
    <TextInput
      label={label}
      required={required}
      inputMode="numeric"
      autoComplete="off"
      maxLength={10}
      placeholder={t('general.dayExample')}
      value={text}
      error={text !== '' && parseDay(text) === null && t('general.dayWrong')}
      onChange={event => {
        setText(event.currentTarget.value)
        onChange(parseDay(event.currentTarget.value))
      }}
    />
  )
}

/** An hour as "16:30". */
export function HourInput({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (hour: string) => void
}) {
  const { t } = useTranslation()
  return (
    <TextInput
      label={label}
      required
      inputMode="numeric"
      autoComplete="off"
      maxLength={5}
      placeholder={t('general.hourExample')}
      value={value}
      error={value !== '' && !HOUR.test(value) && t('general.hourWrong')}
      onChange={event => onChange(event.currentTarget.value)}
    />
  )
}

const HOUR = /^([01]\d|2[0-3]):[0-5]\d$/
