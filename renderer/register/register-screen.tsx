import { ActionIcon, Badge } from '@mantine/core'
import { IconBook2, IconChevronLeft, IconChevronRight, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonItem } from '../../electron/api/contract/session.ts'
import { PrintDialog } from '../copies/print-dialog.tsx'
import { isoDay, money } from '../data/format.ts'
import { toNotice } from '../data/notice.ts'
import { useBooks, useRegisterActions, useRegisterRows, useYearCount } from '../data/register.ts'
import { Action } from '../design/action.tsx'
import { Answer } from '../design/answer.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorBox } from '../design/error-notice.tsx'
import { Screen } from '../design/screen.tsx'
import { ArchiveAction } from './archive-action.tsx'
import { BookPanel } from './book-panel.tsx'
import { daysOf, monthBeside, monthOf } from './month.ts'
import { RegisterTable } from './register-table.tsx'
import './register.css'

/** The register SCT/BS, a month at a time as it is printed, bound and stamped. */
export function RegisterScreen({ person }: { readonly person: PersonItem }) {
  const { t, i18n } = useTranslation()
  const [month, setMonth] = useState(() => monthOf(isoDay(new Date())))
  const { from, to } = daysOf(month)
  const rows = useRegisterRows(from, to)
  const books = useBooks()
  const year = Number(month.slice(0, 4))
  const count = useYearCount(year)
  const { print } = useRegisterActions()
  return (
    <Screen
      title={t('register.title')}
      subtitle={
        count.data && t('register.year', { year, n: count.data.certified, fees: money(count.data.fees, i18n.language) })
      }
      help="register"
      actions={
        <Action
          shortcut="mainAction"
          leftSection={<IconPrinter size={18} />}
          loading={print.isPending}
          onAct={() => print.mutate({ from, to })}
        >
          {t('register.print')}
        </Action>
      }
    >
      {print.error && <ErrorBox notice={toNotice(print.error, t)} />}
      <div className="register-tools">
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('register.before')}
          onClick={() => setMonth(monthBeside(month, -1))}
        >
          <IconChevronLeft size={18} />
        </ActionIcon>
        <output className="register-month">{t('register.month', { month: Number(month.slice(5)), year })}</output>
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={t('register.after')}
          onClick={() => setMonth(monthBeside(month, 1))}
        >
          <IconChevronRight size={18} />
        </ActionIcon>
        {books.data
          ?.filter(book => book.year === year)
          .map(book => (
            <Badge key={book.id} variant="light" color={book.closedAt ? 'gray' : 'blue'} size="lg" radius="sm">
              {t(book.closedAt ? 'register.bookClosed' : 'register.bookOpen', { label: book.label })}
            </Badge>
          ))}
        <ArchiveAction person={person} />
        <BookPanel person={person} books={books.data ?? []} year={year} />
      </div>
      <Answer query={rows}>
        {all =>
          all.length === 0 ? (
            <EmptyState icon={IconBook2} title={t('register.empty')} text={t('register.emptyText')} />
          ) : (
            <RegisterTable rows={all} />
          )
        }
      </Answer>
      {print.data && (
        <PrintDialog
          onClose={print.reset}
          title={t('register.printed', { month: `${Number(month.slice(5))}/${year}` })}
          label={t('register.title')}
          pdf={{ url: print.data.pdf, saveAs: `so-chung-thuc-${month}.pdf`, words: t('register.pdf') }}
          other={{ url: print.data.xlsx, saveAs: `so-chung-thuc-${month}.xlsx`, words: t('register.xlsx') }}
        />
      )}
    </Screen>
  )
}
