import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { useJournalCheck } from '../data/journal.ts'
import { parseKnown } from './known-head.ts'

/** The last line of a printed register, typed or pasted, held against the journal. */
export function CompareKnown({ check }: { readonly check: ReturnType<typeof useJournalCheck> }) {
  const { t } = useTranslation()
  const [sequence, setSequence] = useState('')
  const [hash, setHash] = useState('')
  const known = parseKnown(sequence, hash)
  return (
    <form
      className="journal-compare not-on-paper"
      onSubmit={event => {
        event.preventDefault()
        if (known) check.check(known)
      }}
    >
      <h3>{t('journal.compare')}</h3>
      <div className="journal-fields">
        <TextInput
          size="xs"
          label={t('journal.compareEvent')}
          inputMode="numeric"
          autoComplete="off"
          maxLength={15}
          value={sequence}
          onChange={event => setSequence(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label={t('journal.compareHash')}
          autoComplete="off"
          spellCheck={false}
          maxLength={120}
          value={hash}
          onChange={event => setHash(event.currentTarget.value)}
        />
      </div>
      <p className="quiet">{t('journal.compareNote')}</p>
      <Button type="submit" variant="default" size="xs" disabled={!known || check.running}>
        {t('journal.compareGo')}
      </Button>
    </form>
  )
}
