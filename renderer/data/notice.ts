import type { TFunction } from 'i18next'
import type { ErrorNotice } from '../../electron/api/contract/common.ts'
import { noticeOf } from '../../electron/api/link.ts'

/** What to tell the person about any failure: the office's own sentence, else a general one. */
export function toNotice(error: unknown, t: TFunction): ErrorNotice {
  return (
    noticeOf(error) ?? { code: 'unexpected', what: t('general.unexpected.what'), todo: t('general.unexpected.todo') }
  )
}
