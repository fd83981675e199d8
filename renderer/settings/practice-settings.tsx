import { Button, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toNotice } from '../data/notice.ts'
import { usePractice, useSessionActions } from '../data/session.ts'
import { Dialog } from '../design/dialog.tsx'
import { DialogButtons } from '../design/dialog-buttons.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { MakingPractice } from '../shell/making-practice.tsx'

/** The way from a real office into the practice office and how to come back; in the practice office, the way to its first day. */
export function PracticeSettings() {
  const { t } = useTranslation()
  const practice = usePractice()
  const { startPractice, renewPractice } = useSessionActions()
  const [asked, setAsked] = useState(false)
  const practising = practice.data ?? null
  const error = startPractice.error ?? renewPractice.error
  if (practising && !practising.renewable) return null
  return (
    <section className="card" aria-labelledby="practice-title">
      <h2 id="practice-title">{t('settings.practice.title')}</h2>
      {error && <ErrorBox notice={toNotice(error, t)} />}
      <p>{t(practising ? 'settings.practice.renewText' : 'settings.practice.text')}</p>
      {!practising && <p className="quiet">{t('settings.practice.note')}</p>}
      <Group>
        {!practising && (
          <Button variant="default" loading={startPractice.isPending} onClick={() => startPractice.mutate()}>
            {t('settings.practice.go')}
          </Button>
        )}
        {(practising || error) && (
          <Button variant="default" loading={renewPractice.isPending} onClick={() => setAsked(true)}>
            {t('settings.practice.renew')}
          </Button>
        )}
      </Group>
      <MakingPractice pending={startPractice.isPending || renewPractice.isPending} />
      {asked && (
        <Dialog title={t('settings.practice.renew')} size="md" onClose={() => setAsked(false)}>
          <Stack gap="md">
            <p>{t('settings.practice.renewQuestion')}</p>
            <DialogButtons
              color="red"
              confirm={t('settings.practice.renewGo')}
              onClose={() => setAsked(false)}
              onConfirm={() => {
                setAsked(false)
                renewPractice.mutate()
              }}
            />
          </Stack>
        </Dialog>
      )}
    </section>
  )
}
