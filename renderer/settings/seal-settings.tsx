import { Alert, Button, Select } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OfficeItem } from '../../electron/api/contract/people.ts'
import { toNotice } from '../data/notice.ts'
import { useOffice, useSealProblem, useSettingsActions } from '../data/settings.ts'
import { Answer } from '../design/answer.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { PictureChoice } from './picture-choice.tsx'
import { useCertificateChoices } from './use-certificate-choices.ts'

/** The organisation's certificate and the picture of its seal. */
export function SealSettings({ administrator }: { readonly administrator: boolean }) {
  const { t } = useTranslation()
  const office = useOffice()
  return (
    <section className="card" aria-labelledby="seal-title">
      <h2 id="seal-title">{t('settings.seal.title')}</h2>
      <Answer query={office}>{saved => <Fields saved={saved} administrator={administrator} />}</Answer>
    </section>
  )
}

function Fields({ saved, administrator }: { readonly saved: OfficeItem; readonly administrator: boolean }) {
  const { t } = useTranslation()
  const { setSeal } = useSettingsActions()
  const [certificate, setCertificate] = useState(saved.sealCertificateSha256)
  const [picture, setPicture] = useState<File | null>(null)
  const choices = useCertificateChoices(administrator, certificate)
  const problem = useSealProblem(administrator ? certificate : null)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (certificate !== null) setSeal.mutate({ certificateSha256: certificate, picture })
  }
  return (
    <form onSubmit={save}>
      {setSeal.error && <ErrorBox notice={toNotice(setSeal.error, t)} />}
      <div className="settings-fields">
        <Select
          label={t('settings.seal.certificate')}
          placeholder={t('settings.person.certificateNone')}
          data={choices}
          value={certificate}
          disabled={!administrator}
          onChange={setCertificate}
        />
        <PictureChoice
          label={t('settings.seal.picture')}
          picture={picture}
          there={saved.hasSealImage}
          onChoose={administrator ? setPicture : null}
        />
      </div>
      {problem.data && (
        <Alert
          role="status"
          color="yellow"
          mt="md"
          icon={<IconAlertTriangle aria-hidden="true" />}
          title={problem.data.what}
        >
          {problem.data.todo}
        </Alert>
      )}
      {administrator && (
        <Button
          type="submit"
          mt="md"
          loading={setSeal.isPending}
          // What speaks against it is read before it is kept.
          disabled={certificate === null || problem.isLoading}
        >
          {t('general.save')}
        </Button>
      )}
    </form>
  )
}
