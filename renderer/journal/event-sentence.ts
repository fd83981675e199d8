import type { TFunction } from 'i18next'
import type { JournalAbout, JournalEvent } from '../../electron/api/contract/journal.ts'

/** An event in plain words: "Ký bản sao số 02 (01/2026-SCT/BS)". */
export function eventSentence({ action, code, about }: Pick<JournalEvent, 'action' | 'code' | 'about'>, t: TFunction) {
  return action === null
    ? t('journal.otherAction', { code })
    : t(`journal.action.${action}`, { what: nameOf(about, t) })
}

function nameOf(about: JournalAbout, t: TFunction): string {
  switch (about.kind) {
    case 'copy':
      return about.number === null
        ? t('journal.copyNamed', { title: about.title })
        : t('journal.copyNumbered', { number: about.number, book: about.book ?? '?' })
    case 'number':
      return `${about.number} (${about.book})`
    case 'request':
      return about.titles.join(', ') || '?'
    case 'person':
      return about.name
    case 'book':
      return about.label
    case 'setting':
      return settingName(about.name, t)
    case 'year':
      return about.year
    case 'office':
      return ''
  }
}

const SETTINGS = [
  'bookSymbol',
  'workdayEnds',
  'extraHolidays',
  'extraWorkdays',
  'feeExemptions',
  'statementPlacement',
  'sealDiameterMm',
  'claimMinutes',
  'clockGapDays',
] as const

function settingName(name: string, t: TFunction): string {
  const known = SETTINGS.find(each => each === name)
  return known ? t(`journal.setting.${known}`) : name
}
