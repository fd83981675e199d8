import { Button, TextInput } from '@mantine/core'
import { IconBuildingBank, IconSchool } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useBackupActions } from '../data/backup.ts'
import { toNotice } from '../data/notice.ts'
import { useSessionActions } from '../data/session.ts'
import { ErrorBox } from '../design/error-notice.tsx'
import { Emblem } from './emblem.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { MakingPractice } from './making-practice.tsx'
import './start.css'

/** The very first screen: one click into the practice office, or the real office with its name and first administrator. */
export function FirstStart() {
  const { t } = useTranslation()
  const { startPractice, found } = useSessionActions()
  const [name, setName] = useState('')
  const [administrator, setAdministrator] = useState('')
  const { restore } = useBackupActions()
  const fault = startPractice.error ?? found.error ?? restore.error

  const submit = (event: FormEvent) => {
    event.preventDefault()
    found.mutate({ name: name.trim(), administrator: administrator.trim() })
  }

  return (
    <main className="start">
      <header className="start-head">
        <Emblem size={44} />
        <div>
          <h1>{t('start.title')}</h1>
          <p className="quiet">{t('start.subtitle')}</p>
        </div>
        <LanguageSwitch />
      </header>
      {fault && <ErrorBox notice={toNotice(fault, t)} />}
      <div className="start-ways">
        <section className="card start-way" aria-labelledby="practice-title">
          <IconSchool size={36} stroke={1.4} aria-hidden="true" />
          <h2 id="practice-title">{t('start.practice.title')}</h2>
          <p>{t('start.practice.text')}</p>
          <p className="quiet">{t('start.practice.note')}</p>
          <Button
            size="md"
            data-autofocus
            loading={startPractice.isPending}
            disabled={found.isPending}
            onClick={() => startPractice.mutate()}
          >
            {t('start.practice.go')}
          </Button>
          <MakingPractice pending={startPractice.isPending} />
        </section>
        <section className="card start-way" aria-labelledby="found-title">
          <IconBuildingBank size={36} stroke={1.4} aria-hidden="true" />
          <h2 id="found-title">{t('start.found.title')}</h2>
          <p>{t('start.found.text')}</p>
          <form onSubmit={submit} className="start-form">
            <TextInput
              label={t('start.found.office')}
              placeholder={t('start.found.officeExample')}
              required
              maxLength={300}
              value={name}
              onChange={event => setName(event.currentTarget.value)}
            />
            <TextInput
              label={t('start.found.administrator')}
              description={t('start.found.administratorNote')}
              required
              maxLength={300}
              value={administrator}
              onChange={event => setAdministrator(event.currentTarget.value)}
            />
            <Button
              type="submit"
              size="md"
              variant="default"
              loading={found.isPending}
              disabled={startPractice.isPending || name.trim() === '' || administrator.trim() === ''}
            >
              {t('start.found.go')}
            </Button>
          </form>
        </section>
      </div>
      <section className="card start-restore" aria-labelledby="restore-title">
        <div>
          <h2 id="restore-title">{t('start.restore.title')}</h2>
          <p className="quiet">{t('start.restore.text')}</p>
        </div>
        <Button
          variant="default"
          loading={restore.isPending}
          disabled={startPractice.isPending || found.isPending}
          onClick={() => restore.mutate()}
        >
          {t('start.restore.go')}
        </Button>
      </section>
    </main>
  )
}
