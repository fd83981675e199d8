import { Checkbox, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { toNotice } from '../data/notice.ts'
import { useSavePerson } from '../data/settings.ts'
import { Dialog } from '../design/dialog.tsx'
import { DialogButtons } from '../design/dialog-buttons.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { PictureChoice } from './picture-choice.tsx'
import { useCertificateChoices } from './use-certificate-choices.ts'

type Role = PersonItem['roles'][number]
const ROLES = ['officer', 'signer', 'clerk', 'admin'] as const satisfies readonly Role[]

/** A new person, or changes to one. The signer's certificate is chosen from the tokens that are plugged in. */
export function PersonDialog({
  person,
  onClose,
}: {
  readonly person: PersonItem | null
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const { mutate, error, isPending } = useSavePerson(person?.id ?? null)
  const [name, setName] = useState(person?.name ?? '')
  const [roles, setRoles] = useState<readonly Role[]>(person?.roles ?? ['officer'])
  const [title, setTitle] = useState(person?.signerTitle.join('\n') ?? '')
  const [certificate, setCertificate] = useState(person?.certificateSha256 ?? null)
  const [picture, setPicture] = useState<File | null>(null)
  const [active, setActive] = useState(person?.active ?? true)
  const signs = roles.includes('signer')
  const certificates = useCertificateChoices(signs, certificate)
  const save = () =>
    mutate(
      {
        name: name.trim(),
        roles: [...roles],
        signerTitle: title.split('\n').flatMap(line => line.trim() || []),
        certificateSha256: certificate,
        active,
        picture: signs ? picture : null,
      },
      { onSuccess: onClose },
    )
  return (
    <Dialog onClose={onClose} title={t(person ? 'settings.person.changeTitle' : 'settings.person.add')}>
      <Stack gap="sm">
        {error && <ErrorBox notice={toNotice(error, t)} />}
        <TextInput
          data-autofocus
          required
          maxLength={300}
          label={t('settings.person.name')}
          value={name}
          onChange={event => setName(event.currentTarget.value)}
        />
        <Checkbox.Group
          label={t('settings.person.roles')}
          value={[...roles]}
          onChange={values => setRoles(ROLES.filter(role => values.includes(role)))}
        >
          <Stack gap="xs" mt="xs">
            {ROLES.map(role => (
              <Checkbox key={role} value={role} label={t(`role.${role}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
        {signs && (
          <>
            <Textarea
              label={t('settings.person.title')}
              description={t('settings.person.titleNote')}
              autosize
              minRows={1}
              maxRows={4}
              value={title}
              onChange={event => setTitle(event.currentTarget.value.toLocaleUpperCase('vi'))}
            />
            <Select
              label={t('settings.person.certificate')}
              placeholder={t('settings.person.certificateNone')}
              clearable
              data={certificates}
              value={certificate}
              onChange={setCertificate}
            />
            <PictureChoice
              label={t('settings.person.picture')}
              picture={picture}
              there={person?.hasSignatureImage ?? false}
              onChoose={setPicture}
            />
          </>
        )}
        {person && (
          <Switch
            label={t('settings.person.active')}
            checked={active}
            onChange={event => setActive(event.currentTarget.checked)}
          />
        )}
        <DialogButtons
          onClose={onClose}
          confirm={t('general.save')}
          onConfirm={save}
          disabled={name.trim() === '' || roles.length === 0}
          loading={isPending}
        />
      </Stack>
    </Dialog>
  )
}
