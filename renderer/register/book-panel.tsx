import { Button, Group, Menu, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BookItem } from '../../electron/api/contract/register.ts'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { toNotice } from '../data/notice.ts'
import { useRegisterActions, useYearCount } from '../data/register.ts'
import { Dialog } from '../design/dialog.tsx'
import { ErrorBox } from '../design/error-notice.tsx'

/** Opening the next book and closing the year; the office says who may. */
export function BookPanel({
  person,
  books,
  year,
}: {
  readonly person: PersonItem
  readonly books: readonly BookItem[]
  readonly year: number
}) {
  const { t } = useTranslation()
  const { openBook, nextBook, closeYear } = useRegisterActions()
  const [closing, setClosing] = useState(false)
  const error = openBook.error ?? nextBook.error ?? closeYear.error
  const open = books.some(book => book.closedAt === null)
  if (!person.roles.some(role => role !== 'officer')) return null
  return (
    <>
      <Menu shadow="md" position="bottom-start">
        <Menu.Target>
          <Button variant="subtle">{t('books.menu')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={open} onClick={() => openBook.mutate()}>
            {t('books.open')}
          </Menu.Item>
          <Menu.Item disabled={!open} onClick={() => nextBook.mutate()}>
            {t('books.next')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={() => setClosing(true)}>{t('books.closeYear', { year })}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {error && <ErrorBox notice={toNotice(error, t)} />}
      {closing && <CloseYear year={year} action={closeYear} onClose={() => setClosing(false)} />}
    </>
  )
}

function CloseYear({
  year,
  action,
  onClose,
}: {
  readonly year: number
  readonly action: ReturnType<typeof useRegisterActions>['closeYear']
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const count = useYearCount(year)
  return (
    <Dialog onClose={onClose} title={t('books.closeYear', { year })}>
      <Stack gap="sm">
        <p>{t('books.closeYearText')}</p>
        {count.data && <p>{t('books.count', { ...count.data })}</p>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('general.cancel')}
          </Button>
          <Button loading={action.isPending} onClick={() => action.mutate(year, { onSettled: onClose })}>
            {t('books.closeYear', { year })}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
